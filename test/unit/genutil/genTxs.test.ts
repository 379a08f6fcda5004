// The section genutil of a genesis file: its form and its limits.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseGenTx, readGenTxs, requireCreateValidator, writeGenTxs } from "../../../modules/genutil/genTxs.ts";
import { readSdkVectors } from "../../harness/sdkVectors.ts";

const CREATE = { "@type": "/cosmos.staking.v1beta1.MsgCreateValidator" };

describe("the genesis of genutil", () => {
  it("comes back as it was, the recorded one included", () => {
    const recorded = readSdkVectors("genesis").genesis.app_state["genutil"];
    assert.deepEqual(writeGenTxs(readGenTxs(recorded)), recorded);
    assert.deepEqual(readGenTxs({}), { genTxs: [] });
  });

  const malformed: readonly (readonly [what: string, json: unknown, text: RegExp])[] = [
    ["a list", [], /an object expected/],
    ["an unknown field", { gentxs: [] }, /gentxs: field of cosmos\.genutil\.v1beta1\.GenesisState expected/],
    ["transactions that are no list", { gen_txs: {} }, /gen_txs: a list expected/],
    ["base64 for a transaction", { gen_txs: [{}, "e30="] }, /gen_txs\[1\]: a transaction expected/],
    ["too many transactions", { gen_txs: new Array(10_001).fill({}) }, /at most 10000 transactions expected, got 10001/],
    ["a transaction that is too long", { gen_txs: [{ memo: "x".repeat(65_536) }] }, /gen_txs\[0\]: at most 65536 characters/],
  ];
  for (const [what, json, text] of malformed)
    it(`with ${what} is refused`, () => assert.throws(() => readGenTxs(json), { codespace: "sdk", code: 17, message: text }));

  const others: readonly (readonly [what: string, tx: unknown])[] = [
    ["no body", {}],
    ["no message", { body: { messages: [] } }],
    ["two messages", { body: { messages: [CREATE, CREATE] } }],
    ["another message", { body: { messages: [{ "@type": "/cosmos.bank.v1beta1.MsgSend" }] } }],
    ["a message that is none", { body: { messages: [null] } }],
  ];
  for (const [what, tx] of others)
    it(`with a transaction of ${what} is refused`, () =>
      assert.throws(() => requireCreateValidator(tx), {
        codespace: "sdk",
        code: 18,
        message: /one \/cosmos\.staking\.v1beta1\.MsgCreateValidator expected/,
      }));

  it("with a transaction that creates one validator is accepted", () => requireCreateValidator({ body: { messages: [CREATE] } }));

  it("with bytes that are no JSON is refused", () =>
    assert.throws(() => parseGenTx(new Uint8Array([0x7b])), { codespace: "sdk", code: 17 }));
});
