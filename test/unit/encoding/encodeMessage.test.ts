import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeMessage } from "../../../app/encoding/encodeMessage.ts";
import { Coin } from "../../../proto/gen/cosmos/base/v1beta1/coin.ts";
import { TxBody } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";

const coin = (amount: string): Coin => ({ denom: "aai", amount });

test("messages encoded one after the other have the bytes that a writer of their own gives, and keep them", () => {
  const amounts = ["1", "9".repeat(70_000), "", "22"];
  const encoded = amounts.map((amount) => encodeMessage(Coin, coin(amount)));
  assert.deepEqual(
    encoded,
    amounts.map((amount) => Coin.encode(coin(amount)).finish()),
  );
});

test("a message that cannot be encoded leaves nothing in front of the next one", () => {
  const half = TxBody.fromPartial({ memo: "written before the failure" });
  assert.throws(() => encodeMessage(TxBody, { ...half, messages: [{ typeUrl: "/x", value: undefined as unknown as Uint8Array }] }));
  assert.deepEqual(encodeMessage(Coin, coin("1")), Coin.encode(coin("1")).finish());
});
