// The bundle for browsers needs nothing of Node, neither when it is linked nor when it runs.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createContext, runInContext } from "node:vm";
import { build, type Metafile, transform } from "esbuild";

const root = new URL("../../../../", import.meta.url);
const BUILTINS = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

interface ClientBuild {
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly gzipBytes: number }[];
  readonly metafile: Metafile;
}

describe("the bundle for browsers", () => {
  let folder: string;
  let built: ClientBuild;
  let bundle: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "hz-client-"));
    const { buildClient } = (await import(new URL("tools/build/client.mjs", root).href)) as {
      buildClient(outdir: string): Promise<ClientBuild>;
    };
    built = await buildClient(folder);
    bundle = join(folder, "hanzo-client.js");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("imports no built-in of Node, and no empty stand-in for one", () => {
    const inputs = Object.entries(built.metafile.inputs);
    assert.ok(inputs.length > 100, "the inputs were found");
    assert.deepEqual(
      inputs.flatMap(([file, { imports }]) =>
        imports.filter(({ path, external }) => external || BUILTINS.has(path)).map(({ path }) => `${file}: ${path}`),
      ),
      [],
    );
    assert.deepEqual(
      inputs.map(([file]) => file).filter((file) => file.startsWith("(disabled)")),
      [],
    );
    for (const { imports } of Object.values(built.metafile.outputs))
      assert.deepEqual(
        imports.filter(({ external }) => external),
        [],
      );
  });

  it("refers to no global of Node", async () => {
    for (const name of ["Buffer", "process", "require", "module", "__dirname", "setImmediate"]) {
      const marker = `nodeGlobal_${name}`;
      const marked = await transform(readFileSync(bundle, "utf8"), { define: { [name]: marker }, format: "esm" });
      assert.ok(!marked.code.includes(marker), `${name} is used`);
    }
  });

  it("is made of sources of this project that know no global of Node", () => {
    const own = Object.keys(built.metafile.inputs).filter((file) => !file.startsWith("node_modules/"));
    assert.ok(own.includes("app/client/connect.ts"));
    for (const file of own) assert.doesNotMatch(readFileSync(new URL(file, root), "utf8"), /\b(Buffer|process)\s*[.[(]|["']node:/, file);
  });

  it("signs a purchase where only a browser's globals exist", async () => {
    const script = await build({ entryPoints: [bundle], bundle: true, format: "iife", globalName: "hanzo", write: false });
    const context = createContext({ TextEncoder, TextDecoder, URL, atob, btoa, crypto, console: undefined });
    runInContext("globalThis.self = globalThis", context);
    runInContext(script.outputFiles[0]?.text ?? "", context);
    const signed = runInContext(
      `const registry = hanzo.createHanzoRegistry();
       const value = { sender: "hanzo1x", poolId: "gpu", creditIn: "5", minOut: "0" };
       const bytes = registry.encode({ typeUrl: "/hanzo.hmm.v1.MsgSwap", value });
       const amino = hanzo.createHanzoAminoTypes(registry).toAmino({ typeUrl: "/hanzo.hmm.v1.MsgSwap", value });
       JSON.stringify({ length: bytes.length, amino })`,
      context,
    ) as string;
    assert.deepEqual(JSON.parse(signed), {
      length: 20,
      amino: { type: "hanzo/hmm/MsgSwap", value: { sender: "hanzo1x", pool_id: "gpu", credit_in: "5", min_out: "0" } },
    });
    assert.equal(runInContext("[typeof Buffer, typeof process, typeof require].join()", context), "undefined,undefined,undefined");
  });

  it("is told with its sizes", () => {
    const client = built.files.find(({ path }) => path === bundle) ?? assert.fail(`${bundle} expected`);
    assert.ok(client.bytes > 100_000 && client.gzipBytes < client.bytes);
    assert.ok(client.gzipBytes < 512 * 1024, `at most 512 KiB compressed expected, got ${client.gzipBytes} bytes`);
  });
});
