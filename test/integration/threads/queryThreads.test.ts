import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { FULL_TX_INDEX } from "../../../app/runtime/txIndex.ts";
import { QueryAllBalancesRequest } from "../../../proto/gen/cosmos/bank/v1beta1/query.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import {
  GetTxsEventRequest,
  GetTxsEventResponse,
  SimulateRequest,
  SimulateResponse,
} from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { RequestQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { message, signTx, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import { word } from "./testQueryThread.ts";
import { heightOf, PATIENT_MS, withThreads } from "./threadedChain.ts";

function send(chain: TestChain, from: number, to: number, amount = 1n): TestMessage {
  const [a, b] = [chain.accounts[from], chain.accounts[to]];
  assert.ok(a && b);
  return message(MsgSend, { fromAddress: a.address, toAddress: b.address, amount: [{ denom: "aai", amount: String(amount) }] });
}

async function transfer(chain: TestChain, from = 0, to = 1): Promise<Uint8Array> {
  const account = chain.accounts[from];
  assert.ok(account);
  return chain.sign([send(chain, from, to)], [account]);
}

/** Signs without asking the chain, whose only query thread may be busy. */
function transferNumber(chain: TestChain, sequence: bigint): Promise<Uint8Array> {
  const [account] = chain.accounts;
  assert.ok(account);
  const signers = [{ account, accountNumber: 0n, sequence }];
  return signTx([send(chain, 0, 1)], { chainId: chain.chainId, signers, fee: [{ denom: "aai", amount: "5000000000000" }] }, "direct");
}

/** Lets other threads and the event loop go on until something holds. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + PATIENT_MS;
  while (!holds()) {
    assert.ok(Date.now() < end, what);
    await new Promise((wake) => setTimeout(wake, 2));
  }
}

test("a query thread answers every kind of query as the state machine itself does", async () => {
  await withThreads({ chain: { market: true }, keepVersions: 3n }, async ({ chain, pool, store }) => {
    const tx = await transfer(chain);
    await chain.deliver(tx);
    await chain.deliver();
    await chain.deliver();
    const own: TestChain["app"] = Object.getPrototypeOf(chain.app) as TestChain["app"];
    const [account] = chain.accounts;
    const balances = QueryAllBalancesRequest.encode(QueryAllBalancesRequest.fromPartial({ address: account?.address ?? "" })).finish();
    const stored = store.latest().store("bank").iterate().next().value as readonly [Uint8Array, Uint8Array];
    const requests: Parameters<typeof RequestQuery.fromPartial>[0][] = [
      { path: "/cosmos.bank.v1beta1.Query/AllBalances", data: balances },
      { path: "/cosmos.bank.v1beta1.Query/AllBalances", data: balances, height: 3n },
      { path: "/cosmos.base.node.v1beta1.Service/Status" },
      { path: "/cosmos.base.node.v1beta1.Service/Status", height: 3n },
      { path: "/cosmos.bank.v1beta1.Query/AllBalances", data: balances, height: 1n },
      { path: "/cosmos.bank.v1beta1.Query/AllBalances", data: balances, height: 99n },
      { path: "/cosmos.bank.v1beta1.Query/AllBalances", data: Uint8Array.of(0xff) },
      { path: "/hanzo.hmm.v1.Query/Pools" },
      { path: "/store/bank/key", data: stored[0], prove: true },
      { path: "/store/bank/key", data: Uint8Array.of(1, 2, 3), prove: true, height: 3n },
      { path: "/store/bank/subspace", data: stored[0].slice(0, 1) },
      { path: "/store/nothing/key", data: stored[0] },
      { path: "/app/version" },
      { path: "/app/simulate", data: tx },
      { path: "/p2p/filter/addr/1.2.3.4" },
      { path: "/nothing" },
      { path: "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock" },
    ];
    for (const partial of requests) {
      const request = RequestQuery.fromPartial(partial);
      assert.deepEqual(await pool.query(request), await own.query(request), `${request.path} at ${request.height}`);
    }
  });
});

test("blocks are made while a query runs, and it goes on reading the version it began with", async () => {
  await withThreads({ keepVersions: 2n }, async ({ chain, words, act, store }) => {
    const began = chain.app.height;
    const slow = act("spin");
    await until(() => Atomics.load(words, word.spinning) === 1, "the query began");
    for (let i = 0; i < 30; i++) assert.equal((await chain.deliver(await transferNumber(chain, BigInt(i)))).txResults[0]?.code, 0);
    assert.equal(store.version, began + 30n);
    assert.equal(Atomics.load(words, word.handled), 0, "the query still runs");
    Atomics.store(words, word.release, 1);
    assert.equal(heightOf(await slow), began);
    assert.equal(heightOf(await act("answer")), began + 30n);
  });
});

test("a query is answered while the chain's own thread is busy with a block", async () => {
  await withThreads({}, async ({ chain, words, act }) => {
    await act("answer");
    const asked = act("answer");
    await new Promise((wake) => setImmediate(wake));
    const request = chain.nextBlock();
    const end = Date.now() + PATIENT_MS;
    let rounds = 0;
    // No turn of this thread's event loop until the thread has handled the query.
    do {
      chain.app.finalizeBlock(request);
      rounds += 1;
    } while (Atomics.load(words, word.handled) < 2 && Date.now() < end);
    assert.equal(Atomics.load(words, word.handled), 2, `handled within ${rounds} executions of a block`);
    await asked;
    await chain.app.commit();
  });
});

test("a burst of five hundred queries is answered in full while blocks are made", async () => {
  await withThreads({ threads: 2 }, async ({ chain, act }) => {
    const burst = Promise.all(Array.from({ length: 500 }, () => act("answer")));
    const first = chain.app.height;
    for (let i = 0; i < 20; i++) await chain.deliver();
    const answers = await burst;
    assert.equal(answers.filter(({ code }) => code === 0).length, 500);
    for (const answer of answers) assert.ok(heightOf(answer) >= first && heightOf(answer) <= chain.app.height);
  });
});

test("a query over its deadline is ended from outside; the ones behind it are answered by the next thread", async () => {
  await withThreads({ deadlineMs: 5_000 }, async ({ chain, words, act, errors, store, ready }) => {
    await ready();
    const runaway = act("spin");
    await until(() => Atomics.load(words, word.spinning) === 1, "the query began");
    const answer = await runaway;
    const behind = act("answer");
    assert.deepEqual(
      { code: answer.code, codespace: answer.codespace, log: answer.log },
      { code: 6, codespace: "sdk", log: "rpc error: code = DeadlineExceeded desc = the query took longer than 5000 ms: unknown request" },
    );
    await behind;
    // A starved machine starts the next thread after their time.
    await ready();
    assert.equal(heightOf(await act("answer")), chain.app.height);
    assert.deepEqual(errors, ["a query ran for more than 5000 ms: its thread is replaced"]);
    assert.equal(store.version, chain.app.height);
  });
});

test("the deadline covers the time in the queue, and what nobody waits for any more is not run", async () => {
  await withThreads({ deadlineMs: 5_000 }, async ({ words, act, errors, ready }) => {
    await ready();
    const runaway = act("spin");
    await until(() => Atomics.load(words, word.spinning) === 1, "the query began");
    // More than one thread takes at a time: some wait in the thread, the others before it.
    const behind = Array.from({ length: 100 }, () => act("answer"));
    for (const answer of await Promise.all(behind)) assert.match(answer.log, /DeadlineExceeded desc = the query took longer than 5000 ms/);
    await runaway;
    // The thread is told to go on before it counts as hanging.
    Atomics.store(words, word.release, 1);
    assert.equal((await act("answer")).code, 0);
    assert.equal(Atomics.load(words, word.handled), 2, "the runaway and the last one");
    assert.deepEqual(errors, []);
  });
});

test("a query that only waits is answered with DeadlineExceeded, and its thread lives on", async () => {
  await withThreads({ deadlineMs: 2_000 }, async ({ act, errors, ready }) => {
    await ready();
    assert.match((await act("wait")).log, /DeadlineExceeded/);
    assert.equal((await act("answer")).code, 0);
    assert.deepEqual(errors, []);
  });
});

for (const how of ["die", "throw"] as const) {
  test(`a thread that ends in the middle of a query (${how}) answers Unavailable, is replaced and holds no version any more`, async () => {
    await withThreads({ keepVersions: 1n }, async ({ chain, pool, words, act }) => {
      const waiting = act("wait");
      await until(() => Atomics.load(words, word.spinning) === 1, "the query began");
      for (let i = 0; i < 5; i++) await chain.deliver();
      const [ended, also] = await Promise.all([act(how), waiting]);
      for (const answer of [ended, also]) assert.match(answer.log, /code = Unavailable desc = the thread of the query ended; try again/);
      assert.equal(heightOf(await act("answer")), chain.app.height);
      await pool.close();
      assert.match((await act("answer")).log, /the node is stopping/);
    });
  });
}

test("a simulation in a thread counts the sender's transactions that wait in the mempool", async () => {
  await withThreads({}, async ({ chain, pool }) => {
    const sign = (sequence: bigint): Promise<Uint8Array> => transferNumber(chain, sequence);
    const simulate = async (sequence: bigint) => {
      const txBytes = await sign(sequence);
      return pool.query(
        RequestQuery.fromPartial({
          path: "/cosmos.tx.v1beta1.Service/Simulate",
          data: SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes })).finish(),
        }),
      );
    };
    assert.equal(chain.check(await sign(0n)).code, 0);
    assert.match((await simulate(0n)).log, /account sequence mismatch, expected 1, got 0/);
    const next = await simulate(1n);
    assert.equal(next.code, 0, next.log);
    assert.equal(SimulateResponse.decode(next.value).gasInfo?.gasUsed, chain.app.simulate(await sign(1n)).gasUsed);
    // Now the thread follows: what the mempool takes is told it without being asked.
    assert.equal(chain.check(await sign(1n)).code, 0);
    assert.equal((await simulate(2n)).code, 0);
    await chain.deliver(await sign(0n));
    assert.equal((await simulate(1n)).code, 0, "the block took the first, the second is to be checked again");
    assert.equal(chain.check(await sign(1n), true).code, 0);
    assert.equal((await simulate(2n)).code, 0);
  });
});

const search = (chain: TestChain, query: string): ReturnType<TestChain["query"]> =>
  chain.query("/cosmos.tx.v1beta1.Service/GetTxsEvent", GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query })).finish());

test("a query thread finds transfers by their recipient", async () => {
  await withThreads({}, async ({ chain }) => {
    await chain.deliver(await transferNumber(chain, 0n));
    await chain.deliver(await transferNumber(chain, 1n));
    const hashesTo = async (account: number): Promise<readonly string[]> => {
      const { code, log, value } = await search(chain, `transfer.recipient='${chain.accounts[account]?.address ?? ""}'`);
      assert.equal(code, 0, log);
      return GetTxsEventResponse.decode(value).txResponses.map(({ height, txhash }) => `${height}:${txhash}`);
    };
    const hashOf = async (sequence: bigint): Promise<string> =>
      createHash("sha256")
        .update(await transferNumber(chain, sequence))
        .digest("hex")
        .toUpperCase();
    assert.deepEqual(await hashesTo(1), [`2:${await hashOf(0n)}`, `3:${await hashOf(1n)}`]);
    assert.deepEqual(await hashesTo(2), []);
  });
});

test("a query thread searches by what the chain indexes: where it indexes no events, only the engine could tell", async () => {
  await withThreads({ txIndex: { ...FULL_TX_INDEX, events: false } }, async ({ chain }) => {
    await chain.deliver(await transferNumber(chain, 0n));
    const own = Object.getPrototypeOf(chain.app) as TestChain["app"];
    const query = `transfer.recipient='${chain.accounts[1]?.address ?? ""}'`;
    const data = GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query })).finish();
    const answer = await search(chain, query);
    assert.notEqual(answer.code, 0);
    assert.deepEqual(answer, await own.query(RequestQuery.fromPartial({ path: "/cosmos.tx.v1beta1.Service/GetTxsEvent", data })));
  });
});

test("every start of a query thread is told, the replacement of one that died, too", async () => {
  const starts: string[] = [];
  await withThreads({ threads: 2, started: (worker) => void starts.push(worker) }, async ({ act }) => {
    assert.deepEqual(starts, [], "none with the first commit: that may be of a block that is replayed");
    await until(() => starts.length > 0, "one soon after it");
    assert.deepEqual(starts, ["query"]);
    await Promise.all([act("answer"), act("answer")]);
    assert.deepEqual(starts, ["query", "query"]);
    await act("die");
    await until(() => starts.length === 3, "the thread that died was replaced");
  });
});

test("a burst of queries in which each takes long is no hanging thread", async () => {
  await withThreads({ deadlineMs: 3_000 }, async ({ act, errors, ready }) => {
    await ready();
    const answers = await Promise.all(Array.from({ length: 64 }, () => act("slow")));
    assert.ok(answers.some(({ code }) => code === 0) && answers.some(({ log }) => log.includes("DeadlineExceeded")));
    assert.deepEqual(errors, []);
  });
});

test("a query of seconds and a burst of two hundred delay no block, and blocks delay no query", async () => {
  await withThreads({ threads: 2 }, async ({ chain, words, act }) => {
    const slow = act("spin");
    await until(() => Atomics.load(words, word.spinning) === 1, "the query began");
    const began = Date.now();
    let answered = 0;
    const burst = Array.from({ length: 200 }, async () => {
      assert.equal((await act("answer")).code, 0);
      answered += 1;
    });
    const longest = { blockMs: 0 };
    let blocks = 0;
    // Some may stand behind the slow one in its thread.
    while (answered < 190 || Date.now() - began < 2_000) {
      const start = performance.now();
      await chain.deliver();
      longest.blockMs = Math.max(longest.blockMs, performance.now() - start);
      blocks += 1;
      // As between two messages of the consensus engine.
      await new Promise((wake) => setImmediate(wake));
      assert.ok(Date.now() - began < PATIENT_MS, "the burst is answered while blocks are made without a pause");
    }
    // Alone a block takes some milliseconds; behind the query, which still runs, it would never end.
    assert.ok(longest.blockMs < PATIENT_MS / 2, `the longest of ${blocks} blocks took ${longest.blockMs} ms`);
    Atomics.store(words, word.release, 1);
    assert.equal((await slow).code, 0);
    await Promise.all(burst);
  });
});

test("a simulation obeys the gas limit of queries, on the chain's own thread as in a query thread", async () => {
  await withThreads({ queryGasLimit: 30_000n }, async ({ chain, pool }) => {
    const txBytes = await transferNumber(chain, 0n);
    const own = await createTestChain({ app: { queryGasLimit: 30_000n } });
    await own.deliver();
    const data = SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes })).finish();
    for (const partial of [
      { path: "/cosmos.tx.v1beta1.Service/Simulate", data },
      { path: "/app/simulate", data: txBytes },
    ]) {
      const request = RequestQuery.fromPartial(partial);
      for (const answer of [await pool.query(request), await own.app.query(request)])
        assert.match(
          answer.log,
          /^rpc error: code = ResourceExhausted desc = a query may use 30000 gas on this node, this one asked for \d+: unknown request$/,
        );
    }
    assert.equal(chain.check(txBytes).code, 0, "the mempool has the transaction's own limit");
  });
});

test("a query over the gas limit is refused with ResourceExhausted", async () => {
  await withThreads({ queryGasLimit: 500n }, async ({ chain }) => {
    const { log } = await chain.query("/cosmos.auth.v1beta1.Query/Accounts");
    assert.match(
      log,
      /^rpc error: code = ResourceExhausted desc = a query may use 500 gas on this node, this one asked for \d+: unknown request$/,
    );
  });
});
