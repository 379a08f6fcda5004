import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { silentLog } from "../../../app/runtime/ports.ts";
import { loadSecp256k1, type Secp256k1Backend } from "../../../app/runtime/secp256k1Backend.ts";
import type { SignatureAid } from "../../../app/runtime/signature.ts";
import { SignatureThread } from "../../../app/threads/signatureThread.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { type ResponseCheckTx, ResponseFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { message, signTx, type TestSignMode } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

/** Counts what the chain's own thread verifies. */
function countingBackend(): Secp256k1Backend & { readonly count: number } {
  const backend = loadSecp256k1();
  let count = 0;
  return {
    kind: backend.kind,
    verify(signature, digest, publicKey) {
      count += 1;
      return backend.verify(signature, digest, publicKey);
    },
    get count() {
      return count;
    },
  };
}

async function txsOf(chain: TestChain): Promise<readonly Uint8Array[]> {
  const txs: Uint8Array[] = [];
  for (const [index, account] of chain.accounts.entries()) {
    const to = chain.accounts[(index + 1) % chain.accounts.length];
    assert.ok(to);
    for (let sequence = 0n; sequence < 3n; sequence++) {
      const mode: TestSignMode = index % 2 === 0 ? "direct" : "amino";
      const send = message(MsgSend, { fromAddress: account.address, toAddress: to.address, amount: [{ denom: "aai", amount: "7" }] });
      const signers = [{ account, accountNumber: BigInt(index), sequence }];
      const tx = await signTx([send], { chainId: chain.chainId, signers, fee: [{ denom: "aai", amount: "5000000000000" }] }, mode);
      // The last byte of a transaction is the last byte of its signature: one in six is wrong.
      if (index === 1 && sequence === 2n) tx.set([(tx.at(-1) ?? 0) ^ 1], tx.length - 1);
      if (index === 2 && sequence === 2n) tx.set([(tx.at(-1) ?? 0) ^ 1], tx.length - 1);
      txs.push(tx);
    }
  }
  return txs;
}

/** Runs until the thread must have helped. */
const MOST_TRIES = 20;

interface Outcome {
  readonly checks: readonly ResponseCheckTx[];
  readonly block: Uint8Array;
  readonly replayed: Uint8Array;
  readonly verified: number;
}

/** The same two blocks on a chain of its own: the first after CheckTx, the second unseen. */
async function run(signatureAid: SignatureAid | undefined, beforeBlock: () => Promise<void> = async () => {}): Promise<Outcome> {
  const backend = countingBackend();
  const aid = signatureAid === undefined ? {} : { signatureAid };
  const chain = await createTestChain({ app: { secp256k1: backend, ...aid } });
  await chain.deliver();
  const txs = await txsOf(chain);
  await chain.app.expectTxs?.(txs);
  const checks = txs.map((tx) => chain.check(tx));
  await beforeBlock();
  const block = ResponseFinalizeBlock.encode(await chain.deliver(...txs)).finish();
  const unseen = await createTestChain({ app: { secp256k1: countingBackend(), ...aid } });
  await unseen.deliver();
  const replayed = ResponseFinalizeBlock.encode(await unseen.deliver(...txs)).finish();
  return { checks, block, replayed, verified: backend.count };
}

test("results, gas and app hashes are the same with the signature thread on, off, ended, and with one that finds nothing", async () => {
  const off = await run(undefined);
  assert.equal(off.checks.filter(({ code }) => code === 0).length, 10);
  assert.equal(off.checks.filter(({ code }) => code === 4).length, 2);
  assert.deepEqual(off.replayed, off.block);
  const thread = new SignatureThread({ log: silentLog });
  let on = await run(thread);
  // A thread that starts late is not waited for, and is no help in the first blocks.
  for (let tries = 1; tries < MOST_TRIES && on.verified >= off.verified; tries++) on = await run(thread);
  const ended = await run(thread, async () => {
    const { worker } = thread;
    assert.ok(worker);
    worker.ref();
    const gone = once(worker, "exit");
    await worker.terminate();
    await gone;
    assert.equal(thread.start([]), undefined, "nobody takes a batch until the thread is back");
  });
  await thread.close();
  const other = new SignatureThread({ log: silentLog, kind: "javascript" });
  const mismatched = await run(other);
  await other.close();
  for (const outcome of [on, ended, mismatched]) {
    assert.deepEqual(outcome.checks, off.checks);
    assert.deepEqual(outcome.block, off.block);
    assert.deepEqual(outcome.replayed, off.block);
  }
  assert.ok(on.verified < off.verified, `${on.verified} of ${off.verified} verified by the chain's own thread`);
  assert.equal(mismatched.verified, off.verified, "a thread with another backend is not believed");
});

test("a batch under way when the thread ends is done, with nothing found right", async () => {
  const thread = new SignatureThread({ log: silentLog });
  const check = { signature: new Uint8Array(64).fill(1), message: new Uint8Array(32).fill(2), publicKey: new Uint8Array(33).fill(3) };
  const batch = thread.start(Array.from({ length: 5 }, () => check));
  assert.ok(batch);
  await thread.close();
  await batch.done;
  assert.equal(batch.isRight(0), false);
});
