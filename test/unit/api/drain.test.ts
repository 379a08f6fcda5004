// Closing a server whose callers do not play along.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import { createDrain } from "../../../app/api/drain.ts";

test("a caller that does not take its answer cannot keep a server from closing", async () => {
  const server = createServer((_request, response) => void response.end(Buffer.alloc(64 << 20)));
  const drain = createDrain(server, 50);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const caller = connect((server.address() as AddressInfo).port, "127.0.0.1");
  caller.on("error", () => undefined);
  caller.pause();
  caller.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  await new Promise((resolve) => server.once("request", resolve));
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  drain();
  await closed;
  assert.ok(!server.listening);
  caller.destroy();
});
