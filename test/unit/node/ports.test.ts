import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { EXIT, NodeError } from "../../../cmd/hanzod/node/nodeError.ts";
import { findFreePorts, isPortFree, requirePorts } from "../../../cmd/hanzod/node/ports.ts";

test("free ports are different and free", async () => {
  const ports = await findFreePorts(5);
  assert.equal(new Set(ports).size, 5);
  for (const port of ports) assert.equal(await isPortFree(port), true);
});

test("no outgoing connection takes a free port before it is used: it lies below the ports that systems give to them", async () => {
  for (const port of await findFreePorts(20)) assert.ok(port < 32_768, `${port}`);
});

test("a port in use is an error with its number, purpose, holder and remedy", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  try {
    assert.equal(await isPortFree(port), false);
    await assert.rejects(requirePorts([{ name: "REST", host: "127.0.0.1", port, option: "--rest-port" }]), (error: unknown) => {
      assert.ok(error instanceof NodeError);
      assert.equal(error.exitCode, EXIT.busy);
      assert.match(error.message, new RegExp(`port ${port} for REST on 127\\.0\\.0\\.1 is in use by .*\\(process ${process.pid}\\)`));
      assert.match(error.next, /--rest-port/);
      return true;
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  await requirePorts([{ name: "REST", host: "127.0.0.1", port, option: "--rest-port" }]);
});
