import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { createAddressCodec, ModuleError } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import type { Bench } from "../../harness/moduleBench.ts";
import { createRecordedBench } from "../../harness/recordedChain.ts";
import { type RecordedEvent, type RecordedTx, readSdkVectors } from "../../harness/sdkVectors.ts";

const codec = createAddressCodec("cosmos");
/** Other ways to write a number are no amounts here. */
const NOT_CANONICAL = new Set(["odd-send-plus", "odd-send-leading-zero", "odd-send-hexadecimal", "odd-send-binary", "odd-send-underscore"]);
/** Needs what other modules bring, or is about the limits of a transaction. */
const ELSEWHERE = new Set(["vesting-send-locked", "fail-out-of-gas", "ante-fails-in-block-sequence"]);
const COIN_EVENTS = new Set(["coin_spent", "coin_received", "transfer", "message"]);

const txs = readSdkVectors("tx").txs.filter(
  ({ name, messages, result }) =>
    messages.every((message) => message["@type"].startsWith("/cosmos.bank.")) &&
    !ELSEWHERE.has(name) &&
    (result.events.length > 0 || name === "ante-fails-in-block-fee"),
);
/** Events of the fee: everything of the bank before the messages begin. */
const feeEvents = (events: readonly RecordedEvent[]): RecordedEvent[] =>
  events.filter(([type, attributes]) => COIN_EVENTS.has(type) && !attributes.some(([key]) => key === "msg_index"));

/** Events of one message that the bank makes, as text, without the index that the runtime adds. */
function linesOf(events: readonly RecordedEvent[], index: number): string[] {
  const own = events.filter(
    ([type, attributes]) =>
      COIN_EVENTS.has(type) &&
      attributes.some(([key, value]) => key === "msg_index" && value === String(index)) &&
      !attributes.some(([key]) => key === "action"),
  );
  return own.map(
    ([type, attributes]) =>
      `${type}(${attributes
        .filter(([key]) => key !== "msg_index")
        .map(([key, value]) => `${key}=${value}`)
        .join(", ")})`,
  );
}

/** Who pays: the sender of the first message, unless the recording says otherwise. */
function payerOf({ messages, result }: RecordedTx): string {
  const spender = result.events.find(([type]) => type === "coin_spent")?.[1].find(([key]) => key === "spender")?.[1];
  return spender ?? codec.format(codec.parse(messages[0]?.["from_address"] as string));
}

describe("transfers happen as on a recorded SDK chain", () => {
  it("all of them", () => assert.ok(txs.length >= 40, String(txs.length)));
  for (const tx of txs) {
    it(`${tx.name} gives ${tx.result.codespace}/${tx.result.code}`, () => {
      const bench = createRecordedBench("genesis");
      const { mint } = bench.facet(bank, "mint");
      const { burn } = bench.facet(bank, "burn");
      const { deductFee } = bench.facet(bank, "fees");
      const { balance } = bench.facet(bank, "view");
      const payer = payerOf(tx);
      // The recording's balances at that height are known only where a failure names them; elsewhere there is enough.
      const [, spendable, denom] = /spendable balance (\d+)([a-z]+) /.exec(tx.result.log) ?? [];
      mint(bench.ctx, payer, "stake", 1_000_000_000n);
      const inFee = tx.name.startsWith("ante-fails");
      const adjust = (): void => {
        if (spendable === undefined || denom === undefined || denom === "nothing") return;
        const have = balance(bench.ctx, payer, denom);
        const want = BigInt(spendable);
        if (have < want) mint(bench.ctx, payer, denom, want - have);
        else burn(bench.ctx, payer, denom, have - want);
      };
      if (inFee) adjust();
      bench.takeEvents();
      const outcome = attempt(() =>
        deductFee(
          bench.ctx,
          payer,
          tx.fee.amount.map(({ denom, amount }) => ({ denom, amount: BigInt(amount) })),
        ),
      );
      const feeLines = bench.takeEvents().map(({ type, attributes }) => [type, attributes.map(({ key, value }) => [key, value])]);
      if (inFee) {
        assert.deepEqual([outcome?.codespace, outcome?.code, outcome?.message], [tx.result.codespace, tx.result.code, tx.result.log]);
        return;
      }
      if (tx.fee.amount.length > 0) assert.deepEqual(feeLines, feeEvents(tx.result.events));
      const failsAt = Number(/message index: (\d+)/.exec(tx.result.log)?.[1] ?? -1);
      const { messages } = TxBody.decode(Uint8Array.from(Buffer.from(tx.body_bytes, "hex")));
      for (const [index, { typeUrl, value }] of messages.entries()) {
        const failure = NOT_CANONICAL.has(tx.name) || index === failsAt;
        if (failure) adjust();
        bench.takeEvents();
        const error = attempt(() => bench.send(typeUrl, decode(bench, typeUrl, value)));
        if (NOT_CANONICAL.has(tx.name)) assert.deepEqual([error?.codespace, error?.code], ["sdk", 10]);
        else if (index === failsAt)
          assert.deepEqual(
            [error?.codespace, error?.code, `failed to execute message; message index: ${index}: ${error?.message}`],
            [tx.result.codespace, tx.result.code, tx.result.log],
          );
        else assert.equal(error, undefined);
        const lines = bench
          .takeEvents()
          .map(({ type, attributes }) => `${type}(${attributes.map(({ key, value }) => `${key}=${value}`).join(", ")})`);
        if (tx.result.code === 0 && !NOT_CANONICAL.has(tx.name)) assert.deepEqual(lines, linesOf(tx.result.events, index));
        if (failure) break;
      }
      assert.deepEqual(bench.broken(), []);
    });
  }
});

describe("numbers of accounts are as on a recorded SDK chain", () => {
  it("in genesis: file order, then the fee collector", () => {
    const bench = createRecordedBench("genesis");
    const { findAccount } = bench.facet(auth, "ante");
    assert.equal(findAccount(bench.ctx, "cosmos12ry9pq9u4xupgwkxcm3hrctpeftgh0gfnymfln")?.accountNumber, 0n);
    assert.equal(findAccount(bench.ctx, "cosmos1u43ykptrlmzk5m5phg0nzecfqzc3afuz8svwz5")?.accountNumber, 19n);
    assert.equal(findAccount(bench.ctx, "cosmos17xpfvakm2amg962yls6f84z3kell8c5lserqta")?.accountNumber, 20n);
  });
});

function attempt(run: () => unknown): ModuleError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ModuleError, String(error));
    return error;
  }
}

function decode(bench: Bench, typeUrl: string, value: Uint8Array): object {
  const method = bench.modules.flatMap(({ msgs }) => msgs).find(({ path }) => path === typeUrl);
  assert.ok(method !== undefined);
  return method.request.decode(value) as object;
}
