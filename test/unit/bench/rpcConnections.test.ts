import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { RpcConnections, readAnswer, requestBytes } from "../../bench/rpcConnections.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n";
const SIZED = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nno\r\n";

describe("answers of a node's RPC", () => {
  it("are read once they are whole, and no sooner", () => {
    for (const [text, wanted] of [
      [CHUNKED, { status: 200, body: "helloabcdefghijklmnopqrstuvwxyz", end: CHUNKED.length }],
      [SIZED, { status: 404, body: "no\r\n", end: SIZED.length }],
    ] as const) {
      for (let length = 0; length < text.length; length++)
        assert.equal(readAnswer(text.slice(0, length)), undefined, text.slice(0, length));
      assert.deepEqual(readAnswer(text + SIZED), wanted);
    }
  });

  it("without a length are refused", () => {
    assert.throws(() => readAnswer("HTTP/1.1 200 OK\r\n\r\nhello"), /expected an answer with its length/);
  });
});

describe("connections to a node's RPC", () => {
  let server: Server;
  let opened = 0;
  const serve = async (status: number): Promise<RpcConnections> => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => {
        body += String(piece);
      });
      request.on("end", () => {
        response.statusCode = status;
        // Long ones come in chunks, as from Go.
        if (body.length <= 2048) response.setHeader("content-length", body.length);
        response.write(body.slice(0, 5));
        setTimeout(() => response.end(body.slice(5)), 5);
      });
    });
    opened = 0;
    server.on("connection", () => opened++);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new RpcConnections(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  };
  afterEach(() => server.close());

  it("bring each request its own answer, and are used again", async () => {
    const connections = await serve(200);
    const bodies = Array.from({ length: 40 }, (_, index) => `${index}:`.repeat(1 + index * 40));
    for (let at = 0; at < bodies.length; at += 8) {
      const some = bodies.slice(at, at + 8);
      assert.deepEqual(await Promise.all(some.map((body) => connections.post(requestBytes(body)))), some);
    }
    assert.equal(opened, 8);
    connections.close();
  });

  it("say what the server refused, and that it went away", async () => {
    const connections = await serve(500);
    await assert.rejects(connections.post(requestBytes("what")), /the RPC answered 500: what/);
    server.removeAllListeners("request").on("request", (request) => request.socket.destroy());
    await assert.rejects(connections.post(requestBytes("more")), /the RPC closed the connection|ECONNRESET/);
    connections.close();
  });
});
