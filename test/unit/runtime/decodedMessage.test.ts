import assert from "node:assert/strict";
import { test } from "node:test";
import { once } from "../../../app/runtime/decodedMessage.ts";

test("the first answer is kept, and a throw is no answer", () => {
  let asked = 0;
  const answer = once(() => {
    asked++;
    if (asked < 3) throw new Error(`not yet, ${asked}`);
    return asked;
  });
  assert.throws(answer, /not yet, 1/);
  assert.throws(answer, /not yet, 2/);
  assert.deepEqual([answer(), answer(), asked], [3, 3, 3]);
});
