import assert from "node:assert/strict";
import { test } from "node:test";
import { AccountNumbers } from "../../../app/runtime/accountNumbers.ts";
import { fc } from "../../harness/fastCheck.ts";

test("a number is found as it was set, whatever else is remembered, and one of more than 48 bits is not", () => {
  const address = fc.uint8Array({ minLength: 20, maxLength: 20 });
  const number = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 48n) + 2n }), fc.constantFrom(0n, 1n, 255n, 256n, (1n << 48n) - 1n, 1n << 48n));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(address, number), { selector: ([bytes]) => bytes.join() }), (accounts) => {
      const numbers = new AccountNumbers();
      for (const [bytes, value] of accounts) {
        assert.equal(numbers.find(bytes), undefined);
        numbers.set(bytes, value);
        assert.equal(numbers.find(bytes.slice()), value < 1n << 48n ? value : undefined);
      }
      for (const [bytes, value] of accounts) assert.ok([value, undefined].includes(numbers.find(bytes)));
    }),
    { seed: 5, numRuns: 60 },
  );
});
