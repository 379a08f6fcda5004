import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTimestamp } from "../../../app/encoding/timeText.ts";
import { hanzoStores } from "../../../app/hanzo.ts";
import { RUNTIME_STORE } from "../../../app/runtime/runtimeState.ts";
import { toTimestamp } from "../../../app/sdk/time.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { SimulateRequest, SimulateResponse } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { AuthInfo, TxBody, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { editTx } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import { deliverAt, sendToSelf, unorderedTx } from "../../harness/unorderedTx.ts";

const NOW = 1_790_000_100_000_000_000n;
const SECOND = 1_000_000_000n;

/** A chain whose last block has the time NOW, and the rows of nonces that it holds. */
async function ready() {
  const store = createMemoryCommitStore({ stores: hanzoStores });
  const chain = await createTestChain({ app: { store } });
  await deliverAt(chain, NOW);
  const nonces = (): number =>
    [
      ...store
        .latest()
        .store(RUNTIME_STORE)
        .iterate({ start: Uint8Array.of(4), end: Uint8Array.of(5) }),
    ].length;
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  return { store, chain, nonces, a, b };
}

const codes = (results: readonly { readonly code: number }[]): readonly number[] => results.map(({ code }) => code);

test("unordered transactions of one account pass in any order, step no sequence and show no acc_seq event", async () => {
  const { chain, nonces, a } = await ready();
  const txs = await Promise.all([5n, 3n, 4n, 600n].map((s) => unorderedTx(chain, [a], NOW + s * SECOND)));
  for (const tx of txs.toReversed()) assert.deepEqual([chain.check(tx).code, chain.check(tx, true).code], [0, 18]);
  const { txResults } = await deliverAt(chain, NOW + SECOND, ...txs);
  assert.deepEqual(codes(txResults), [0, 0, 0, 0]);
  const attributes = txResults.flatMap(({ events }) => events.filter(({ type }) => type === "tx").flatMap((event) => event.attributes));
  assert.deepEqual([...new Set(attributes.map(({ key }) => key))], ["fee", "fee_payer", "signature"]);
  assert.equal((await chain.signer(a)).sequence, 0n);
  assert.equal(nonces(), 4);
});

test("a nonce is an account's timeout: another transaction of the account with the same one is refused, another account's is not", async () => {
  const { chain, a, b } = await ready();
  const until = NOW + 60n * SECOND;
  const [one, other] = [await unorderedTx(chain, [a], until), await unorderedTx(chain, [a], until, { memo: "other" })];
  const joint = await unorderedTx(chain, [b, a], until);
  const { txResults } = await deliverAt(chain, NOW + SECOND, one, one, other, joint, await unorderedTx(chain, [b], until));
  assert.deepEqual(codes(txResults), [0, 18, 18, 18, 0]);
  const text = `failed to add unordered nonce: sender ${a.address} has already used timeout ${until}: invalid request`;
  assert.deepEqual([txResults[1]?.log, txResults[1]?.events], [text, []]);
  assert.equal(chain.check(one).log, text);
});

test("nonces go when their time has passed, not before, and an old block's transaction stays refused", async () => {
  const { chain, nonces, a } = await ready();
  const until = NOW + 10n * SECOND;
  const tx = await unorderedTx(chain, [a], until);
  assert.deepEqual(codes((await deliverAt(chain, NOW + SECOND, tx)).txResults), [0]);
  assert.deepEqual([codes((await deliverAt(chain, until, tx)).txResults), nonces()], [[18], 1]);
  assert.equal(chain.check(tx).code, 18);
  const late = await deliverAt(chain, until + 1n, tx);
  assert.deepEqual([codes(late.txResults), nonces()], [[42], 0]);
  assert.match(late.txResults[0]?.log ?? "", /^block time: .*, timeout timestamp: .*: tx timeout$/);
  assert.equal(chain.check(tx).code, 42);
});

test("a node that starts again, and one that executes a block again, still know the nonces", async () => {
  const { store, chain, a } = await ready();
  const tx = await unorderedTx(chain, [a], NOW + 60n * SECOND);
  assert.deepEqual(codes((await chain.app.finalizeBlock(chain.nextBlock(tx))).txResults), [0]);
  assert.deepEqual(codes((await deliverAt(chain, NOW + SECOND, tx)).txResults), [0]);
  const again = await createTestChain({ app: { store } });
  assert.deepEqual([again.check(tx).code, codes((await deliverAt(again, NOW + 2n * SECOND, tx)).txResults)], [18, [18]]);
});

test("a failed message uses up the nonce and the fee; a failed check uses up nothing", async () => {
  const { chain, nonces, a } = await ready();
  const until = NOW + 60n * SECOND;
  const wrong = editTx(await unorderedTx(chain, [a], until), ({ signatures }) => {
    signatures[0] = new Uint8Array(64).fill(1);
  });
  const enough = await simulate(chain, await unorderedTx(chain, [a], until));
  const poor = await unorderedTx(chain, [a], until, { gas: enough - 1n });
  const before = await chain.balance(a.address);
  const { txResults } = await deliverAt(chain, NOW + SECOND, wrong, poor, poor);
  assert.deepEqual(codes(txResults), [4, 11, 18]);
  assert.deepEqual([nonces(), await chain.balance(a.address)], [1, before - 1000n]);
});

