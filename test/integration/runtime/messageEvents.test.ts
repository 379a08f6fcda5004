import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt, type Ctx, withoutGas } from "../../../app/sdk/index.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { TxMsgData } from "../../../proto/gen/cosmos/base/abci/v1beta1/abci.ts";
import { EventCreditMinted } from "../../../proto/gen/hanzo/hmm/v1/events.ts";
import { MsgMintCredit } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { probeModule } from "../../harness/probeModule.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain } from "../../harness/testChain.ts";

/** What messages of the test do besides, by their text. */
function emit(ctx: Ctx, text: string): void {
  if (text === "1") {
    withoutGas(ctx).event("free", [["a", "b"]]);
    ctx.event("bare", []);
    ctx.emit(EventCreditMinted, EventCreditMinted.fromPartial({ amount: "7", vault: "9" }));
  } else if (text === "2") {
    const run = attempt(ctx, (inner) => inner.event("tried", [["module", "probe"]]));
    assert.ok(run.ok);
    for (const { type, attributes } of run.events)
      ctx.event(
        type,
        attributes.map(({ key, value }) => [key, value]),
      );
  }
}

test("the events of a message begin with its own and all end with its place; those of the checks have none", async () => {
  const chain = await createTestChain({ app: { modules: [consensus, auth, bank, probeModule({ onMessage: emit })] } });
  await chain.deliver();
  const [account] = chain.accounts;
  assert.ok(account);
  const write = (amount: string) => message(MsgMintCredit, { sender: account.address, amount });
  const [result] = (await chain.deliver(await chain.sign(["1", "2", "3"].map(write), [account]))).txResults;
  assert.equal(result?.code, 0, result?.log);
  const shown = result?.events.map(({ type, attributes }) => [type, ...attributes.map(({ key, value }) => `${key}=${value}`)]) ?? [];
  const own = (index: number, ...more: string[]): string[] => [
    "message",
    "action=/hanzo.hmm.v1.MsgMintCredit",
    `sender=${account.address}`,
    ...more,
    `msg_index=${index}`,
  ];
  const checks = shown.findIndex((event) => event.some((text) => text.startsWith("msg_index")));
  assert.deepEqual(
    shown.slice(0, checks).map(([type]) => type),
    ["coin_spent", "coin_received", "transfer", "message", "tx", "tx", "tx"],
  );
  assert.deepEqual(shown.slice(checks), [
    own(0, "module=hmm"),
    ["free", "a=b", "msg_index=0"],
    ["bare", "msg_index=0"],
    [EventCreditMinted.$type, 'amount="7"', 'owner=""', 'vault="9"', "msg_index=0"],
    own(1),
    ["tried", "module=probe", "msg_index=1"],
    own(2, "module=hmm"),
  ]);
  assert.deepEqual(
    TxMsgData.decode(result?.data ?? new Uint8Array(0)).msgResponses.map(({ typeUrl }) => typeUrl),
    Array.from({ length: 3 }, () => "/hanzo.hmm.v1.MsgMintCreditResponse"),
  );
});

test("the data of messages with nothing to answer names the types of their answers", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  const [account] = chain.accounts;
  assert.ok(account);
  const { address } = account;
  const send = message(MsgSend, { fromAddress: address, toAddress: address, amount: [{ denom: "aai", amount: "1" }] });
  for (const messages of [[send], [send, send]]) {
    const tx = await chain.sign(messages, [account]);
    const { txResults } = await chain.deliver(tx);
    const msgResponses = messages.map(() => ({ typeUrl: "/cosmos.bank.v1beta1.MsgSendResponse", value: new Uint8Array(0) }));
    assert.deepEqual(txResults[0]?.data, TxMsgData.encode({ data: [], msgResponses }).finish());
  }
});
