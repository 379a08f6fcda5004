import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explain } from "../../../web/wallet/explain.ts";

describe("what the wallet page says of an error", () => {
  const SAID: readonly [thrown: unknown, sentence: RegExp][] = [
    [new TypeError("Failed to fetch"), /does not answer/],
    [
      new Error("Account 'hanzo1x' does not exist on chain. Send some tokens there before trying to query sequence."),
      /never received anything/,
    ],
    [new Error("Query failed with (6): spendable balance 5aai is smaller than 6aai: insufficient funds"), /not enough/],
    [new Error("credit transfers are currently disabled: send transactions are disabled"), /cannot be sent/],
    [new Error("expected at least 5, got 4: limit of the order not met"), /price moved/],
    [new Error("decoding bech32 failed: invalid checksum"), /not an address/],
    [new Error("account sequence mismatch, expected 5, got 4: incorrect account sequence"), /Try again/],
  ];
  for (const [thrown, sentence] of SAID)
    it(`is a sentence for "${(thrown as Error).message.slice(0, 40)}…", with the node's words beside`, () => {
      const { sentence: said, detail } = explain(thrown);
      assert.match(said, sentence);
      assert.equal(detail, (thrown as Error).message);
    });

  it("is the error itself where nothing better is known", () => {
    assert.deepEqual(explain(new Error("Choose a pool.")), { sentence: "Choose a pool.", detail: "" });
    assert.deepEqual(explain("odd"), { sentence: "odd", detail: "" });
  });
});
