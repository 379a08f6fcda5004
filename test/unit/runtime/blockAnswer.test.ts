import assert from "node:assert/strict";
import { test } from "node:test";
import { ExecTxResult, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { createBlockAnswer, encodeBlockAnswer } from "../../../app/runtime/blockAnswer.ts";
import { encodeHookEvents, ResultWriter } from "../../../app/runtime/resultWriter.ts";

const event = (type: string, length: number): object => ({ type, attributes: [{ key: "amount", value: "1".repeat(length), index: true }] });

const answers: Readonly<Record<string, ResponseFinalizeBlock>> = {
  "an empty block": ResponseFinalizeBlock.fromPartial({ appHash: new Uint8Array(32).fill(7) }),
  "a block with everything": ResponseFinalizeBlock.fromPartial({
    events: [event("mint", 3), event("long", 300)],
    txResults: [
      {},
      { code: 5, codespace: "sdk", log: "insufficient funds", gasWanted: 200_000n, gasUsed: 60_000n },
      { data: new Uint8Array(200).fill(9), events: [event("transfer", 5), event("message", 20_000)] },
    ],
    validatorUpdates: [{ pubKey: { ed25519: new Uint8Array(32).fill(1) }, power: 10n }],
    consensusParamUpdates: { block: { maxBytes: 1n, maxGas: 2n } },
    appHash: new Uint8Array(32).fill(7),
  }),
};

for (const [name, answer] of Object.entries(answers)) {
  test(`the bytes of ${name} are those of the generated code, and so are the results`, () => {
    const { bytes, results } = encodeBlockAnswer(answer);
    assert.deepEqual(bytes, ResponseFinalizeBlock.encode(answer).finish());
    assert.deepEqual(
      results,
      answer.txResults.map((result) => ExecTxResult.encode(result).finish()),
    );
  });
}

test("an answer is encoded once", () => {
  const answer = ResponseFinalizeBlock.fromPartial({ txResults: [{ code: 1 }] });
  assert.equal(encodeBlockAnswer(answer), encodeBlockAnswer(answer));
});

const hookEvents = (log: string): readonly Uint8Array[] =>
  ["BeginBlock", "EndBlock"].map((mode) => encodeHookEvents([{ type: log, attributes: [{ key: "a", value: "é" }] }], mode));

test("events of hooks are those that the generated code writes, and become objects once", () => {
  const block = { validatorUpdates: [], consensusParamUpdates: undefined, appHash: new Uint8Array(32) };
  const answer = createBlockAnswer(block, hookEvents("mint"), new ResultWriter());
  const attribute = (key: string, value: string) => ({ key, value, index: true });
  const expected = ["BeginBlock", "EndBlock"].map((mode) => ({
    type: "mint",
    attributes: [attribute("a", "é"), attribute("mode", mode)],
  }));
  assert.deepEqual(answer.events, expected);
  assert.equal(answer.events, answer.events);
  const whole = ResponseFinalizeBlock.fromPartial({ ...block, events: expected });
  assert.deepEqual(encodeBlockAnswer(answer).bytes, ResponseFinalizeBlock.encode(whole).finish());
});

test("an answer of earlier stays as it is, whatever later blocks write, and becomes objects once", () => {
  const written = (log: string): ResponseFinalizeBlock => {
    const writer = new ResultWriter();
    for (let i = 0; i < 3; i++)
      writer.add({
        error: { codespace: "sdk", code: 5, log: `${log} ${i}` },
        data: new Uint8Array(0),
        responses: [],
        gasWanted: 9n,
        gasUsed: 8n,
        events: [],
      });
    return createBlockAnswer(
      { validatorUpdates: [], consensusParamUpdates: undefined, appHash: new Uint8Array(32) },
      hookEvents(log),
      writer,
    );
  };
  const [first, second] = [written("first"), written("second")];
  assert.deepEqual(
    [first, second].map(({ txResults }) => txResults.map(({ log }) => log)),
    ["first", "second"].map((log) => [`${log} 0`, `${log} 1`, `${log} 2`]),
  );
  assert.equal(first.txResults, first.txResults);
  const { bytes, results } = encodeBlockAnswer(first);
  assert.deepEqual(ResponseFinalizeBlock.decode(bytes), ResponseFinalizeBlock.fromPartial(first));
  assert.deepEqual(
    results.map((result) => ExecTxResult.decode(result)),
    first.txResults,
  );
});
