// The kernels in a page: bundled without anything of Node, run in a context that has only what browsers have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** Libraries of optional backends: a page that wants one brings it itself. */
const OPTIONAL = ["webgpu", "@tensorflow/*"];

test("a page packs a shard, opens the backend in WebAssembly and aggregates, with nothing of Node", async () => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `
        import { aggregate, cidText, compressSync, openKernels, quantise, SCHEMA_V1 } from "#kernels";
        globalThis.done = (async () => {
          const shard = compressSync(quantise(Float32Array.from({ length: 256 * 384 }, (_, at) => Math.sin(at))), SCHEMA_V1);
          const { kernels } = await openKernels({ prefer: ["wasm"] });
          const { noCore, cid } = await aggregate(kernels, [shard.bytes, shard.bytes], Int32Array.of(3, 4), SCHEMA_V1);
          return JSON.stringify({ name: kernels.name, bytes: shard.bytes.length, noCore, cid: cidText(cid) });
        })();`,
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    conditions: ["source"],
    external: OPTIONAL,
    minify: true,
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const builtin = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ path }) => path.startsWith("node:")));
  assert.deepEqual(builtin, []);
  const page = createContext({ atob });
  runInContext(outputFiles[0]?.text ?? "", page);
  const result = JSON.parse(await (page as { done: Promise<string> }).done);
  assert.deepEqual({ ...result, cid: result.cid.slice(0, 7) }, { name: "wasm", bytes: 12_544, noCore: false, cid: "bafkrei" });
  assert.ok((outputFiles[0]?.contents.length ?? 0) < 64 * 1024, `${outputFiles[0]?.contents.length} bytes`);
});
