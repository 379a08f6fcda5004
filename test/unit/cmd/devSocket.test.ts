// The WebSocket of the development chain: what clients of CometBFT subscribe to, and what becomes of those who do not behave.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import WebSocket from "ws";
import { createDevRpc, type DevRpc } from "../../../cmd/hanzod/dev/devRpc.ts";
import { MAX_CLIENTS } from "../../../cmd/hanzod/dev/devSocket.ts";
import { MAX_QUERY_LENGTH, MAX_SUBSCRIPTIONS } from "../../../cmd/hanzod/dev/devSubscriber.ts";
import { type OpenDevChain, openDevChain } from "../../../cmd/hanzod/dev/openDevChain.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { devAccounts } from "../../e2e/harness/wallet.ts";
import { testAccounts } from "../../harness/accounts.ts";
import { openPeer } from "../../harness/hostilePeer.ts";
import { message, signTx } from "../../harness/signTx.ts";

let dev: OpenDevChain;
let rpc: DevRpc;
let port: number;
let sequence = 0n;

before(async () => {
  dev = await openDevChain({ chainId: "dev-1", onBlock: () => undefined, onFatal: (error) => assert.fail(String(error)) });
  await dev.chain.makeBlock();
  rpc = createDevRpc(dev.chain);
  rpc.server.listen({ host: "127.0.0.1", port: 0 });
  await once(rpc.server, "listening");
  ({ port } = rpc.server.address() as AddressInfo);
});
after(async () => {
  await rpc.close();
  await dev.close();
});

/** A transfer of the first development account. @returns its recipient */
async function transfer(amount: bigint): Promise<string> {
  const [from] = await devAccounts();
  const [to] = await testAccounts(1, "hanzo");
  assert.ok(from && to);
  const send = message(MsgSend, { fromAddress: from.address, toAddress: to.address, amount: [{ denom: "aai", amount: String(amount) }] });
  const signers = [{ account: from, accountNumber: 0n, sequence }];
  const tx = await signTx([send], { chainId: "dev-1", signers, fee: [{ denom: "aai", amount: "0" }].slice(1) }, "direct");
  sequence += 1n;
  const height = dev.chain.height;
  assert.deepEqual(await dev.chain.submit(tx), { code: 0, codespace: "", log: "" });
  while (dev.chain.height === height) await new Promise((wake) => setTimeout(wake, 2));
  return to.address;
}

interface Answer {
  readonly id: number;
  readonly result?: {
    readonly query?: string;
    readonly data?: { readonly type: string };
    readonly events?: Readonly<Record<string, readonly string[]>>;
  };
  readonly error?: { readonly code: number; readonly data: string };
}

/** A client that keeps what it hears. */
async function connect(): Promise<{
  readonly socket: WebSocket;
  readonly heard: Answer[];
  ask(method: string, params?: object): Promise<Answer>;
}> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/websocket`);
  const heard: Answer[] = [];
  socket.on("message", (data) => heard.push(JSON.parse(String(data)) as Answer));
  await once(socket, "open");
  let id = 0;
  return {
    socket,
    heard,
    async ask(method, params = {}) {
      id += 1;
      const mine = id;
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: mine, method, params }));
      for (;;) {
        const answer = heard.find((one) => one.id === mine && one.result?.data === undefined);
        if (answer !== undefined) return answer;
        await new Promise((wake) => setTimeout(wake, 2));
      }
    },
  };
}

describe("a stock client on the WebSocket", () => {
  it("hears of blocks, headers and the transactions that it asked for", async () => {
    const client = await Comet38Client.connect(`ws://127.0.0.1:${port}`);
    const blocks: number[] = [];
    const headers: number[] = [];
    const txs: number[] = [];
    const none: unknown[] = [];
    const [to] = await testAccounts(1, "hanzo");
    const fail = assert.fail as (error: unknown) => void;
    const subscriptions = [
      client.subscribeNewBlock().subscribe({ next: ({ header }) => void blocks.push(header.height), error: fail }),
      client.subscribeNewBlockHeader().subscribe({ next: ({ height }) => void headers.push(height), error: fail }),
      client
        .subscribeTx(`transfer.recipient='${to?.address ?? ""}' AND transfer.amount='7aai'`)
        .subscribe({ next: ({ height, result }) => void txs.push(height * 1000 + result.code), error: fail }),
      client.subscribeTx("transfer.recipient='nobody'").subscribe({ next: (tx) => void none.push(tx), error: fail }),
    ];
    // Requests are answered in their order: with this one the subscriptions are there.
    await client.status();
    await transfer(7n);
    await transfer(8n);
    const last = Number(dev.chain.height);
    while (blocks.length < 2 || headers.length < 2) await new Promise((wake) => setTimeout(wake, 2));
    assert.deepEqual(
      { blocks, headers, txs, none },
      { blocks: [last - 1, last], headers: [last - 1, last], txs: [(last - 1) * 1000], none: [] },
    );
    for (const subscription of subscriptions) subscription.unsubscribe();
    await client.status();
    await dev.chain.makeBlock();
    await client.status();
    assert.equal(blocks.length, 2);
    client.disconnect();
    // The client reconnects even then, again and again.
    const { socket } = (client as unknown as { readonly client: { readonly socket: { reconnectTimeout: NodeJS.Timeout | null } } }).client;
    while (socket.reconnectTimeout === null) await new Promise((wake) => setTimeout(wake, 2));
    clearTimeout(socket.reconnectTimeout);
  });
});

