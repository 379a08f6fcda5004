import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ctx, sdkError } from "../../../app/sdk/index.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { QueryVaultResponse } from "../../../proto/gen/hanzo/hmm/v1/query.ts";
import { MsgMintCredit } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { fc } from "../../harness/fastCheck.ts";
import { diskFailure, probeModule } from "../../harness/probeModule.ts";
import { message, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const ANTE_EVENTS = ["coin_spent", "coin_received", "transfer", "message", "tx", "tx", "tx"];
const FEE = 5_000_000_000_000n;

async function probeChain(onMessage: (ctx: Ctx, text: string) => void, logged: string[] = []): Promise<TestChain> {
  const modules = [consensus, auth, bank, probeModule({ onMessage })];
  const chain = await createTestChain({
    app: { modules, log: { info: () => {}, error: (text, fields) => void logged.push(`${text} ${JSON.stringify(fields)}`) } },
  });
  await chain.deliver();
  return chain;
}

const write = (chain: TestChain, index: number, amount: string): TestMessage =>
  message(MsgMintCredit, { sender: chain.accounts[index]?.address ?? "", amount });
const send = (chain: TestChain, amount: string): TestMessage =>
  message(MsgSend, {
    fromAddress: chain.accounts[0]?.address ?? "",
    toAddress: chain.accounts[1]?.address ?? "",
    amount: [{ denom: "aai", amount }],
  });
const lastWritten = async (chain: TestChain): Promise<string> =>
  QueryVaultResponse.decode((await chain.query("/hanzo.hmm.v1.Query/Vault")).value).creditSupply;
const signer = (chain: TestChain) => {
  const [account] = chain.accounts;
  assert.ok(account);
  return account;
};

test("a message that fails takes the writes of those before it along; fee and sequence stay", async () => {
  const chain = await probeChain((_, text) => {
    if (text === "13") throw sdkError.conflict("thirteen");
  });
  const before = await chain.balance(signer(chain).address);
  const tx = await chain.sign([write(chain, 0, "12"), send(chain, "77"), write(chain, 0, "13"), write(chain, 0, "14")], [signer(chain)]);
  const [result] = (await chain.deliver(tx)).txResults;
  assert.equal(result?.code, 36);
  assert.equal(result?.log, "failed to execute message; message index: 2: thirteen: conflict");
  assert.equal(result?.data.length, 0);
  assert.deepEqual(
    result?.events.map(({ type }) => type),
    ANTE_EVENTS,
  );
  assert.equal(await lastWritten(chain), "-1");
  assert.equal(await chain.balance(signer(chain).address), before - FEE);
  assert.equal((await chain.signer(signer(chain))).sequence, 1n);
});

test("a failing transaction leaves no trace besides fee and sequence, whichever message fails", async () => {
  const chain = await probeChain((_, text) => {
    if (text === "666") throw sdkError.conflict("evil");
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("write", "send"), { minLength: 0, maxLength: 3 }), fc.nat(3), async (kinds, at) => {
      const messages = kinds.map((kind, i) => (kind === "write" ? write(chain, 0, String(i)) : send(chain, "3")));
      messages.splice(at % (messages.length + 1), 0, write(chain, 0, "666"));
      const before = [await chain.balance(signer(chain).address), (await chain.signer(signer(chain))).sequence, await lastWritten(chain)];
      const [result] = (await chain.deliver(await chain.sign(messages, [signer(chain)], { gas: 600_000n }))).txResults;
      assert.equal(result?.code, 36);
      const after = [await chain.balance(signer(chain).address), (await chain.signer(signer(chain))).sequence, await lastWritten(chain)];
      assert.deepEqual(after, [(before[0] as bigint) - FEE, (before[1] as bigint) + 1n, before[2]]);
    }),
    { seed: 4, numRuns: 12 },
  );
});

test("an unknown exception becomes code 1 with no detail for strangers and the stack in the log", async () => {
  const logged: string[] = [];
  const chain = await probeChain(() => {
    throw new TypeError("secret path /home/x");
  }, logged);
  const [result] = (await chain.deliver(await chain.sign([write(chain, 0, "1")], [signer(chain)]))).txResults;
  assert.deepEqual([result?.code, result?.codespace], [1, "sdk"]);
  assert.equal(result?.log, "failed to execute message; message index: 0: internal");
  assert.match(logged.join(), /TypeError: secret path/);
});

