import assert from "node:assert/strict";
import { test } from "node:test";
import { coversAll } from "../../../modules/gov/coins.ts";

test("coins cover others as the SDK's do: no coins cover nothing but no coins", () => {
  const stake = (amount: bigint) => [{ denom: "stake", amount }];
  assert.equal(coversAll([], []), true);
  assert.equal(coversAll([], stake(0n)), false);
  assert.equal(coversAll([{ denom: "photon", amount: 1n }], stake(0n)), true);
  assert.equal(coversAll(stake(5n), stake(5n)), true);
  assert.equal(coversAll(stake(4n), stake(5n)), false);
});
