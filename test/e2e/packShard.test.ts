// A prior is packed in a page of a real browser, and the bytes are those that Node makes.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { packShard } from "../../app/client/experience/packShard.ts";
import { PINNED_SHARD, pinnedMatrix } from "../unit/client/experience/pinnedMatrix.ts";
import { type BrowserPage, openBrowser } from "./harness/browser.ts";
import { CHECKOUT } from "./harness/nodeProcess.ts";

describe("packing in a browser", () => {
  let folder: string;
  let page: BrowserPage;
  let origin: string;
  let bundle: Buffer;
  const server = createServer((request, response) => {
    const isBundle = request.url === "/hanzo-client.js";
    response.setHeader("content-type", isBundle ? "text/javascript" : "text/html").end(isBundle ? bundle : "<!doctype html><body></body>");
  });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hz-pack-"));
    const { buildClient } = (await import(new URL("tools/build/client.mjs", `file://${CHECKOUT}`).href)) as {
      buildClient(outdir: string): Promise<unknown>;
    };
    await buildClient(folder);
    bundle = await readFile(join(folder, "hanzo-client.js"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    page = await openBrowser();
    await page.open(`${origin}/`);
  });
  after(async () => {
    await page?.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("gives the same identifier, roots and bytes as in Node", async () => {
    const here = packShard(pinnedMatrix());
    const there = await page.evaluate<Record<string, string>>(`(async () => {
      const { packShard, openSourceRow, verifySourceRow } = await import("/hanzo-client.js");
      ${pinnedMatrix.toString()}
      const packed = packShard(pinnedMatrix());
      const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const opens = verifySourceRow(packed.sourceRoot, packed.shape, openSourceRow(packed, 77));
      return { cid: packed.cidText, merkleRoot: hex(packed.merkleRoot), sourceRoot: hex(packed.sourceRoot), shard: hex(packed.shard), opens: String(opens) };
    })()`);
    assert.deepEqual(there, { ...PINNED_SHARD, shard: Buffer.from(here.shard).toString("hex"), opens: "true" });
  });

  it("refuses NaN with its place, there too", async () => {
    const says = await page.evaluate<string>(`import("/hanzo-client.js").then(({ packShard }) => {
      const matrix = new Float32Array(256 * 384);
      matrix[385] = NaN;
      try { packShard(matrix); return "taken"; } catch (error) { return error.codespace + "/" + error.code + ": " + error.message; }
    })`);
    assert.equal(says, "client/1: row 1, column 1: a finite number expected, got NaN");
  });
});
