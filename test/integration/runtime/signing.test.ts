import assert from "node:assert/strict";
import { test } from "node:test";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { MultiSignature } from "../../../proto/gen/cosmos/crypto/multisig/v1beta1/multisig.ts";
import { SignDoc, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { type TestAccount, testAccounts } from "../../harness/accounts.ts";
import { createMultisig, editTx, message, signMultisig, signTx, type TestMessage, type TestMultisig } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const send = (from: string, to: string, amount = "5"): TestMessage =>
  message(MsgSend, { fromAddress: from, toAddress: to, amount: [{ denom: "aai", amount }] });
const FEE = [{ denom: "aai", amount: "5000" }];

async function ready(): Promise<TestChain & { readonly a: TestAccount; readonly b: TestAccount }> {
  const chain = await createTestChain();
  await chain.deliver();
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  return Object.assign(chain, { a, b });
}

test("stock direct and amino signatures are accepted, in the mempool and in the block", async () => {
  const chain = await ready();
  for (const mode of ["direct", "amino"] as const) {
    const tx = await chain.sign([send(chain.a.address, chain.b.address)], [chain.a], { memo: "<&> – ü", timeoutHeight: 100n }, mode);
    assert.equal(chain.check(tx).code, 0);
    assert.equal((await chain.deliver(tx)).txResults[0]?.code, 0);
  }
});

test("the texts of refused signatures name what the wallet should look at", async () => {
  const chain = await ready();
  const state = await chain.signer(chain.a);
  const base = { chainId: chain.chainId, signers: [state], fee: FEE };
  const wrongChain = { ...base, chainId: "other-1" };
  const direct = await signTx([send(chain.a.address, chain.b.address)], wrongChain);
  assert.equal(
    chain.check(direct).log,
    "signature verification failed; please verify account number (0) and chain-id (hanzo-test-1): (unable to verify single signer signature): unauthorized",
  );
  const amino = await signTx([send(chain.a.address, chain.b.address)], wrongChain, "amino");
  assert.equal(
    chain.check(amino).log,
    "signature verification failed; please verify account number (0), sequence (0) and chain-id (hanzo-test-1): unauthorized",
  );
  const early = await signTx([send(chain.a.address, chain.b.address)], { ...base, signers: [{ ...state, sequence: 3n }] });
  const answer = chain.check(early);
  assert.deepEqual([answer.code, answer.log], [32, "account sequence mismatch, expected 0, got 3: incorrect account sequence"]);
});

test("two signers of two messages both pay attention to their own numbers", async () => {
  const chain = await ready();
  const tx = await chain.sign([send(chain.a.address, chain.b.address), send(chain.b.address, chain.a.address)], [chain.a, chain.b], {
    gas: 300_000n,
  });
  assert.equal((await chain.deliver(tx)).txResults[0]?.code, 0);
  const swapped = await chain.sign([send(chain.a.address, chain.b.address), send(chain.b.address, chain.a.address)], [chain.b, chain.a]);
  assert.equal(chain.check(swapped).code, 8);
  const alone = await chain.sign([send(chain.a.address, chain.b.address), send(chain.b.address, chain.a.address)], [chain.a]);
  assert.equal(chain.check(alone).code, 4);
});

test("another payer of the fee signs, too, and pays", async () => {
  const chain = await ready();
  const before = await chain.balance(chain.b.address);
  const tx = await chain.sign([send(chain.a.address, chain.a.address)], [chain.a, chain.b], { payer: chain.b.address, fee: FEE });
  const [result] = (await chain.deliver(tx)).txResults;
  assert.equal(result?.code, 0, result?.log);
  assert.equal(await chain.balance(chain.b.address), before - 5000n);
});

test("a payer that is no address is refused before anything else is read", async () => {
  const chain = await ready();
  const tx = editTx(await chain.sign([send(chain.a.address, chain.b.address)], [chain.a]), ({ authInfo }) => {
    if (authInfo.fee !== undefined) authInfo.fee.payer = "nobody";
  });
  const { code, log, gasUsed } = chain.check(tx);
  assert.deepEqual([code, gasUsed], [7, 0n]);
  assert.match(log, /^invalid fee payer address \(decoding bech32 failed/);
});

test("a granter needs a grant, unless it pays for itself", async () => {
  const chain = await ready();
  const granted = await chain.sign([send(chain.a.address, chain.b.address)], [chain.a], { granter: chain.b.address });
  assert.equal(chain.check(granted).code, 38);
  const own = await chain.sign([send(chain.a.address, chain.b.address)], [chain.a], { granter: chain.a.address });
  assert.equal(chain.check(own).code, 0);
});

interface MultisigChain {
  readonly chain: TestChain;
  readonly members: readonly TestAccount[];
  readonly multisig: TestMultisig;
  sign(signing: readonly TestAccount[]): Promise<Uint8Array>;
}

async function multisigChain(threshold = 2): Promise<MultisigChain> {
  const chain = await ready();
  const members = (await testAccounts(13, "hanzo")).slice(10);
  const multisig = createMultisig(members, threshold, "hanzo");
  await chain.deliver(await chain.sign([send(chain.a.address, multisig.address, "1000000")], [chain.a]));
  return {
    chain,
    members,
    multisig,
    async sign(signing) {
      const { accountNumber, sequence } = await chain.signer({ address: multisig.address } as TestAccount);
      return signMultisig([send(multisig.address, chain.a.address)], multisig, signing, {
        chainId: chain.chainId,
        accountNumber,
        sequence,
        fee: FEE,
      });
    },
  };
}

test("any two of three, or all, sign for a multisig of threshold two", async () => {
  const { chain, members, sign } = await multisigChain();
  const [x, y, z] = members;
  assert.ok(x && y && z);
  for (const signing of [
    [x, y],
    [x, z],
    [z, y],
    [x, y, z],
  ]) {
    const [result] = (await chain.deliver(await sign(signing))).txResults;
    assert.equal(result?.code, 0, result?.log);
    // Each member's signature and the whole.
    assert.equal(result?.events.filter(({ attributes }) => attributes[0]?.key === "signature").length, signing.length + 1);
  }
});

test("a multisig below its threshold, with wrong bits or a stranger's signature is refused", async () => {
  const { chain, members, sign } = await multisigChain();
  const [x, y] = members;
  assert.ok(x && y);
  const good = await sign([x, y]);
  const refused: Readonly<Record<string, Uint8Array>> = {
    "one signature": await sign([x]),
    "bits of another size": editTx(good, ({ authInfo }) => {
      const multi = authInfo.signerInfos[0]?.modeInfo?.multi;
      if (multi?.bitarray !== undefined) multi.bitarray.extraBitsStored = 2;
    }),
    "bits of other members": editTx(good, ({ authInfo }) => {
      const multi = authInfo.signerInfos[0]?.modeInfo?.multi;
      if (multi?.bitarray !== undefined) multi.bitarray.elems = Uint8Array.of(0b1010_0000);
    }),
    "more bits than signatures": editTx(good, ({ authInfo }) => {
      const multi = authInfo.signerInfos[0]?.modeInfo?.multi;
      if (multi?.bitarray !== undefined) multi.bitarray.elems = Uint8Array.of(0b1110_0000);
    }),
    "the same signature twice": editTx(good, ({ signatures }) => {
      const {
        signatures: [first = new Uint8Array(0)],
      } = MultiSignature.decode(signatures[0] ?? new Uint8Array(0));
      signatures[0] = MultiSignature.encode({ signatures: [first, first] }).finish();
    }),
    "a mode missing": editTx(good, ({ authInfo }) => {
      authInfo.signerInfos[0]?.modeInfo?.multi?.modeInfos.pop();
    }),
    "a single mode": editTx(good, ({ authInfo }) => {
      const [info] = authInfo.signerInfos;
      if (info !== undefined) info.modeInfo = { single: { mode: 127 } };
    }),
  };
  for (const [what, tx] of Object.entries(refused)) assert.equal(chain.check(tx).code, 4, what);
  assert.equal(chain.check(good).code, 0);
});

test("members of a multisig may sign in different modes", async () => {
  const { chain, members, multisig, sign } = await multisigChain();
  const [x, y] = members;
  assert.ok(x && y);
  const { accountNumber } = await chain.signer({ address: multisig.address } as TestAccount);
  const mixed = editTx(await sign([x, y]), ({ authInfo }) => {
    const modes = authInfo.signerInfos[0]?.modeInfo?.multi?.modeInfos;
    if (modes !== undefined) modes[1] = { single: { mode: 1 } };
  });
  const raw = TxRaw.decode(mixed);
  const { signature } = await y.direct.signDirect(
    y.address,
    SignDoc.fromPartial({ bodyBytes: raw.bodyBytes, authInfoBytes: raw.authInfoBytes, chainId: chain.chainId, accountNumber }),
  );
  const {
    signatures: [first = new Uint8Array(0)],
  } = MultiSignature.decode(raw.signatures[0] ?? new Uint8Array(0));
  const second = Uint8Array.from(Buffer.from(signature.signature, "base64"));
  const tx = TxRaw.encode({ ...raw, signatures: [MultiSignature.encode({ signatures: [first, second] }).finish()] }).finish();
  const answer = chain.check(tx);
  assert.equal(answer.code, 0, answer.log);
});

test("more keys than the chain allows are refused before any is verified", async () => {
  const chain = await ready();
  const members = (await testAccounts(20, "hanzo")).slice(10, 18);
  const multisig = createMultisig(members, 8, "hanzo");
  await chain.deliver(await chain.sign([send(chain.a.address, multisig.address, "1000000")], [chain.a]));
  const { accountNumber, sequence } = await chain.signer({ address: multisig.address } as TestAccount);
  const tx = await signMultisig([send(multisig.address, chain.a.address)], multisig, members, {
    chainId: chain.chainId,
    accountNumber,
    sequence,
    fee: FEE,
    gas: 500_000n,
  });
  const { code, log } = chain.check(tx);
  assert.deepEqual([code, log], [14, "signatures: 8, limit: 7: maximum number of signatures exceeded"]);
});
