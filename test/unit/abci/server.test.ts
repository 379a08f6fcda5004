import assert from "node:assert/strict";
import { mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Request, ResponseCommit, ResponseFinalizeBlock, ResponseQuery } from "#proto/tendermint/abci/types";
import { encodeFrame } from "../../../app/abci/framing.ts";
import { ABCI_METHODS } from "../../../app/abci/methods.ts";
import { startAbciServer } from "../../../app/abci/server.ts";
import type { Application } from "../../../app/runtime/application.ts";
import { fc } from "../../harness/fastCheck.ts";
import { connectClient } from "./client.ts";
import { fakeApplication } from "./fakeApplication.ts";
import { kinds, withServer } from "./withServer.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "abci-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const frameOf = (request: Parameters<typeof Request.fromPartial>[0]): Uint8Array =>
  encodeFrame(Request.encode(Request.fromPartial(request)).finish());

test("all sixteen methods are answered with their own response over unix and tcp", async () => {
  const names = Object.keys(ABCI_METHODS);
  assert.equal(names.length, 16);
  for (const more of [{}, { address: "tcp://127.0.0.1:0" }]) {
    await withServer(
      {},
      async ({ client, failures }) => {
        for (const name of names) client.send({ [name]: {} });
        const answers = await client.receive(names.length);
        assert.deepEqual(kinds(answers), names);
        assert.equal(answers[names.indexOf("info")]?.info?.lastBlockHeight, 7n);
        assert.equal(answers[names.indexOf("commit")]?.commit?.retainHeight, 3n);
        assert.deepEqual(failures, []);
      },
      more,
    );
  }
});

test("large answers stand in their order, whole, whatever is in front of them and behind", async () => {
  const sizes = [1, 65_500, 65_536, 400_000, 3];
  const finalizeBlock: Application["finalizeBlock"] = ({ height }) =>
    ResponseFinalizeBlock.fromPartial({ appHash: new Uint8Array(sizes[Number(height)] ?? 0).fill(Number(height) + 1) });
  await withServer({ finalizeBlock }, async ({ client, failures }) => {
    for (const height of sizes.keys()) {
      client.send({ checkTx: { tx: Uint8Array.of(4) } });
      client.send({ finalizeBlock: { height: BigInt(height) } });
      client.send({ flush: {} });
    }
    const answers = await client.receive(3 * sizes.length);
    assert.deepEqual(
      kinds(answers),
      sizes.flatMap(() => ["checkTx", "finalizeBlock", "flush"]),
    );
    for (const [height, size] of sizes.entries()) {
      const hash = answers[3 * height + 1]?.finalizeBlock?.appHash ?? new Uint8Array(0);
      assert.equal(hash.length, size);
      assert.ok(hash.every((byte) => byte === height + 1));
    }
    assert.deepEqual(failures, []);
  });
});

test("the application prepares for Commit once the answer to FinalizeBlock has left, small or larger than the socket takes", async () => {
  const seen: string[] = [];
  const app: Partial<Application> = {
    finalizeBlock: ({ height }) => {
      seen.push("finalizeBlock");
      return ResponseFinalizeBlock.fromPartial({ appHash: new Uint8Array(height === 2n ? 8_000_000 : 1) });
    },
    prepareCommit: () => void seen.push("prepareCommit"),
    commit: async () => {
      seen.push("commit");
      return ResponseCommit.fromPartial({});
    },
  };
  await withServer(app, async ({ client, failures }) => {
    for (const height of [1n, 2n]) {
      client.socket.pause();
      client.send({ finalizeBlock: { height } });
      // Nobody reads yet: what is larger than the socket takes waits.
      await sleep(100);
      assert.deepEqual(seen, height === 1n ? ["finalizeBlock", "prepareCommit"] : ["finalizeBlock"]);
      client.socket.resume();
      await client.receive(1);
      await sleep(20);
      client.send({ commit: {} });
      await client.receive(1);
      assert.deepEqual(seen.splice(0), ["finalizeBlock", "prepareCommit", "commit"]);
    }
    assert.deepEqual(failures, []);
  });
});

