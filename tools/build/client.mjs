// Bundles the client for browsers: dist/browser/hanzo-client.js and the pages that stand on it.
//   node tools/build/client.mjs            build and say how large the result is
//   node tools/build/client.mjs --quiet    build only
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Bundle by entry; further ones are pages. */
const ENTRIES = {
  "hanzo-client": "app/client/index.ts",
  "wallet/wallet": "web/wallet/main.ts",
  "home/home": "web/home/main.ts",
  "api/api": "web/api/main.ts",
};
/** Files of pages that are served as they are written. */
const FILES = ["wallet/index.html", "wallet/wallet.css", "home/index.html", "home/home.css", "api/index.html", "api/api.css"];
/** Swagger UI as its authors build it, from the package that carries it without its telemetry (docs/DEPENDENCIES.md). */
const SWAGGER_UI = "node_modules/@fastify/swagger-ui/static";
const SWAGGER_UI_FILES = ["swagger-ui-bundle.js", "swagger-ui.css"];

/**
 * Bundles for browsers. A Node built-in anywhere below the entries is an error of the build: nothing stands in for it.
 * @param {string} outdir folder that gets the files
 * @returns files with sizes in bytes, raw and compressed, and the inputs as esbuild saw them
 */
export async function buildClient(outdir) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["source"],
    // Packages ask whether Node's globals exist: in a browser they do not, and what only Node would run is left out.
    define: { Buffer: "undefined", process: "undefined" },
    minify: true,
    sourcemap: "linked",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  mkdirSync(outdir, { recursive: true });
  const files = [];
  for (const { path, contents } of result.outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
    if (path.endsWith(".js")) files.push({ path, bytes: contents.length, gzipBytes: gzipSync(contents).length });
  }
  for (const file of FILES) copyFileSync(join(root, "web", file), join(outdir, file));
  for (const file of SWAGGER_UI_FILES) copyFileSync(join(root, SWAGGER_UI, file), join(outdir, "api", file));
  return { files, metafile: result.metafile };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { files } = await buildClient(join(root, "dist/browser"));
  if (!process.argv.includes("--quiet"))
    for (const { path, bytes, gzipBytes } of files)
      console.log(`${relative(root, path)}: ${(bytes / 1024).toFixed(0)} KiB, ${(gzipBytes / 1024).toFixed(0)} KiB compressed`);
}
