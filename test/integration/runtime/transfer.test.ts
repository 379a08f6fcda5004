import assert from "node:assert/strict";
import { test } from "node:test";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain } from "../../harness/testChain.ts";

const send = (from: string, to: string, amount: string, denom = "aai") =>
  message(MsgSend, { fromAddress: from, toAddress: to, amount: [{ denom, amount }] });

test("a signed transfer moves coins and takes the fee", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  const [alice, bob] = chain.accounts;
  assert.ok(alice && bob);
  const before = await chain.balance(bob.address);
  const tx = await chain.sign([send(alice.address, bob.address, "1234")], [alice]);
  const check = chain.check(tx);
  assert.equal(check.code, 0, check.log);
  const { txResults } = await chain.deliver(tx);
  assert.equal(txResults[0]?.code, 0, txResults[0]?.log);
  assert.equal(await chain.balance(bob.address), before + 1234n);
  assert.equal((await chain.signer(alice)).sequence, 1n);
});
