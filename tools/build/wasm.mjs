// Compiles AssemblyScript to WebAssembly, when it changed.
// - app/**/assembly/*.ts: one module for each file, beside the compiled JavaScript
// - gpu-kernels/**/assembly/: one module of all files, as text in a TypeScript file, so that pages and workers need nothing to read it from
//   node tools/build/wasm.mjs
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const OPTIONS = [
  "--optimizeLevel",
  "3",
  "--shrinkLevel",
  "0",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--enable",
  "bulk-memory",
];
/** Where the module of the kernels goes: before compiling TypeScript, which reads it. */
const KERNELS = "gpu-kernels/backends/wasm/assembly";
const KERNELS_CODE = "gpu-kernels/backends/wasm/gen/code.ts";

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && (entry.parentPath ?? entry.path).endsWith("/assembly"))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** Compiles sources to one module and writes it with `write`, unless the target is of these sources already. */
async function compile(inputs, target, write) {
  const stamp = join(root, "dist", `${target.replace(/^dist\//, "")}.from`);
  const hash = createHash("sha256").update(asc.version).update(OPTIONS.join(" "));
  for (const input of inputs) hash.update(readFileSync(join(root, input)));
  const from = hash.digest("hex");
  if (existsSync(join(root, target)) && existsSync(stamp) && readFileSync(stamp, "utf8") === from) return;
  let code;
  const { error, stderr } = await asc.main([...inputs, "--outFile", "module.wasm", "--baseDir", root, ...OPTIONS], {
    writeFile: (name, contents) => {
      if (name === "module.wasm") code = contents;
    },
  });
  if (error !== null) {
    console.error(stderr.toString());
    process.exit(1);
  }
  for (const path of [join(root, target), stamp]) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(join(root, target), write(code));
  writeFileSync(stamp, from);
}

for (const source of sources("app")) await compile([source], join("dist", source.replace(/\.ts$/, ".wasm")), (code) => code);
await compile(
  sources(KERNELS),
  KERNELS_CODE,
  (code) => `// Made by tools/build/wasm.mjs.\nexport const CODE =\n  "${Buffer.from(code).toString("base64")}";\n`,
);