test("answers keep the order of requests although queries and commits take their time", async () => {
  let slow = 5;
  await withServer(
    {
      query: async (request) => {
        await new Promise((resolve) => setTimeout(resolve, slow--));
        return ResponseQuery.fromPartial({ key: request.data, height: 1n });
      },
    },
    async ({ client }) => {
      for (let index = 0; index < 5; index++) {
        client.send({ query: { data: Uint8Array.of(index) } });
        client.send({ flush: {} });
      }
      client.send({ commit: {} });
      client.send({ checkTx: { tx: Uint8Array.of(4) } });
      const answers = await client.receive(12);
      assert.deepEqual(kinds(answers), [..."12345"].flatMap(() => ["query", "flush"]).concat("commit", "checkTx"));
      assert.deepEqual(
        answers.flatMap((answer) => (answer.query === undefined ? [] : [answer.query.key[0]])),
        [0, 1, 2, 3, 4],
      );
    },
  );
});

test("while a commit is being written, no other connection reaches working state, but queries are answered", async () => {
  let finish: () => void = () => undefined;
  const seen: string[] = [];
  await withServer(
    {
      commit: () =>
        new Promise((resolve) => {
          seen.push("commit");
          finish = () => resolve(ResponseCommit.fromPartial({}));
        }),
      checkTx: (request) => {
        seen.push(`check ${request.tx[0]}`);
        return fakeApplication().checkTx(request);
      },
    },
    async ({ client, server }) => {
      const mempool = await connectClient(server.address);
      const query = await connectClient(server.address);
      client.send({ commit: {} });
      while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
      for (const value of [1, 2, 3]) mempool.send({ checkTx: { tx: Uint8Array.of(value) } });
      query.send({ query: { data: Uint8Array.of(1) } });
      await query.receive(1);
      assert.deepEqual(seen, ["commit"]);
      finish();
      assert.deepEqual(kinds(await client.receive(1)), ["commit"]);
      assert.deepEqual(
        (await mempool.receive(3)).map((answer) => answer.checkTx?.code),
        [1, 2, 3],
      );
      assert.deepEqual(seen, ["commit", "check 1", "check 2", "check 3"]);
      mempool.end();
      query.end();
    },
  );
});

test("garbage closes its connection with a logged reason and harms nobody else", async () => {
  const cases: readonly (readonly [label: string, bytes: Uint8Array, reason: RegExp])[] = [
    ["oversized length", Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), /above the limit/],
    ["endless length", new Uint8Array(16).fill(0xff), /more than 32 bits/],
    ["empty message", Uint8Array.of(0), /holds no call/],
    ["later protocol", encodeFrame(Uint8Array.of(0xaa, 0x01, 0)), /holds no call/],
    ["truncated protobuf", encodeFrame(Uint8Array.of(0x12, 0x7f)), /is not an ABCI request/],
    ["group that never ends", encodeFrame(new Uint8Array(4000).fill(0x0b)), /is not an ABCI request|holds no call/],
    ["groups nested deeper than any stack", encodeFrame(new Uint8Array(1_000_000).fill(0x0b)), /is not an ABCI request|holds no call/],
    [
      "http",
      new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".padEnd(120, "x")),
      /is not an ABCI request|holds no call/,
    ],
  ];
  await withServer({}, async ({ server, client, failures, log }) => {
    for (const [label, garbage, reason] of cases) {
      const stranger = await connectClient(server.address);
      stranger.sendBytes(garbage);
      await stranger.closed;
      assert.match(log.findLast((line) => line.startsWith("error")) ?? "", reason, label);
    }
    client.send({ echo: { message: "still here" } });
    assert.equal((await client.receive(1))[0]?.echo?.message, "still here");
    assert.deepEqual(failures, []);
  });
});

test("random bytes never stop the server", async () => {
  await withServer({}, async ({ server, client, failures }) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (noise) => {
        const stranger = await connectClient(server.address);
        stranger.socket.end(noise);
        await stranger.closed;
      }),
      { seed: 7, numRuns: 150 },
    );
    client.send({ flush: {} });
    assert.deepEqual(kinds(await client.receive(1)), ["flush"]);
    assert.deepEqual(failures, []);
  });
});