test("a simulation costs exactly what delivery costs, uses nothing up, and does not mind a used nonce", async () => {
  const { chain, a, b } = await ready();
  const tx = await unorderedTx(chain, [a, b], NOW + 60n * SECOND);
  const first = await simulate(chain, tx);
  assert.equal(await simulate(chain, tx), first);
  const { txResults } = await deliverAt(chain, NOW + SECOND, tx);
  assert.deepEqual([txResults[0]?.code, txResults[0]?.gasUsed], [0, first]);
  assert.ok((await simulate(chain, tx)) > 0n);
});

test("unordered costs 2240 gas and the nonce's row on top, less the step of the sequence", async () => {
  const { chain, a, b } = await ready();
  const gasOf = async (tx: Uint8Array): Promise<bigint> => (await deliverAt(chain, NOW + SECOND, tx)).txResults[0]?.gasUsed ?? 0n;
  // Both accounts have a key already, so that none is written.
  for (const account of [a, b]) await gasOf(await unorderedTx(chain, [account], NOW + 2n * SECOND));
  const one = await gasOf(await unorderedTx(chain, [a], NOW + 60n * SECOND));
  const two = await gasOf(await unorderedTx(chain, [a], NOW + 61n * SECOND, { memo: "12345678" }));
  assert.equal(two - one, 10n * 10n);
  // has 1000; set 2000 + 30 a byte: prefix, time, address, value
  const nonceGas = 2240n + 1000n + 2000n + 30n * (1n + 8n + 20n + 1n);
  const failing = editTx(await unorderedTx(chain, [a], NOW + 62n * SECOND), ({ signatures }) => {
    signatures[0] = new Uint8Array(64);
  });
  const used = await gasOf(failing);
  const tooFar = await gasOf(
    editTx(failing, ({ body }) => {
      body.timeoutTimestamp = toTimestamp(NOW + 900n * SECOND);
    }),
  );
  assert.equal(used - tooFar, nonceGas);
});

test("amino JSON signers sign sequence 0 and the timeout, whatever the account's sequence is", async () => {
  const { chain, a } = await ready();
  await deliverAt(chain, NOW + SECOND, await chain.sign([sendToSelf(a)], [a]));
  assert.equal((await chain.signer(a)).sequence, 1n);
  const until = NOW + 60n * SECOND;
  const { accountNumber } = await chain.signer(a);
  const sign = async (sequence: string): Promise<Uint8Array> => {
    const tx = editTx(await unorderedTx(chain, [a], until), ({ authInfo }) => {
      for (const info of authInfo.signerInfos) info.modeInfo = { single: { mode: 127 } };
    });
    const { body, authInfo } = {
      body: TxBody.decode(TxRaw.decode(tx).bodyBytes),
      authInfo: AuthInfo.decode(TxRaw.decode(tx).authInfoBytes),
    };
    const doc = {
      account_number: String(accountNumber),
      chain_id: chain.chainId,
      fee: { amount: authInfo.fee?.amount ?? [], gas: String(authInfo.fee?.gasLimit) },
      memo: body.memo,
      msgs: [
        {
          type: "cosmos-sdk/MsgSend",
          value: { from_address: a.address, to_address: a.address, amount: [{ denom: "aai", amount: "1" }] },
        },
      ],
      sequence,
      timeout_timestamp: formatTimestamp(toTimestamp(until), "shortest"),
      unordered: true,
    };
    const { signature } = await a.amino.signAmino(a.address, doc);
    return editTx(tx, ({ signatures }) => {
      signatures[0] = Uint8Array.from(Buffer.from(signature.signature, "base64"));
    });
  };
  assert.equal(chain.check(await sign("1")).code, 4);
  assert.equal(chain.check(await sign("0")).code, 0);
});

test("an unordered transaction needs a timeout within ten minutes and no sequence", async () => {
  const { chain, a } = await ready();
  const texts = async (until: bigint, sequence = 0n): Promise<readonly unknown[]> => {
    const { code, log } = chain.check(await unorderedTx(chain, [a], until, { sequence }));
    return [code, log];
  };
  assert.deepEqual(await texts(0n), [18, "unordered transaction must have timeout_timestamp set: invalid request"]);
  assert.deepEqual(await texts(NOW + 600n * SECOND + 1n), [18, "unordered tx ttl exceeds 10m0s: invalid request"]);
  assert.deepEqual(await texts(NOW + SECOND, 7n), [18, "sequence is not allowed for unordered transactions: invalid request"]);
  assert.equal((await texts(NOW - 1n))[0], 42);
  assert.deepEqual(await texts(NOW + 600n * SECOND), [0, ""]);
  assert.deepEqual(await texts(NOW), [0, ""]);
});

async function simulate(chain: TestChain, txBytes: Uint8Array): Promise<bigint> {
  const request = SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes })).finish();
  const { code, log, value } = await chain.query("/cosmos.tx.v1beta1.Service/Simulate", request);
  assert.equal(code, 0, log);
  return SimulateResponse.decode(value).gasInfo?.gasUsed ?? 0n;
}
