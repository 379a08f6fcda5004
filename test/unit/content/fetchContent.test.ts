// Blocks over HTTP: whoever serves them need not be trusted.
import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { contentIdOf } from "../../../app/content/contentId.ts";
import { fetchContent } from "../../../app/content/fetchContent.ts";

const bytes = new TextEncoder().encode("what was asked for");
const cid = contentIdOf(bytes);

describe("fetching a block", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const refused = (code: number, says: RegExp) => (error: { codespace: string; code: number; detail: string }) => {
    assert.deepEqual([error.codespace, error.code], ["content", code], error.detail);
    assert.match(error.detail, says);
    return true;
  };

  it("asks a node under its own path, and a gateway under the one that was given", async () => {
    const asked: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url);
      response.end(bytes);
    });
    for (const from of [origin, `${origin}/`, `${origin}/ipfs`, `${origin}/ipfs/`])
      assert.deepEqual(Buffer.from(await fetchContent(from, cid)), Buffer.from(bytes));
    const node = `/hanzo/experience/content/${cid}`;
    assert.deepEqual(asked, [node, node, `/ipfs/${cid}?format=raw`, `/ipfs/${cid}?format=raw`]);
  });

  it("refuses bytes with another hash", async () => {
    const origin = await serve((_, response) => void response.end("something else"));
    await assert.rejects(fetchContent(origin, cid), refused(5, /got bytes of bafkrei/));
  });

  it("stops reading where a block is longer than blocks are", async () => {
    let sent = 0;
    const origin = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on("drain", more);
      more();
    });
    await assert.rejects(fetchContent(origin, cid, { maxBytes: 100_000 }), refused(3, /at most 100000 bytes/));
    assert.ok(sent < 64 * 1024 * 1024);
  });

  it("says what is wrong where nothing comes", async () => {
    const origin = await serve((request, response) => {
      if (request.url?.includes("slow") !== true) response.writeHead(404).end();
    });
    await assert.rejects(fetchContent(origin, cid), refused(7, /answers 404/));
    await assert.rejects(fetchContent(`${origin}/slow`, cid, { timeoutMs: 50 }), refused(7, /timeout/));
    await assert.rejects(fetchContent("http://127.0.0.1:1", cid), refused(7, /./));
    await assert.rejects(fetchContent("file:///etc/passwd", cid), refused(7, /http/));
    await assert.rejects(fetchContent(origin, "bafy"), refused(2, /./));
  });
});
