import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { toTimestamp } from "../../../app/runtime/time.ts";
import { TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { type ExecTxResult, RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import {
  createSdkChain,
  type RecordedBalance,
  type RecordedGenesis,
  type RecordedTx,
  type RecordedTxs,
  recorded,
} from "../../harness/sdkChain.ts";

const HEIGHT = 2n;
const TIME = "2026-11-23T07:17:50Z";
const { genesis } = recorded<RecordedGenesis>("genesis");
const state = genesis.app_state;
const transfers = recorded<RecordedTxs>("tx").txs.filter((tx) => tx.messages.every((m) => m["@type"].startsWith("/cosmos.bank.")));

/** Transfers with another result on this chain, and why. */
const DIFFERENT: Readonly<Record<string, readonly [code: number, why: string]>> = {
  "send-textual": [4, "SIGN_MODE_TEXTUAL is not supported"],
  "feegrant-use-basic": [38, "no fee grants yet"],
  "feegrant-use-periodic": [38, "no fee grants yet"],
  "feegrant-use-allowed-msg": [38, "no fee grants yet"],
  "vesting-send-locked": [0, "vesting accounts come as plain ones"],
  "odd-send-plus": [2, "canonical amounts"],
  "odd-send-leading-zero": [2, "canonical amounts"],
  "odd-send-hexadecimal": [2, "canonical amounts"],
  "odd-send-binary": [2, "canonical amounts"],
  "odd-send-underscore": [2, "canonical amounts"],
};
/** Transactions of the block in which an account runs dry; they stand in a test of their own. */
const SAME_BLOCK = ["drain-everything", "ante-fails-in-block-fee", "ante-fails-in-block-sequence"];

test("recorded transfers give the recorded code, data and events in the recorded order", async () => {
  let compared = 0;
  for (const tx of transfers) {
    if (SAME_BLOCK.includes(tx.name)) continue;
    const [result] = await replay([tx], stateFor(tx));
    assert.ok(result);
    const other = DIFFERENT[tx.name];
    if (other === undefined) compareResult(tx, result);
    else assert.equal(result.code, other[0], `${tx.name}: ${result.log}`);
    compared += 1;
  }
  assert.equal(compared, 45);
});

test("a transaction that fails its checks in the block leaves no events and pays nothing", async () => {
  const block = SAME_BLOCK.map((name) => transfers.find((tx) => tx.name === name));
  const [drain, fee, sequence] = block;
  assert.ok(drain && fee && sequence);
  const owner = drain.signed[0]?.address ?? "";
  const sent =
    (drain.messages[0] as unknown as RecordedBalance & { readonly amount: readonly { readonly amount: string }[] }).amount[0]?.amount ??
    "0";
  const balances = [
    ...state.bank.balances.filter(({ address }) => address !== owner),
    { address: owner, coins: [{ denom: "stake", amount: String(BigInt(sent) + 10_000n) }] },
  ];
  const results = await replay([drain, fee, sequence], stateFor(drain, balances));
  for (const [index, tx] of [drain, fee, sequence].entries()) {
    const result = results[index];
    assert.ok(result);
    compareResult(tx, result);
    assert.equal(result.log, tx.result.log);
  }
  assert.deepEqual([results[1]?.events, results[2]?.events], [[], []]);
});

function compareResult(tx: RecordedTx, result: ExecTxResult): void {
  const events = result.events.map(({ type, attributes }) => [type, attributes.map(({ key, value }) => [key, value])]);
  assert.equal(result.code, tx.result.code, `${tx.name}: ${result.log}`);
  assert.equal(result.codespace, tx.result.codespace, tx.name);
  assert.equal(toHex(result.data), tx.result.data, tx.name);
  assert.equal(String(result.gasWanted), tx.result.gas_wanted, tx.name);
  assert.deepEqual(events, tx.result.events, tx.name);
  // Balances in texts are those of the recorded history.
  if (!tx.result.log.includes("spendable balance")) assert.equal(result.log, tx.result.log, tx.name);
}

async function replay(txs: readonly RecordedTx[], appState: Readonly<Record<string, unknown>>): Promise<readonly ExecTxResult[]> {
  const app = await createSdkChain({ appState, height: HEIGHT, time: TIME });
  const bytes = txs.map((tx) =>
    TxRaw.encode({
      bodyBytes: fromHex(tx.body_bytes),
      authInfoBytes: fromHex(tx.auth_info_bytes),
      signatures: tx.signatures.map(fromHex),
    }).finish(),
  );
  const time = toTimestamp(1_795_418_270_000_000_000n);
  const { txResults } = await app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: HEIGHT + 1n, time, txs: bytes }));
  return txResults;
}

/** Genesis with the numbers that the signers had when they signed, and with money for those who have none there. */
function stateFor({ signed }: RecordedTx, known: readonly RecordedBalance[] = state.bank.balances): Readonly<Record<string, unknown>> {
  const others = state.auth.accounts
    .map(({ address = "" }) => address)
    .filter((address) => address !== "" && !signed.some((s) => s.address === address));
  const accounts = [
    ...signed.map(({ address, account_number, sequence }) => account(address, account_number, sequence)),
    ...others.map((address, index) => account(address, String(1000 + index), "0")),
  ];
  const poor = signed.filter(({ address }) => !known.some((balance) => balance.address === address));
  const gift = [
    { denom: "photon", amount: "1000000000" },
    { denom: "stake", amount: "1000000000000" },
  ];
  return {
    auth: { params: state.auth.params, accounts },
    bank: { ...state.bank, balances: [...known, ...poor.map(({ address }) => ({ address, coins: gift }))], supply: [] },
  };
}

function account(address: string, account_number: string, sequence: string) {
  return { "@type": "/cosmos.auth.v1beta1.BaseAccount", address, pub_key: null, account_number, sequence };
}
