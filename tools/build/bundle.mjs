// Bundles the program: dist/bundle/run.js and the files of its threads, out of what tsc has compiled. Hundreds of modules take half a second to
// find, read and link; a few files do not. main.ts uses the bundle while `built` names the build that it was made of.
//   node tools/build/bundle.mjs
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dist = join(root, "dist");
const outdir = join(dist, "bundle");
/** The program, and files that are started as threads. */
const ENTRIES = [
  "cmd/hanzod/run.js",
  "cmd/hanzod/app/queryThread.js",
  "app/threads/signatureThread.js",
  "app/statesync/snapshotThread.js",
  "app/route/routeWorker.js",
];
/** Packages that are native, or CommonJS that looks for files of its own. */
const EXTERNAL = ["@salto-io/rocksdb", "secp256k1", "pino", "fastify", "@fastify/*", "@grpc/*", "prom-client", "ws", "@cosmjs/*"];

/** In the bundle a file still finds what lies beside it in dist; one that starts itself as a thread finds its bundled self. */
const ownPlace = {
  name: "own place",
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const place = relative(dist, path);
      if (place.startsWith("..")) return undefined;
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta")) return undefined;
      const file = ENTRIES.includes(place) ? `./${basename(place)}` : `../${place}`;
      const contents = text
        .replaceAll("import.meta.url", `new URL(${JSON.stringify(file)}, import.meta.url).href`)
        .replaceAll("import.meta.dirname", `(import.meta.dirname + ${JSON.stringify(`/../${dirname(place)}`)})`);
      return { contents, loader: "js" };
    });
  },
};

rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: dist,
  entryPoints: ENTRIES,
  entryNames: "[name]",
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: EXTERNAL,
  plugins: [ownPlace],
  // CommonJS within asks for Node's modules with require.
  banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
  logLevel: "error",
});
const built = createHash("sha256")
  .update(readFileSync(join(dist, ".tsbuildinfo")))
  .digest("hex");
writeFileSync(join(outdir, "built"), built);