describe("the WebSocket", () => {
  it("answers subscriptions as CometBFT does and names what is wrong with them", async () => {
    const { ask, heard, socket } = await connect();
    assert.deepEqual((await ask("subscribe", { query: "tm.event='Tx' AND tx.height > 0" })).result, {});
    assert.equal((await ask("subscribe", { query: "tm.event='Tx' AND tx.height > 0" })).error?.data, "already subscribed");
    await transfer(1n);
    while (!heard.some(({ result }) => result?.data !== undefined)) await new Promise((wake) => setTimeout(wake, 2));
    const event = heard.find(({ result }) => result?.data !== undefined);
    assert.equal(event?.id, 1);
    assert.equal(event?.result?.data?.type, "tendermint/event/Tx");
    assert.deepEqual(event?.result?.events?.["tx.height"], [String(dev.chain.height)]);
    assert.match((await ask("subscribe", { query: "tm.event=" })).error?.data ?? "", /expected/);
    assert.match((await ask("subscribe", {})).error?.data ?? "", /parameter query/);
    assert.match((await ask("subscribe", { query: `a.b='${"x".repeat(MAX_QUERY_LENGTH)}'` })).error?.data ?? "", /at most 512 characters/);
    for (let i = 1; i < MAX_SUBSCRIPTIONS; i++) assert.deepEqual((await ask("subscribe", { query: `tx.height=${i}` })).result, {});
    assert.match((await ask("subscribe", { query: "tx.height=99" })).error?.data ?? "", /at most 5 subscriptions/);
    assert.equal((await ask("unsubscribe", { query: "tx.height=99" })).error?.data, "subscription not found");
    assert.deepEqual((await ask("unsubscribe_all")).result, {});
    assert.equal((await ask("no_such")).error?.code, -32_601);
    assert.notEqual((await ask("block")).result, undefined, "all other methods are there, too");
    socket.close();
  });

  it("cuts off a client that does not read, with the reason, and tells the others", async () => {
    const reader = await connect();
    await reader.ask("subscribe", { query: "tm.event='NewBlockHeader'" });
    const slow = await connect();
    await slow.ask("subscribe", { query: "tm.event='NewBlock'" });
    const stream = (slow.socket as unknown as { readonly _socket: { pause(): void; resume(): void } })._socket;
    stream.pause();
    const closed = once(slow.socket, "close") as Promise<[code: number, reason: string]>;
    const before = process.memoryUsage().rss;
    // Kernel buffers hold some megabytes, then what waits here is counted: blocks of a fifth of a megabyte each.
    const fat = { header: (await dev.chain.makeBlock()).header, blockId: { hash: new Uint8Array(32), partSetHeader: undefined } };
    const txs = [new Uint8Array(200_000)];
    const response = { txResults: [], events: [], appHash: new Uint8Array(0), validatorUpdates: [], consensusParamUpdates: undefined };
    for (let i = 0; i < 400; i++) {
      rpc.publish({ ...fat, txs, response });
      if (i % 20 === 0) await new Promise((wake) => setImmediate(wake));
    }
    assert.ok(process.memoryUsage().rss - before < 300_000_000, "what waits is bounded");
    const headers = (): number => reader.heard.filter(({ result }) => result?.data !== undefined).length;
    while (headers() < 401) await new Promise((wake) => setTimeout(wake, 2));
    stream.resume();
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1013, "client is not pulling messages fast enough"]);
    assert.equal((await reader.ask("health")).error, undefined);
    reader.socket.close();
  });

  it("ends a client that asks without waiting for answers", async () => {
    const { socket } = await connect();
    const closed = once(socket, "close") as Promise<[code: number]>;
    for (let id = 0; id < 2_000; id++) socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "block", params: {} }));
    assert.equal((await closed)[0], 1008);
  });

  it("ends what is no WebSocket message, or is too large", async () => {
    for (const bytes of [
      Uint8Array.of(0xff, 0xff, 0xff),
      Uint8Array.of(0x81, 0x05, 1, 2, 3, 4, 5),
      Uint8Array.of(0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    ]) {
      const key = Buffer.from("0123456789abcdef").toString("base64");
      const peer = await openPeer(
        port,
        `GET /websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      );
      while (!peer.received().includes("101 ")) await new Promise((wake) => setTimeout(wake, 2));
      peer.socket.write(bytes);
      await peer.closed();
    }
  });

  it("is at its path alone, and takes so many clients", async () => {
    const elsewhere = new WebSocket(`ws://127.0.0.1:${port}/elsewhere`);
    const [error] = (await once(elsewhere, "error")) as [Error];
    assert.match(error.message, /404/);
    const clients: WebSocket[] = [];
    for (let last = ""; last === ""; ) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/websocket`);
      last = await new Promise<string>((resolve) => {
        socket.once("open", () => resolve(""));
        socket.once("error", ({ message: why }) => resolve(why));
      });
      if (last === "") clients.push(socket);
      else assert.match(last, /503/);
    }
    // Those of the tests before may not be gone yet.
    assert.ok(clients.length <= MAX_CLIENTS && clients.length > MAX_CLIENTS - 10, `${clients.length} clients`);
    for (const socket of clients) socket.terminate();
  });
});

it("a list holds at most ten calls", async () => {
  const ask = async (count: number): Promise<unknown> => {
    const body = JSON.stringify(Array.from({ length: count }, (_, id) => ({ jsonrpc: "2.0", id, method: "health", params: {} })));
    return (await fetch(`http://127.0.0.1:${port}`, { method: "POST", body })).json();
  };
  assert.equal(((await ask(10)) as unknown[]).length, 10);
  assert.match(JSON.stringify(await ask(11)), /at most 10 calls in a list expected, got 11/);
});