test("calls before the garbage are answered, and a half frame at the end is noted", async () => {
  await withServer({}, async ({ server, log }) => {
    const mixed = await connectClient(server.address);
    mixed.sendBytes(Buffer.concat([encodeFrame(Request.encode({ flush: {} }).finish()), Uint8Array.of(0)]));
    assert.deepEqual(kinds(await mixed.receive(1)), ["flush"]);
    await mixed.closed;
    const half = await connectClient(server.address);
    half.socket.end(Uint8Array.of(5, 1));
    await half.closed;
    assert.match(log.at(-1) ?? "", /closed by the other side after 0 calls in the middle of a message/);
  });
});

test("half a message without its rest is told; only a connection that never made a call is closed for it", async () => {
  await withServer(
    {},
    async ({ server, client, log }) => {
      const frame = encodeFrame(Request.encode({ echo: { message: "a".repeat(50) } }).finish());
      client.send({ flush: {} });
      await client.receive(1);
      client.sendBytes(frame.subarray(0, 9));
      const stranger = await connectClient(server.address);
      stranger.sendBytes(frame.subarray(0, 5));
      await stranger.closed;
      while (log.length < 2) await new Promise((wake) => setTimeout(wake, 5));
      assert.deepEqual(log.map((line) => line.replace(/connection \d/, "connection N")).toSorted(), [
        "error abci connection N: connection closed: half a message for 200 ms: 4 of 54 bytes",
        "error abci connection N: half a message for 200 ms: 8 of 54 bytes; the node stands still if CometBFT does not send the rest",
      ]);
      client.sendBytes(frame.subarray(9));
      assert.equal((await client.receive(1))[0]?.echo?.message.length, 50);
      // A stranger who sends a byte now and then gains nothing by it, and whoever waits between two messages is let be.
      const slow = await connectClient(server.address);
      const timer = setInterval(() => slow.sendBytes(Uint8Array.of(1)), 50);
      slow.sendBytes(Uint8Array.of(100));
      await slow.closed;
      clearInterval(timer);
      await new Promise((wake) => setTimeout(wake, 300));
      client.send({ flush: {} });
      assert.deepEqual(kinds(await client.receive(1)), ["flush"]);
    },
    { halfMessageMs: 200 },
  );
});

test("thousands of pipelined calls are all answered in order, in few writes, while others get their turn", async (t) => {
  let busy = 0;
  const wait = (request: Parameters<Application["checkTx"]>[0]): ReturnType<Application["checkTx"]> => {
    const until = performance.now() + 0.02;
    while (performance.now() < until) busy++;
    return fakeApplication().checkTx(request);
  };
  await withServer({ checkTx: wait }, async ({ client, server }) => {
    const consensus = await connectClient(server.address);
    const frame = Buffer.concat([
      encodeFrame(Request.encode(Request.fromPartial({ checkTx: { tx: Uint8Array.of(3, 1, 2) } })).finish()),
      encodeFrame(Request.encode({ flush: {} }).finish()),
    ]);
    const writes = t.mock.method(Socket.prototype, "write");
    client.sendBytes(Buffer.concat(Array.from({ length: 4000 }, () => frame)));
    let mempoolDone = false;
    const all = client.receive(8000).then((answers) => {
      mempoolDone = true;
      return answers;
    });
    consensus.send({ info: {} });
    await consensus.receive(1);
    assert.equal(mempoolDone, false, "info waited for the whole mempool");
    const answers = await all;
    assert.ok(answers.every((answer, index) => (index % 2 === 0 ? answer.checkTx?.code === 3 : answer.flush !== undefined)));
    assert.ok(writes.mock.callCount() < 1000, `${writes.mock.callCount()} writes for 8000 answers`);
    consensus.end();
  });
  assert.ok(busy > 0);
});

test("the socket file is private, a stale one is replaced, and one in use or a plain file is not", async () => {
  const path = join(folder, "own.sock");
  const options = { app: fakeApplication(), address: `unix://${path}`, onFatal: () => undefined };
  const alive = createServer();
  await new Promise<void>((resolve) => alive.listen(path, resolve));
  try {
    await assert.rejects(async () => (await startAbciServer(options)).close(), /another process is listening/);
  } finally {
    await new Promise((resolve) => alive.close(resolve));
  }

  // What a killed process leaves behind: the file of a socket on which nobody listens.
  const killed = createServer();
  await new Promise<void>((resolve) => killed.listen(`${path}.old`, resolve));
  await rename(`${path}.old`, path);
  await new Promise((resolve) => killed.close(resolve));
  assert.equal((await stat(path)).isSocket(), true);
  const first = await startAbciServer(options);
  const { mode } = await stat(path);
  await first.close();
  assert.equal(mode & 0o777, 0o600);

  await writeFile(path, "precious");
  await assert.rejects(async () => (await startAbciServer(options)).close(), /a file that is no socket is in the way/);
});

