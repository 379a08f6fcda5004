import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecodedTx, TxDecoder } from "../../../app/runtime/decodedTx.ts";
import { isAcceptable, selectTxs, sizeInBlock } from "../../../app/runtime/proposal.ts";
import { Data } from "../../../proto/gen/tendermint/types/types.ts";
import { fc } from "../../harness/fastCheck.ts";

/** A transaction of a test: its first byte is its gas limit, 255 and emptiness cannot be decoded. */
const decoder: TxDecoder = {
  decode(bytes) {
    const gasLimit = bytes[0];
    if (gasLimit === undefined || gasLimit === 255) throw new Error("not a transaction");
    return { fee: { gasLimit: BigInt(gasLimit) } } as DecodedTx;
  },
  hash: (bytes) => bytes,
  forget: () => {},
};

test("the size of a transaction in a block is what protobuf takes for it", () => {
  for (const length of [0, 1, 127, 128, 16_383, 16_384, 70_000]) {
    assert.equal(sizeInBlock(new Uint8Array(length)), BigInt(Data.encode({ txs: [new Uint8Array(length)] }).finish().length), `${length}`);
  }
});

test("a proposal keeps the limits, keeps the order, and is always accepted", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 30 }),
      fc.bigInt({ min: 0n, max: 3000n }),
      fc.option(fc.bigInt({ min: 1n, max: 800n }), { nil: undefined }),
      (txs, maxBytes, maxGas) => {
        const selected = selectTxs(decoder, txs, maxBytes, maxGas);
        assert.ok(BigInt(Data.encode({ txs: selected }).finish().length) <= maxBytes);
        const gas = selected.reduce((sum, tx) => sum + BigInt(tx[0] ?? 0), 0n);
        assert.ok(maxGas === undefined || gas <= maxGas);
        let next = 0;
        for (const tx of selected) {
          next = txs.findIndex((other, index) => index >= next && other === tx) + 1;
          assert.ok(next > 0);
        }
        assert.equal(isAcceptable(decoder, selected, maxGas), true);
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});

test("a block with something undecodable, empty or too much gas is rejected", () => {
  assert.equal(isAcceptable(decoder, [Uint8Array.of(255)], undefined), false);
  assert.equal(isAcceptable(decoder, [new Uint8Array(0)], undefined), false);
  assert.equal(isAcceptable(decoder, [Uint8Array.of(60), Uint8Array.of(41)], 100n), false);
  assert.equal(isAcceptable(decoder, [Uint8Array.of(60), Uint8Array.of(40)], 100n), true);
  assert.equal(isAcceptable(decoder, [], 1n), true);
});

test("without a byte limit everything decodable is taken", () => {
  const txs = [Uint8Array.of(1), Uint8Array.of(255), Uint8Array.of(2)];
  assert.deepEqual(selectTxs(decoder, txs, -1n, undefined), [txs[0], txs[2]]);
});
