import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { compiledName, findCompiled, loadCompiled } from "../../../cmd/hanzod/bundle.ts";

const HANZOD = fileURLToPath(new URL("../../../cmd/hanzod", import.meta.url));

/** A program that says where it was run from, module by module, in files or in one. */
const module = (place: string): string => `export const run = async () => void process.stdout.write("${place}");`;
const oneFile = `(function (exports, require, module, __filename, __dirname) {
module.exports = { run: async () => void process.stdout.write("one file of " + require("node:path").basename(__dirname)) };
})`;

async function withProgram(
  use: (root: string, write: (path: string, content: string | Uint8Array) => Promise<void>, ran: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "hanzo-bundle-"));
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  try {
    await write("package.json", '{ "type": "module" }');
    await write("dist/cmd/hanzod/run.js", module("modules"));
    for (const name of ["main.js", "bundle.js"]) await cp(join(HANZOD, name), join(root, "dist/cmd/hanzod", name));
    await write("dist/.tsbuildinfo", "one build");
    await use(root, write, async () => (await promisify(execFile)(process.execPath, [join(root, "dist/cmd/hanzod/main.js")])).stdout);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

test("the program runs out of its bundle only where that was made of the very build that is compiled", async () => {
  await withProgram(async (_root, write, ran) => {
    assert.equal(await ran(), "modules", "there is no bundle");
    await write("dist/bundle/run.js", module("files"));
    await write("dist/bundle/run.cjs", oneFile);
    await write(`dist/bundle/${compiledName()}`, "");
    assert.equal(await ran(), "modules", "nothing says what the bundle was made of");
    await write("dist/bundle/built", sha256("one build"));
    assert.equal(await ran(), "one file of bundle");
    await write("dist/.tsbuildinfo", "another build");
    assert.equal(await ran(), "modules", "the bundle is an old one");
  });
});

test("one file is run only where something was compiled for this V8 and its flags, and whatever that is worth", async () => {
  await withProgram(async (root, write, ran) => {
    await write("dist/bundle/run.js", module("files"));
    await write("dist/bundle/run.cjs", oneFile);
    await write("dist/bundle/built", sha256("one build"));
    assert.equal(await ran(), "files", "nothing is compiled");
    await write("dist/bundle/run-0.cache", "of another V8");
    assert.equal(await ran(), "files");
    await write(`dist/bundle/${compiledName()}`, "damaged");
    assert.equal(await ran(), "one file of bundle", "V8 refuses damaged code and compiles");
    const folder = pathToFileURL(join(root, "dist/bundle/"));
    const refused = loadCompiled(folder, findCompiled(folder));
    assert.equal(refused.script.cachedDataRejected, true);
    await write(`dist/bundle/${compiledName()}`, refused.script.createCachedData());
    assert.equal(loadCompiled(folder, findCompiled(folder)).script.cachedDataRejected, false);
    assert.equal(await ran(), "one file of bundle");
  });
});

test("the build has compiled the program for the flags of its first line and for none", async () => {
  const folder = pathToFileURL(join(HANZOD, "../../bundle/"));
  const script = `const { findCompiled, loadCompiled } = await import(${JSON.stringify(pathToFileURL(join(HANZOD, "bundle.js")).href)});
    const folder = new URL(${JSON.stringify(folder.href)});
    process.stdout.write(String(loadCompiled(folder, findCompiled(folder)).script.cachedDataRejected));`;
  for (const flags of [["--max-semi-space-size=64"], []]) {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--input-type=module", "-e", script]);
    assert.equal(stdout, "false", flags.join(" "));
  }
});
