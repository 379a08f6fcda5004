import assert from "node:assert/strict";
import { test } from "node:test";
import { applyValidatorUpdates, MAX_TOTAL_POWER, validatorName } from "../../../app/runtime/validatorUpdates.ts";
import type { ValidatorUpdate } from "../../../app/sdk/index.ts";
import { fc } from "../../harness/fastCheck.ts";

const update = (id: number, power: bigint, keyType: ValidatorUpdate["keyType"] = "ed25519"): ValidatorUpdate => ({
  keyType,
  publicKey: new Uint8Array(32).fill(id),
  power,
});
const setOf = (...updates: ValidatorUpdate[]) => new Map(updates.map((u) => [validatorName(u), u.power]));
const ED = ["ed25519"];

test("changes come back, the unchanged and the unknown removed ones do not", () => {
  const { updates, set } = applyValidatorUpdates(
    setOf(update(1, 10n), update(2, 20n)),
    [update(1, 10n), update(2, 5n), update(3, 7n), update(9, 0n)],
    ED,
  );
  assert.deepEqual(
    updates.map(({ power }) => power),
    [5n, 7n],
  );
  assert.deepEqual([...set.values()], [10n, 5n, 7n]);
});

test("what would stop CometBFT for good is refused", () => {
  const current = setOf(update(1, 10n));
  assert.throws(() => applyValidatorUpdates(current, [update(2, 1n), update(2, 2n)], ED), /two for ed25519/);
  assert.throws(() => applyValidatorUpdates(current, [update(2, -1n)], ED), /0 or more/);
  assert.throws(() => applyValidatorUpdates(current, [update(2, 1n, "secp256k1")], ED), /key type/);
  assert.throws(() => applyValidatorUpdates(current, [update(1, 0n)], ED), /at least one validator/);
  assert.throws(() => applyValidatorUpdates(current, [update(2, MAX_TOTAL_POWER)], ED), /total validator power/);
  assert.equal(applyValidatorUpdates(current, [update(2, MAX_TOTAL_POWER - 10n)], ED).updates.length, 1);
});

test("the set after random updates is what the returned updates make of the set before", () => {
  const random = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 8 }), power: fc.bigInt({ min: 0n, max: 9n }) }), {
    selector: ({ id }) => id,
  });
  fc.assert(
    fc.property(random, random, (before, wanted) => {
      const current = setOf(update(100, 1n), ...before.filter(({ power }) => power > 0n).map(({ id, power }) => update(id, power)));
      const { updates, set } = applyValidatorUpdates(
        current,
        wanted.map(({ id, power }) => update(id, power)),
        ED,
      );
      const replayed = new Map(current);
      for (const { pubKey, power } of updates) {
        const name = validatorName({ keyType: "ed25519", publicKey: pubKey?.ed25519 ?? new Uint8Array(0) });
        if (power === 0n) assert.ok(replayed.delete(name));
        else replayed.set(name, power);
      }
      assert.deepEqual(new Map([...replayed].sort()), new Map([...set].sort()));
    }),
    { seed: 11, numRuns: 200 },
  );
});
