import assert from "node:assert/strict";
import { test } from "node:test";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { AuthInfo, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { readKnownText } from "../../../app/encoding/knownTexts.ts";
import { TxReader } from "../../../app/encoding/txReader.ts";
import { fc } from "../../harness/fastCheck.ts";

const RUN = { seed: 20261130, numRuns: 500 };
/** Texts that meet in the same places: many end alike. */
const text = fc.oneof(
  fc.tuple(fc.string({ maxLength: 70 }), fc.constantFrom("", "ending", "endinG")).map(([start, end]) => start + end),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("hanzo", "1", "\u0000", "\u007f", "\u0080", "é"),
);

test("a short ASCII text is read as itself from the middle of other bytes, again and again, and any other is left to others", () => {
  const seen: string[] = [];
  fc.assert(
    fc.property(text, fc.nat(5), fc.nat(1_000), (fresh, before, old) => {
      seen.push(fresh);
      for (const expected of [fresh, seen[old % seen.length] ?? fresh, fresh]) {
        const part = new TextEncoder().encode(expected);
        const bytes = Uint8Array.from([...new Uint8Array(before).fill(65), ...part, 65, 200]);
        const isShortAscii = part.length <= 64 && part.every((byte) => byte < 128);
        assert.equal(readKnownText(bytes, before, before + part.length), isShortAscii ? expected : undefined);
      }
    }),
    RUN,
  );
});

test("a text is not taken for a longer one in the same place that begins alike", () => {
  const read = (text: string): string | undefined => readKnownText(new TextEncoder().encode(text), 0, text.length);
  // Of so many some stand where the short one does.
  for (let i = 0; i < 60_000; i++) {
    read(`1${i}`);
    assert.equal(read("1"), "1");
  }
});

test("parts of a transaction are read by one reader as each is by itself", () => {
  const coin = fc.record({ denom: text, amount: text });
  const send = fc.record({ fromAddress: text, toAddress: text, amount: fc.array(coin, { maxLength: 3 }) });
  const body = fc.record({ memo: text, messages: fc.array(fc.record({ typeUrl: text, value: fc.uint8Array({ maxLength: 40 }) })) });
  const fee = fc.record({ amount: fc.array(coin, { maxLength: 2 }), gasLimit: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), payer: text });
  fc.assert(
    fc.property(send, body, fee, fc.nat(3), (send, body, fee, gap) => {
      const parts = [
        MsgSend.encode(MsgSend.fromPartial(send)).finish(),
        TxBody.encode(TxBody.fromPartial(body)).finish(),
        AuthInfo.encode(AuthInfo.fromPartial({ fee })).finish(),
      ] as const;
      // A transaction is a view into a buffer with others around it.
      const around = Uint8Array.from(parts.flatMap((part) => [...new Uint8Array(gap).fill(255), ...part]));
      const tx = around.subarray(gap);
      const reader = new TxReader(tx);
      const starts = [0, parts[0].length + gap, parts[0].length + parts[1].length + 2 * gap];
      const views = parts.map((part, index) => tx.subarray(starts[index], (starts[index] ?? 0) + part.length));
      const [sendView, bodyView, authView] = views as [Uint8Array, Uint8Array, Uint8Array];
      assert.deepEqual(reader.read(AuthInfo, authView), AuthInfo.decode(parts[2]));
      assert.deepEqual(reader.read(TxBody, bodyView), TxBody.decode(parts[1]));
      assert.deepEqual(reader.read(MsgSend, sendView), MsgSend.decode(parts[0]));
    }),
    RUN,
  );
});

test("a text that claims more bytes than there are is refused as by the general reader", () => {
  const bytes = Uint8Array.of(10, 200, 65, 65);
  assert.throws(() => TxBody.decode(bytes));
  assert.throws(() => new TxReader(bytes).read(TxBody, bytes));
});
