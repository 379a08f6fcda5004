// Compiles every app/**/assembly/*.ts (AssemblyScript) to the .wasm file beside the compiled JavaScript, when it changed.
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

function sources() {
  return readdirSync(join(root, "app"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && (entry.parentPath ?? entry.path).endsWith("/assembly"))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

for (const source of sources()) {
  const target = join(root, "dist", source.replace(/\.ts$/, ".wasm"));
  const stamp = `${target}.from`;
  const from = createHash("sha256")
    .update(asc.version)
    .update(OPTIONS.join(" "))
    .update(readFileSync(join(root, source)))
    .digest("hex");
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === from) continue;
  mkdirSync(dirname(target), { recursive: true });
  const { error, stderr } = await asc.main([source, "--outFile", target, "--baseDir", root, ...OPTIONS]);
  if (error !== null) {
    console.error(stderr.toString());
    process.exit(1);
  }
  writeFileSync(stamp, from);
}
