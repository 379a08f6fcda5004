import assert from "node:assert/strict";
import { test } from "node:test";
import { SignDoc } from "#proto/cosmos/tx/v1beta1/tx";
import { directSignBytes } from "../../../app/encoding/signDocs.ts";

test("a sign document is written as the general encoder writes it", () => {
  const lengths = [0, 1, 127, 128, 300, 16_383, 16_384];
  const numbers = [0n, 1n, 127n, 128n, 1n << 31n, (1n << 64n) - 1n];
  for (const [i, length] of lengths.entries())
    for (const [j, other] of lengths.entries()) {
      const bodyBytes = new Uint8Array(length).fill(1);
      const authInfoBytes = new Uint8Array(other).fill(2);
      const chainId = ["", "hanzo-1", "ö".repeat(70)][(i + j) % 3] ?? "";
      const accountNumber = numbers[(i + 2 * j) % numbers.length] ?? 0n;
      const signed = directSignBytes({ bodyBytes, authInfoBytes }, { chainId, accountNumber, sequence: 9n });
      assert.deepEqual(signed, SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish());
    }
});
