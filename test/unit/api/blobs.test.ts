// Content blocks over the REST API: raw bytes that never change, and plain refusals.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { MAX_URL_LENGTH } from "../../../app/api/limits.ts";
import { createRestServer } from "../../../app/api/rest.ts";
import { contentIdOf } from "../../../app/content/contentId.ts";
import { ContentStore } from "../../../app/content/contentStore.ts";
import { CONTENT_PATH, fetchContent } from "../../../app/content/fetchContent.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { contentBlobs } from "../../../cmd/hanzod/app/nodeContent.ts";
import { sendRaw } from "../../../cmd/hanzod/selftest/recording/rawRequest.ts";
import { ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";

const bytes = Uint8Array.from({ length: 12_544 }, (_, at) => (at * 7) & 255);

describe("content blocks of the REST API", () => {
  let folder: string;
  let store: ContentStore;
  let server: FastifyInstance;
  let bare: FastifyInstance;
  let base: string;
  let cid: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hz-blobs-"));
    store = await ContentStore.open({ path: folder, maxBytes: 1_000_000 });
    ({ cid } = await store.put(bytes));
    const options = {
      descriptors: descriptors(),
      services: hanzoServices,
      allowAnyOrigin: true,
      query: async () => ResponseQuery.fromPartial({ height: 1n }),
      chain: TEST_FACTS,
    };
    server = await createRestServer({ ...options, blobs: contentBlobs(Promise.resolve(store)) });
    bare = await createRestServer(options);
    base = await server.listen({ host: "127.0.0.1", port: 0 });
  });
  after(async () => {
    await server?.close();
    await bare?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const get = (name: string, headers: Record<string, string> = {}) => fetch(base + CONTENT_PATH + name, { headers });

  it("are raw bytes that caches may keep and browsers only save", async () => {
    const answer = await get(cid);
    assert.equal(answer.status, 200);
    const { headers } = answer;
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(bytes));
    assert.deepEqual(
      [
        "content-type",
        "content-length",
        "cache-control",
        "etag",
        "content-disposition",
        "x-content-type-options",
        "content-security-policy",
      ].map((name) => headers.get(name)),
      [
        "application/vnd.ipld.raw",
        "12544",
        "public, max-age=31536000, immutable",
        `"${cid}"`,
        `attachment; filename="${cid}.bin"`,
        "nosniff",
        "default-src 'none'; sandbox",
      ],
    );
    assert.equal(headers.get("access-control-allow-origin"), "*");
  });

  it("are told by HEAD without bytes, and not sent again to who has them", async () => {
    const head = await fetch(base + CONTENT_PATH + cid, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-length"), (await head.arrayBuffer()).byteLength], [200, "12544", 0]);
    const known = await get(cid, { "if-none-match": `"${cid}"` });
    assert.deepEqual([known.status, (await known.arrayBuffer()).byteLength], [304, 0]);
    assert.equal((await get(cid, { "if-none-match": '"other"' })).status, 200);
  });

  it("that are not kept are 404, and what is no identifier is 400", async () => {
    const other = contentIdOf(Uint8Array.of(1));
    const missing = await get(other);
    assert.deepEqual([missing.status, await missing.json()], [404, { code: 5, message: `block ${other} is not kept here`, details: [] }]);
    for (const name of ["", "x", "..%2f..%2fetc%2fpasswd", cid.toUpperCase(), `${cid}/`, `${cid}a`, "b".repeat(5000)]) {
      const answer = await get(name);
      assert.equal(answer.status, 400, name);
      assert.equal(((await answer.json()) as { readonly code: number }).code, 3);
    }
    const long = await sendRaw(base, { method: "GET", path: CONTENT_PATH.padEnd(MAX_URL_LENGTH + 1, "b") });
    assert.match(long.text, /a URL of at most/);
    assert.equal((await fetch(base + CONTENT_PATH + cid, { method: "POST" })).status, 501);
  });

  it("that are damaged are not given out, and not kept", async () => {
    const block = await store.put(Uint8Array.of(1, 2, 3));
    await writeFile(join(folder, block.cid.slice(-2), block.cid), "xyz");
    assert.equal((await get(block.cid)).status, 404);
    assert.equal(store.has(block.cid), false);
  });

  it("are fetched from one node by another", async () => {
    assert.deepEqual(Buffer.from(await fetchContent(base, cid)), Buffer.from(bytes));
  });

  it("are an unknown path of a node that keeps none", async () => {
    const other = await bare.listen({ host: "127.0.0.1", port: 0 });
    assert.equal((await fetch(other + CONTENT_PATH + cid)).status, 501);
  });
});
