import assert from "node:assert/strict";
import { test } from "node:test";
import { readChainFacts, requireGenesis } from "../../../cmd/hanzod/selftest/recording/chainFacts.ts";
import { blockOf } from "../../../cmd/hanzod/selftest/recording/judgeTransfer.ts";
import { txCases } from "../../../cmd/hanzod/selftest/recording/judgeTx.ts";
import { transferState } from "../../../cmd/hanzod/selftest/recording/transferState.ts";
import { recording, testCases } from "../../harness/recordedCases.ts";

testCases("recorded transactions decode, are signed and execute as on the recorded chain", "transactions", txCases(recording), {
  same: 154,
  design: 6,
  outside: 0,
});

test("a transaction that fails its checks in the block leaves no events and pays nothing", async () => {
  const names = ["drain-everything", "ante-fails-in-block-fee", "ante-fails-in-block-sequence"];
  const [drain, fee, sequence] = names.map((name) => recording.tx?.txs.find((tx) => tx.name === name));
  assert.ok(drain && fee && sequence);
  const owner = drain.signed[0]?.address ?? "";
  const { amount } = drain.messages[0] as unknown as { readonly amount: readonly { readonly amount: string }[] };
  const { balances } = requireGenesis(recording).genesis.app_state.bank;
  const appState = transferState(recording, "genesis", drain, [
    ...balances.filter(({ address }) => address !== owner),
    { address: owner, coins: [{ denom: "stake", amount: String(BigInt(amount[0]?.amount ?? "0") + 10_000n) }] },
  ]);
  const results = await blockOf(recording, readChainFacts(recording), [drain, fee, sequence], appState);
  for (const [index, tx] of [drain, fee, sequence].entries()) {
    const { code, codespace, log } = results[index] ?? {};
    assert.deepEqual([code, codespace, log], [tx.result.code, tx.result.codespace, tx.result.log]);
  }
  assert.deepEqual([results[1]?.events, results[2]?.events], [[], []]);
});
