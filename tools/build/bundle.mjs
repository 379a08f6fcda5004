// Bundles the program out of what tsc has compiled, in two forms. Hundreds of modules take half a second to find, read and link; a few files do not.
//   dist/bundle/run.cjs          the program as one file, with what V8 compiled of it in run-<tag>.cache, for the flags that it is started with
//   dist/bundle/run.js and more  the program in files that are loaded as they are needed, where no such code fits, and its threads
// main.ts uses them while `built` names the build that they were made of.
//   node tools/build/bundle.mjs             everything
//   node tools/build/bundle.mjs --compile   only the code of this V8, for a build that another Node made
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dist = join(root, "dist");
const outdir = join(dist, "bundle");
const PROGRAM = "cmd/hanzod/run.js";
/** Files that are started as threads. */
const THREADS = [
  "cmd/hanzod/app/queryThread.js",
  "app/threads/signatureThread.js",
  "app/statesync/snapshotThread.js",
  "app/route/routeWorker.js",
];
/** Packages that are native, or CommonJS that looks for files of its own. */
const EXTERNAL = ["@salto-io/rocksdb", "secp256k1", "fastify", "@fastify/*", "@grpc/*", "ws", "@cosmjs/*"];
/** How the program is started: as its first line says, and by those who leave the flag out. */
const FLAGS = [["--max-semi-space-size=64"], []];

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** In the bundle a file still finds what lies beside it in dist; one that starts itself as a thread finds its bundled self. */
const ownPlace = (folder) => ({
  name: "own place",
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const place = relative(dist, path);
      if (place.startsWith("..")) return undefined;
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta")) return undefined;
      const file = [PROGRAM, ...THREADS].includes(place) ? `./${basename(place)}` : `../${place}`;
      const contents = text
        .replaceAll("import.meta.url", `new URL(${JSON.stringify(file)}, ${folder.url}).href`)
        .replaceAll("import.meta.dirname", `(${folder.path} + ${JSON.stringify(`/../${dirname(place)}`)})`);
      return { contents, loader: "js" };
    });
  },
});

const common = { absWorkingDir: dist, bundle: true, platform: "node", target: "node20", logLevel: "error" };

async function bundleFiles() {
  await build({
    ...common,
    entryPoints: [PROGRAM, ...THREADS],
    entryNames: "[name]",
    outdir,
    splitting: true,
    format: "esm",
    external: [...EXTERNAL, "pino", "prom-client"],
    plugins: [ownPlace({ url: "import.meta.url", path: "import.meta.dirname" })],
    // CommonJS within asks for Node's modules with require.
    banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
  });
}

async function bundleOneFile() {
  const file = join(outdir, "run.cjs");
  await build({
    ...common,
    entryPoints: [PROGRAM],
    outfile: file,
    format: "cjs",
    external: EXTERNAL,
    plugins: [ownPlace({ url: 'require("node:url").pathToFileURL(__filename)', path: "__dirname" })],
    // As Node wraps a CommonJS file, so that it is evaluated as it is; with what loads modules while it runs.
    banner: { js: "(function (exports, require, module, __filename, __dirname, $import) {" },
    footer: { js: "})" },
  });
  // Read as one byte per character, which takes half the memory and time. esbuild leaves comments and regular expressions as they were written.
  const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  // V8 of Node 20 forgets who loads modules for code that it did not compile itself: the file says so by a name.
  const text = readFileSync(file, "utf8")
    .replaceAll(/[\u0080-\uffff]/g, escaped)
    .replaceAll(/\bawait import\(/g, "await $import(");
  const left = text.split("\n").find((line) => /(?<![$\w])import\(/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line));
  if (left !== undefined) throw new Error(`${file}: expected imports while it runs as "await import(…)", got ${left.trim()}`);
  // Its name at the end tells which compiled code is of it.
  writeFileSync(file, `${text}//${sha256(text)}`);
}

/** V8's code is of one V8 and its flags: made by the Node that runs this, in processes with the flags. */
async function compile() {
  const script = join(root, "tools/build/compile.mjs");
  await Promise.all(FLAGS.map((flags) => promisify(execFile)(process.execPath, [...flags, script])));
}

if (process.argv.includes("--compile")) {
  await compile();
  process.exit();
}
rmSync(outdir, { recursive: true, force: true });
await Promise.all([bundleFiles(), bundleOneFile()]);
await compile();
writeFileSync(join(outdir, "built"), sha256(readFileSync(join(dist, ".tsbuildinfo"))));