test("an observer sees sessions, calls and answers, but not the link's own messages", async () => {
  const seen: string[] = [];
  const observer = {
    session: () => void seen.push("session"),
    call: (method: string) => void seen.push(method),
    answer: (method: string) => void seen.push(`${method} answered`),
  };
  await withServer(
    {},
    async ({ client }) => {
      for (const name of ["echo", "info", "flush", "query"]) client.send({ [name]: {} });
      await client.receive(4);
    },
    { observer },
  );
  assert.deepEqual(seen, ["session", "info", "info answered", "query", "query answered"]);
});

test("pipelined checks are announced to the application once, before the first is made, and answered in order", async () => {
  const calls: string[] = [];
  let ready: () => void = () => undefined;
  const prepared = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const fake = fakeApplication();
  const app: Partial<Application> = {
    expectTxs(txs) {
      calls.push(`expect ${txs.map((tx) => tx[0]).join(" ")}`);
      return prepared;
    },
    checkTx(request) {
      calls.push(`check ${request.tx[0]}`);
      return fake.checkTx(request);
    },
  };
  await withServer(app, async ({ client }) => {
    const checks = [1, 2, 3, 4, 5].map((first) => frameOf({ checkTx: { tx: Uint8Array.of(first), type: first === 3 ? 1 : 0 } }));
    client.sendBytes(Buffer.concat([...checks, frameOf({ flush: {} })]));
    while (calls.length === 0) await new Promise((wake) => setTimeout(wake, 2));
    assert.deepEqual(calls, ["expect 1 2 4 5"], "a recheck verifies nothing");
    ready();
    const answers = await client.receive(6);
    assert.deepEqual(
      answers.slice(0, 5).map((answer) => answer.checkTx?.code),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual(calls, ["expect 1 2 4 5", "check 1", "check 2", "check 3", "check 4", "check 5"]);
    client.sendBytes(frameOf({ checkTx: { tx: Uint8Array.of(9) } }));
    await client.receive(1);
    assert.equal(calls.at(-1), "check 9", "one alone is checked at once");
  });
});

test("while a block is executed, checks are announced as they come and made after it", { timeout: 60_000 }, async () => {
  const calls: string[] = [];
  let finish: (answer: ResponseFinalizeBlock) => void = () => undefined;
  const fake = fakeApplication();
  const app: Partial<Application> = {
    finalizeBlock() {
      calls.push("finalize");
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
    expectTxs(txs) {
      calls.push(`expect ${txs.map((tx) => tx[0]).join(" ")}`);
      return Promise.resolve();
    },
    checkTx(request) {
      calls.push(`check ${request.tx[0]}`);
      return fake.checkTx(request);
    },
  };
  const called = async (count: number): Promise<readonly string[]> => {
    while (calls.length < count) await new Promise((wake) => setTimeout(wake, 2));
    return calls.splice(0);
  };
  await withServer(app, async ({ server, client: consensus }) => {
    const mempool = await connectClient(server.address);
    try {
      const send = (...ids: readonly number[]): void =>
        void mempool.sendBytes(Buffer.concat(ids.map((id) => frameOf({ checkTx: { tx: Uint8Array.of(id) } }))));
      consensus.send({ finalizeBlock: {} });
      assert.deepEqual(await called(1), ["finalize"]);
      send(1, 2, 3, 4);
      assert.deepEqual(await called(1), ["expect 1 2 3 4"]);
      send(5, 6, 7, 8);
      assert.deepEqual(await called(1), ["expect 5 6 7 8"]);
      finish(ResponseFinalizeBlock.fromPartial({}));
      await consensus.receive(1);
      assert.equal((await mempool.receive(8)).length, 8);
      assert.deepEqual(
        await called(8),
        [1, 2, 3, 4, 5, 6, 7, 8].map((id) => `check ${id}`),
      );
    } finally {
      mempool.end();
    }
  });
});
