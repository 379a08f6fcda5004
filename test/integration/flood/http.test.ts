// Callers with bad manners on the HTTP ports: each is got rid of, and whoever behaves is answered meanwhile and afterwards.
import assert from "node:assert/strict";
import { Agent, get } from "node:http";
import { after, before, describe, it } from "node:test";
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from "../../../app/api/httpLimits.ts";
import { MAX_PIPELINED } from "../../../app/api/limits.ts";
import { startPageServer } from "../../../app/api/pageServer.ts";
import { createRestServer } from "../../../app/api/rest.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { createDevRpc } from "../../../cmd/hanzod/dev/devRpc.ts";
import { openDevChain } from "../../../cmd/hanzod/dev/openDevChain.ts";
import { findFreePort } from "../../../cmd/hanzod/node/ports.ts";
import { QuerySendEnabledResponse } from "../../../proto/gen/cosmos/bank/v1beta1/query.ts";
import { ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";
import { type HostilePeer, openPeer } from "../../harness/hostilePeer.ts";
import { HTTP_ATTACKS, type HttpTarget } from "../../harness/httpAttacks.ts";

const PATH = "/cosmos/bank/v1beta1/send_enabled";
const LIMITS = {
  ...DEFAULT_HTTP_LIMITS,
  maxConnections: 40,
  readTimeoutMs: 1_000,
  writeTimeoutMs: 1_000,
  maxBodyBytes: 100_000,
  maxCalls: 30,
};

/** Queries that wait to be let go. */
const held: (() => void)[] = [];
let isHolding = false;
let asked = 0;
let underWay = 0;
let mostUnderWay = 0;
const query = async (): Promise<ResponseQuery> => {
  asked += 1;
  underWay += 1;
  mostUnderWay = Math.max(mostUnderWay, underWay);
  if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
  underWay -= 1;
  const value = isLarge ? large : new Uint8Array(0);
  return ResponseQuery.fromPartial({ value, height: 9n });
};
let isLarge = false;
const large = QuerySendEnabledResponse.encode(
  QuerySendEnabledResponse.fromPartial({ sendEnabled: Array.from({ length: 300_000 }, () => ({ denom: "a".repeat(20), enabled: true })) }),
).finish();
const letGo = (): void => {
  isHolding = false;
  for (const go of held.splice(0)) go();
};

/** Status of a polite request. */
function ask(port: number, path: string, agent: Agent | false = false): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path, agent }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    });
    // A connection that was kept may end by its time just when it is used again: whoever behaves asks once more.
    request.once("error", (error) => (request.reusedSocket ? resolve(ask(port, path, agent)) : reject(error)));
    request.setTimeout(60_000, () => request.destroy(new Error("no answer")));
  });
}

async function startRest(limits: HttpLimits): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = await createRestServer({
    descriptors: descriptors(),
    services: hanzoServices,
    chain: TEST_FACTS,
    allowAnyOrigin: false,
    query,
    limits,
  });
  const base = await server.listen({ host: "127.0.0.1", port: 0 });
  return { port: Number(new URL(base).port), stop: () => server.close() };
}

const servers: Readonly<Record<string, () => Promise<HttpTarget & { stop(): Promise<void> }>>> = {
  async REST() {
    const { port, stop } = await startRest(LIMITS);
    return { port, path: PATH, maxConnections: LIMITS.maxConnections, readTimeoutMs: LIMITS.readTimeoutMs, stop };
  },
  async "development RPC"() {
    const dev = await openDevChain({ chainId: "dev-1", onBlock: () => undefined, onFatal: (error) => assert.fail(String(error)) });
    await dev.chain.makeBlock();
    const rpc = createDevRpc(dev.chain, LIMITS);
    const port = await findFreePort();
    await new Promise<void>((resolve) => rpc.server.listen({ host: "127.0.0.1", port }, resolve));
    return {
      port,
      path: "/block",
      maxConnections: LIMITS.maxConnections,
      readTimeoutMs: LIMITS.readTimeoutMs,
      async stop() {
        await rpc.close();
        await dev.close();
      },
    };
  },
  async metrics() {
    const port = await findFreePort();
    const pages = new Map([["/livez", async () => ({ status: 200, contentType: "text/plain", body: "ok\n" })]]);
    const { stop } = await startPageServer(pages, { host: "127.0.0.1", port }, LIMITS);
    return { port, path: "/livez", maxConnections: LIMITS.maxConnections, readTimeoutMs: LIMITS.readTimeoutMs, stop };
  },
};

