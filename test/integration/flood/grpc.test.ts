// Callers with bad manners on the gRPC port: each is got rid of, and whoever behaves is answered meanwhile and afterwards.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEFAULT_GRPC_LIMITS, type GrpcLimits } from "../../../app/api/grpcLimits.ts";
import { createGrpcServer } from "../../../app/api/grpcServer.ts";
import { descriptorImage, descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { createGrpcClient, type GrpcClient } from "../../../cmd/hanzod/selftest/recording/grpcClient.ts";
import { ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";
import { GRPC_ATTACKS, starve } from "../../harness/grpcAttacks.ts";
import { openPeer } from "../../harness/hostilePeer.ts";
import { FLAG, FRAME, frame, grpcHeaders, PREFACE } from "../../harness/http2Frames.ts";

const PATH = "/cosmos.bank.v1beta1.Query/Params";
const LIMITS: GrpcLimits = {
  ...DEFAULT_GRPC_LIMITS,
  maxConnections: 40,
  readTimeoutMs: 1_000,
  writeTimeoutMs: 1_000,
  maxReceiveBytes: 1_000_000,
  maxCalls: 50,
};

let underWay = 0;
let mostUnderWay = 0;
let value = new Uint8Array(0);
const query = async (): Promise<ResponseQuery> => {
  underWay += 1;
  mostUnderWay = Math.max(mostUnderWay, underWay);
  await new Promise((wake) => setImmediate(wake));
  underWay -= 1;
  return ResponseQuery.fromPartial({ value, height: 9n });
};

describe("the gRPC port", () => {
  let port: number;
  let stop: () => Promise<void>;
  const target = () => ({ port, path: PATH, maxConnections: LIMITS.maxConnections, readTimeoutMs: LIMITS.readTimeoutMs });
  /** A call on a new connection. */
  const ask = async (at = port): Promise<number> => {
    const client = createGrpcClient(`127.0.0.1:${at}`);
    try {
      return (await client.call(PATH, new Uint8Array(0), {}, 20_000)).code;
    } finally {
      client.close();
    }
  };

  const start = async (limits: GrpcLimits): Promise<{ readonly port: number; stop(): Promise<void> }> => {
    const server = createGrpcServer({
      descriptors: descriptors(),
      image: descriptorImage(),
      services: hanzoServices,
      chain: TEST_FACTS,
      query,
      limits,
    });
    return { port: await server.listen({ host: "127.0.0.1", port: 0 }), stop: () => server.close() };
  };
  before(async () => {
    ({ port, stop } = await start(LIMITS));
  });
  after(() => stop());

  for (const [attack, run] of Object.entries(GRPC_ATTACKS))
    it(`gets rid of ${attack}`, async () => {
      await run(target());
      assert.equal(await ask(), 0);
    });

  it("answers who keeps a connection while all attacks run at once", async () => {
    const client: GrpcClient = createGrpcClient(`127.0.0.1:${port}`);
    let isOver = false;
    const attacks = Promise.all(
      Object.entries(GRPC_ATTACKS).flatMap(([name, run]) => (name.startsWith("more connections") ? [] : [run(target())])),
    ).finally(() => {
      isOver = true;
    });
    let answers = 0;
    while (!isOver) {
      const { code, message } = await client.call(PATH, new Uint8Array(0), {}, 20_000);
      // At the worst there is no room among the calls; the connection stays.
      assert.ok(code === 0 || code === 8, `${code} ${message}`);
      if (code === 0) answers += 1;
      await new Promise((wake) => setTimeout(wake, 20));
    }
    await attacks;
    client.close();
    assert.ok(answers > 5, `${answers} answers meanwhile`);
    assert.ok(mostUnderWay <= LIMITS.maxCalls, `${mostUnderWay} queries at a time`);
  });

  it("closes the connection of a caller that does not take its answer", async () => {
    value = new Uint8Array(500_000);
    await starve(port, PATH);
    value = new Uint8Array(0);
    assert.equal(await ask(), 0);
  });

  it("holds little of requests that are half here: who sends the most is closed first", async (context) => {
    const own = await start({ ...LIMITS, readTimeoutMs: 600_000 });
    context.after(own.stop);
    // 30 times almost a megabyte, where there is room for 16; on connections of their own, of which none is ever late.
    const half = Buffer.concat([
      frame(FRAME.headers, FLAG.endHeaders, 1, grpcHeaders(PATH)),
      frame(FRAME.data, FLAG.none, 1, Uint8Array.of(0, 0, 0x0f, 0x42, 0x40)),
    ]);
    const peers = await Promise.all(Array.from({ length: 30 }, () => openPeer(own.port, Buffer.concat([PREFACE, half]))));
    const part = frame(FRAME.data, FLAG.none, 1, new Uint8Array(16_000));
    for (let sent = 0; sent < 59; sent++) {
      for (const { socket } of peers) if (!socket.destroyed) socket.write(part);
      await new Promise((wake) => setTimeout(wake, 5));
    }
    await Promise.race(peers.map((peer) => peer.closed()));
    assert.equal(await ask(own.port), 0);
    const closed = peers.filter(({ socket }) => socket.destroyed || socket.readableEnded).length;
    assert.ok(closed > 0 && closed < 30, `${closed} were closed`);
    for (const { socket } of peers) socket.destroy();
  });
});