test("a failing store and an exhausted stack stop the node instead of failing the transaction", async () => {
  const endless = (n: number): number => endless(n + 1) + 1;
  for (const fail of [
    () => {
      throw diskFailure();
    },
    () => void endless(0),
  ]) {
    const chain = await probeChain(fail);
    const tx = await chain.sign([write(chain, 0, "1")], [signer(chain)]);
    assert.throws(() => chain.app.finalizeBlock(chain.nextBlock(tx)));
  }
});

test("running out of gas in a message costs the whole limit's fee, keeps the ante events and reports what was asked for", async () => {
  const chain = await probeChain((ctx) => ctx.gas(1_000_000n, "hard work"));
  const [result] = (await chain.deliver(await chain.sign([write(chain, 0, "1")], [signer(chain)]))).txResults;
  assert.deepEqual([result?.code, result?.codespace, result?.gasWanted], [11, "sdk", 200_000n]);
  assert.ok((result?.gasUsed ?? 0n) > 1_000_000n);
  assert.match(result?.log ?? "", /^out of gas in location: hard work; gasWanted: 200000, gasUsed: \d+: out of gas$/);
  assert.deepEqual(
    result?.events.map(({ type }) => type),
    ANTE_EVENTS,
  );
  assert.equal(await lastWritten(chain), "-1");
});

test("gas is the same whether the signature was seen before or not", async () => {
  const one = await probeChain(() => {});
  const other = await probeChain(() => {});
  const tx = await one.sign([write(one, 0, "1")], [signer(one)]);
  assert.equal(one.check(tx).code, 0);
  const [seen] = (await one.deliver(tx)).txResults;
  const [unseen] = (await other.deliver(tx)).txResults;
  assert.deepEqual(seen, unseen);
});

test("the mempool's state carries fees and sequences of waiting transactions, and starts from the block after each commit", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  const state = await chain.signer(signer(chain));
  const at = (sequence: bigint) => chain.sign([send(chain, "1")], [signer(chain)], { memo: String(sequence) });
  const first = await at(0n);
  assert.equal(chain.check(first).code, 0);
  assert.equal(chain.check(first).code, 32);
  assert.equal(state.sequence, 0n);
  assert.equal(await chain.balance(signer(chain).address), 10n ** 24n);
  const { txResults } = await chain.deliver(first);
  assert.equal(txResults[0]?.code, 0);
  assert.equal(chain.check(first, true).code, 32);
  const second = await at(1n);
  assert.equal(chain.check(second).code, 0);
  await chain.deliver();
  assert.equal(chain.check(second, true).code, 0);
  assert.equal((await chain.deliver(second)).txResults[0]?.code, 0);
});

test("a recheck verifies no signature", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  const tx = await chain.sign([send(chain, "1")], [signer(chain)]);
  const damaged = tx.slice();
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  assert.equal(chain.check(damaged).code, 4);
  assert.equal(chain.check(damaged, true).code, 0);
});

test("a transaction that fails in CheckTx leaves the mempool's state alone", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  const wrong = await chain.sign([send(chain, "0")], [signer(chain)]);
  assert.equal(chain.check(wrong).code, 10);
  assert.equal(chain.check(await chain.sign([send(chain, "1")], [signer(chain)])).code, 0);
});

test("of bytes that are no transaction the mempool says why, a block that they are none, whatever its gas", async () => {
  const chain = await createTestChain({ accounts: 3, maxGas: 80_000n });
  await chain.deliver();
  const bytes = Uint8Array.of(0xff);
  const { code, log } = chain.check(bytes);
  assert.equal(code, 2);
  assert.match(log, /.+: tx parse error$/);
  // Two that run out of their gas leave the block none.
  const greedy = await Promise.all(
    chain.accounts.map((account) => {
      const amount = [{ denom: "aai", amount: "1" }];
      return chain.sign([message(MsgSend, { fromAddress: account.address, toAddress: account.address, amount })], [account], {
        gas: 50_000n,
      });
    }),
  );
  const { txResults } = await chain.deliver(bytes, ...greedy, bytes);
  assert.match(txResults.at(-2)?.log ?? "", /no block gas left to run tx/);
  for (const result of [txResults[0], txResults.at(-1)])
    assert.deepEqual(
      [result?.codespace, result?.code, result?.log, result?.gasWanted, result?.gasUsed],
      ["sdk", 2, "tx parse error", 0n, 0n],
    );
});