for (const [name, start] of Object.entries(servers))
  describe(`the ${name} port`, () => {
    let target: Awaited<ReturnType<(typeof servers)[string]>>;
    before(async () => {
      target = await start();
    });
    after(() => target.stop());

    for (const [attack, run] of Object.entries(HTTP_ATTACKS))
      it(`gets rid of ${attack}`, async () => {
        await run(target);
        assert.equal(await ask(target.port, target.path), 200);
      });
  });

describe("the REST port", () => {
  let target: Awaited<ReturnType<(typeof servers)[string]>>;
  before(async () => {
    target = await (servers["REST"] ?? assert.fail())();
  });
  after(() => target.stop());

  it("answers who keeps a connection while all attacks run at once", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let isOver = false;
    const attacks = Promise.all(
      Object.entries(HTTP_ATTACKS).flatMap(([name, run]) => (name.startsWith("more connections") ? [] : [run(target)])),
    ).finally(() => {
      isOver = true;
    });
    let answers = 0;
    while (!isOver) {
      assert.equal(await ask(target.port, PATH, agent), 200);
      answers += 1;
      await new Promise((wake) => setTimeout(wake, 20));
    }
    await attacks;
    assert.ok(answers > 5, `${answers} answers meanwhile`);
    agent.destroy();
  });

  it("ends a connection with too many requests under way before it makes the node work for all of them", async (context) => {
    const { port, stop } = await startRest({ ...LIMITS, maxCalls: 100_000 });
    context.after(stop);
    isHolding = true;
    mostUnderWay = 0;
    const peer = await openPeer(port, `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(2_000));
    await peer.closed();
    assert.ok(mostUnderWay <= MAX_PIPELINED + 1, `${mostUnderWay} queries at a time`);
    letGo();
    assert.equal(await ask(port, PATH), 200);
  });

  it("answers 429 to more queries than may be under way, and makes room when they are done", async () => {
    isHolding = true;
    const first = Array.from({ length: LIMITS.maxCalls }, () => ask(target.port, PATH));
    while (held.length < LIMITS.maxCalls) await new Promise((wake) => setTimeout(wake, 5));
    assert.equal(await ask(target.port, PATH), 429);
    letGo();
    assert.deepEqual(new Set(await Promise.all(first)), new Set([200]));
    assert.equal(await ask(target.port, PATH), 200);
  });

  it("ends a connection whose caller does not take an answer, and not one whose answer takes long to make", async () => {
    isHolding = true;
    const patient = ask(target.port, PATH);
    await new Promise((wake) => setTimeout(wake, 3 * LIMITS.writeTimeoutMs));
    letGo();
    assert.equal(await patient, 200);
    isLarge = true;
    const began = asked;
    const peer = await openPeer(target.port, `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`);
    peer.socket.pause();
    // The answer is made in this process: what follows its query comes behind it.
    while (asked === began) await new Promise((wake) => setTimeout(wake, 5));
    await new Promise((wake) => setTimeout(wake, 100));
    await new Promise((wake) => setTimeout(wake, 3 * LIMITS.writeTimeoutMs));
    isLarge = false;
    peer.socket.resume();
    await peer.closed();
    assert.ok(peer.socket.bytesRead < 8_000_000, `${peer.socket.bytesRead} bytes taken`);
  });

  it("has room for some large bodies at a time, for small ones beside them, and for large ones again when it is empty", async (context) => {
    // None of them is ever late.
    const { port, stop } = await startRest({ ...LIMITS, maxBodyBytes: 1_000_000, readTimeoutMs: 600_000 });
    context.after(stop);
    const body = (bytes: number, sent: number): string =>
      `POST /cosmos/tx/v1beta1/simulate HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n${" ".repeat(sent)}`;
    const answerOf = async (peer: HostilePeer): Promise<string> => {
      while (peer.received() === "" && !peer.socket.destroyed) await new Promise((wake) => setTimeout(wake, 5));
      peer.socket.destroy();
      return peer.received().slice(9, 12);
    };
    const peers = await Promise.all(Array.from({ length: 30 }, () => openPeer(port, body(1_000_000, 999_000))));
    while (!peers.some((peer) => peer.received() !== "")) await new Promise((wake) => setTimeout(wake, 5));
    const small = await openPeer(port, body(60_000, 60_000));
    assert.equal(await answerOf(small), "200");
    const refused = (): number => peers.filter((peer) => peer.received().slice(9, 12) === "429").length;
    while (refused() < 13) await new Promise((wake) => setTimeout(wake, 5));
    for (const { socket } of peers) socket.destroy();
    // The server sees their ends one after the other.
    while ((await answerOf(await openPeer(port, body(900_000, 900_000)))) !== "200") await new Promise((wake) => setTimeout(wake, 5));
  });
});
