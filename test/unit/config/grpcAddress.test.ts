// Every way to write where gRPC listens is taken, listened on, and written back so that it means the same.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, it } from "node:test";
import { grpcStarter } from "../../../cmd/hanzod/app/grpcStarter.ts";
import { DEFAULT_APP_CONFIG } from "../../../cmd/hanzod/config/appConfig.ts";
import { hostPort, listener } from "../../../cmd/hanzod/config/settingKind.ts";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { reachableHost } from "../../../cmd/hanzod/node/reachableHost.ts";

/** What is written, the host that it means, and one that reaches it. */
const FORMS: readonly (readonly [text: string, host: string, reach: string])[] = [
  ["localhost:9090", "localhost", "127.0.0.1"],
  ["127.0.0.1:9090", "127.0.0.1", "127.0.0.1"],
  ["0.0.0.0:9090", "0.0.0.0", "127.0.0.1"],
  [":9090", "0.0.0.0", "127.0.0.1"],
  ["[::1]:9090", "::1", "::1"],
  ["[::]:9090", "::", "::1"],
];

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}

describe("grpc.address", () => {
  for (const [text, host, reach] of FORMS)
    it(`${text} is read, listened on and written back`, async (t) => {
      const value = { host, port: 9090 };
      assert.deepEqual(hostPort.fromText(text), value);
      assert.deepEqual(hostPort.fromToml(JSON.parse(hostPort.toToml(value))), value);
      assert.deepEqual(listener.fromText(`tcp://${text}`), value, "REST takes the same hosts");
      if (host.includes(":") && !hasIpv6) {
        t.diagnostic("this machine has no IPv6 address: the form was read, and not listened on");
        return;
      }
      const [port = 0] = await findFreePorts(1);
      const starter = grpcStarter({ ...DEFAULT_APP_CONFIG, "grpc.address": { host, port } }, () => undefined);
      const running = await starter.start({ abci: "", rpc: "", p2p: "" });
      assert.equal(await answers(reach, port), true);
      await running.stop();
      assert.equal(await answers(reach, port), false);
    });

  it("is told in status as a URL has it", () => {
    assert.deepEqual(
      FORMS.map(([, host]) => reachableHost(host)),
      ["localhost", "127.0.0.1", "127.0.0.1", "127.0.0.1", "[::1]", "127.0.0.1"],
    );
  });

  it("refuses what is no address", () => {
    for (const text of [
      "",
      "9090",
      "localhost",
      "localhost:",
      "localhost:0",
      "localhost:65536",
      "::1:9090",
      "[::1]",
      "tcp://localhost:9090",
      "a b:1",
    ])
      assert.equal(hostPort.fromText(text), undefined, text);
  });
});
