// Writes what V8 compiles of dist/bundle/run.cjs, for the flags of this process. V8 compiles a function when it is called first: so a chain of all
// modules is simulated for some blocks, and the code of it is in the file.
//   node [flags] tools/build/compile.mjs
import { rename, writeFile } from "node:fs/promises";
import { compiledName, loadBundle, readBundle, sealCompiled } from "../../dist/cmd/hanzod/bundle.js";

const BLOCKS = 12;
const folder = new URL("../../dist/bundle/", import.meta.url);
const source = readBundle(folder);
const { program, script } = loadBundle(folder, { source });
process.argv.splice(2, Infinity, "sim", "chain", "--blocks", String(BLOCKS), "--json");
await program.run();
if (process.exitCode !== undefined && process.exitCode !== 0) throw new Error(`the simulation ended with ${process.exitCode}`);
const file = new URL(compiledName(), folder);
// Where flags make no other code, two processes write the same file at once: each its own draft.
const draft = new URL(`${file.href}.${process.pid}.new`);
await writeFile(draft, sealCompiled(source, script.createCachedData()));
await rename(draft, file);
