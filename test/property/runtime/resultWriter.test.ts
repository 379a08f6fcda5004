import assert from "node:assert/strict";
import { test } from "node:test";
import { ExecTxResult, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { ResultWriter } from "../../../app/runtime/resultWriter.ts";
import type { TxOutcome } from "../../../app/runtime/tx.ts";
import { fc } from "../../harness/fastCheck.ts";

const text = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: "binary", maxLength: 40 }), fc.constant("x".repeat(70_000)));
const gas = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  // Where a number takes another way or one byte more.
  fc.constantFrom(...[7n, 14n, 31n, 32n, 35n, 63n, 64n].flatMap((bits) => [(1n << bits) - 1n, (1n << bits) % (1n << 64n)])),
);
const event = fc.record({
  type: text,
  attributes: fc.array(fc.record({ key: text, value: text }), { maxLength: 6 }),
});
const outcome: fc.Arbitrary<TxOutcome> = fc.record(
  {
    error: fc.record({ codespace: text, code: fc.nat({ max: 0xffffffff }), log: text }),
    data: fc.uint8Array({ maxLength: 300 }),
    gasWanted: gas,
    gasUsed: gas,
    events: fc.array(event, { maxLength: 5 }),
    responses: fc.constant([]),
  },
  { requiredKeys: ["data", "gasWanted", "gasUsed", "events", "responses"] },
);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("results written at once are those of the generated encoder, byte for byte", () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 6 }), (outcomes) => {
      const writer = new ResultWriter();
      for (const one of outcomes) writer.add(one);
      const { fields, places } = writer.end();
      const txResults = outcomes.map(resultOf);
      assert.deepEqual(hex(fields), hex(ResponseFinalizeBlock.encode(ResponseFinalizeBlock.fromPartial({ txResults })).finish()));
      assert.deepEqual(
        outcomes.map((_, i) => hex(fields.subarray(places[2 * i], places[2 * i + 1]))),
        txResults.map((one) => hex(ExecTxResult.encode(one).finish())),
      );
    }),
    { numRuns: 300 },
  );
});

function resultOf({ error, data, gasWanted, gasUsed, events }: TxOutcome): ExecTxResult {
  return {
    code: error?.code ?? 0,
    codespace: error?.codespace ?? "",
    log: error?.log ?? "",
    info: "",
    data,
    gasWanted: BigInt.asIntN(64, gasWanted),
    gasUsed: BigInt.asIntN(64, gasUsed),
    events: events.map(({ type, attributes }) => ({ type, attributes: attributes.map((one) => ({ ...one, index: true })) })),
  };
}
