import assert from "node:assert/strict";
import { test } from "node:test";
import { hanzoStores } from "../../../app/hanzo.ts";
import { loadSecp256k1, type Secp256k1Backend } from "../../../app/runtime/secp256k1Backend.ts";
import type { SignatureAid, SignedDocument } from "../../../app/runtime/signature.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import type { Overlay } from "../../../app/store/kv.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { message, signTx } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

/** An aid that finds right what it is told to, and keeps what it was asked. */
class FakeAid implements SignatureAid {
  asked: readonly SignedDocument[] = [];
  readonly right = new Set<number>();

  start(documents: readonly SignedDocument[]): ReturnType<SignatureAid["start"]> {
    this.asked = documents;
    const found = new Set(this.right);
    return { isRight: (index) => found.has(index), done: Promise.resolve() };
  }
}

interface Bench {
  readonly chain: TestChain;
  readonly aid: FakeAid;
  /** Signatures that the chain's own thread has verified. */
  readonly own: () => number;
  /** Accounts that were read from working state. */
  readonly reads: () => number;
  send(from: TestAccount, sequence: bigint): Promise<Uint8Array>;
}

/** An overlay that tells of reads of accounts. */
function countReads(overlay: Overlay, read: () => void): Overlay {
  return {
    savepoint: () => overlay.savepoint(),
    rollback: (to) => overlay.rollback(to),
    release: (to) => overlay.release(to),
    changes: () => overlay.changes(),
    follow: () => overlay.follow(),
    takeWrites: () => overlay.takeWrites(),
    store(name) {
      const store = overlay.store(name);
      return {
        get(key, text) {
          if (name === "acc") read();
          return store.get(key, text);
        },
        has: (key, text) => store.has(key, text),
        iterate: (range) => store.iterate(range),
        set: (key, value, text) => store.set(key, value, text),
        delete: (key) => store.delete(key),
      };
    },
  };
}

async function bench(): Promise<Bench> {
  const aid = new FakeAid();
  const native = loadSecp256k1();
  let count = 0;
  const secp256k1: Secp256k1Backend = {
    kind: native.kind,
    verify(...parts) {
      count++;
      return native.verify(...parts);
    },
  };
  let reads = 0;
  const store = createMemoryCommitStore({ stores: hanzoStores, initialVersion: 1n });
  const open = store.overlay.bind(store);
  store.overlay = () => countReads(open(), () => reads++);
  const chain = await createTestChain({ app: { secp256k1, signatureAid: aid, store } });
  await chain.deliver();
  const send = async (from: TestAccount, sequence: bigint): Promise<Uint8Array> => {
    const { accountNumber } = await chain.signer(from);
    const value = { fromAddress: from.address, toAddress: from.address, amount: [{ denom: "aai", amount: "7" }] };
    const signers = [{ account: from, accountNumber, sequence }];
    return signTx([message(MsgSend, value)], { chainId: chain.chainId, signers, fee: [{ denom: "aai", amount: "5000000000000" }] });
  };
  return { chain, aid, own: () => count, reads: () => reads, send };
}

/** A transaction with another signature, or with its only signer's key replaced by another one of the same length. */
function altered(tx: Uint8Array, signature: Uint8Array): Uint8Array {
  return TxRaw.encode({ ...TxRaw.decode(tx), signatures: [signature] }).finish();
}

function withKey(tx: Uint8Array, own: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = Buffer.from(tx);
  const at = bytes.indexOf(own);
  assert.ok(at > 0);
  bytes.set(other, at);
  return new Uint8Array(bytes);
}

test("what is found right ahead is not verified again, by its place among what was asked, whatever is no signature", async () => {
  const { chain, aid, own, send } = await bench();
  const [first, second, third] = chain.accounts;
  assert.ok(first && second && third);
  const txs = [await send(first, 0n), altered(await send(second, 0n), new Uint8Array(64)), await send(third, 0n)];
  aid.right.add(1);
  await chain.app.expectTxs?.(txs);
  assert.equal(aid.asked.length, 2, "a signature of zeros need not be looked at");
  const codes = txs.map((tx) => chain.check(tx).code);
  assert.deepEqual([codes, own()], [[0, 4, 0], 1], "the third was found right");
});

test("the second transaction of an account is asked about as its account says, from memory", async () => {
  const { chain, aid, own, reads, send } = await bench();
  const account = chain.accounts[2];
  assert.ok(account);
  const native = loadSecp256k1();
  for (let sequence = 0n; sequence < 3n; sequence++) {
    const tx = await send(account, sequence);
    const before = reads();
    await chain.app.expectTxs?.([tx]);
    assert.equal(reads() - before, sequence === 0n ? 1 : 0);
    const [document] = aid.asked;
    assert.ok(document);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", document.message.slice()));
    assert.equal(native.verify(document.signature, digest, document.publicKey), true, `sequence ${sequence}`);
    assert.deepEqual([chain.check(tx).code, own()], [0, Number(sequence) + 1]);
    if (sequence === 0n) await chain.deliver(tx);
  }
});

test("nobody makes the chain remember a wrong number for another one's key", async () => {
  const { chain, aid, send } = await bench();
  const [first, , third] = chain.accounts;
  assert.ok(first && third);
  await chain.app.expectTxs?.([withKey(await send(first, 0n), first.publicKey, third.publicKey)]);
  assert.equal(aid.asked.length, 0, "a key that is not the signer's");
  const tx = await send(third, 0n);
  aid.right.add(0);
  await chain.app.expectTxs?.([tx]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", (aid.asked[0]?.message ?? new Uint8Array(0)).slice()));
  assert.equal(loadSecp256k1().verify(TxRaw.decode(tx).signatures[0] ?? new Uint8Array(64), digest, third.publicKey), true);
});
