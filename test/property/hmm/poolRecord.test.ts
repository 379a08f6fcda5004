import assert from "node:assert/strict";
import { test } from "node:test";
import { Pool } from "#proto/hanzo/hmm/v1/types";
import { poolRecord } from "../../../modules/hmm/poolRecord.ts";
import { type PoolState, poolFromProto } from "../../../modules/hmm/records.ts";
import { fc } from "../../harness/fastCheck.ts";

// Decoded messages are plain objects, and so are these.
const record = <T>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(parts, { noNullPrototype: true }) as fc.Arbitrary<T>;
const amount = fc.bigInt(0n, (1n << 63n) - 1n);
const word = fc.constantFrom("gpu", "vram", "net");
/** Every field of a stored pool but its name. */
const fields: { readonly [F in Exclude<keyof PoolState, "id">]: fc.Arbitrary<PoolState[F]> } = {
  denom: word,
  status: fc.constantFrom(1, 2),
  psi: amount,
  theta: amount,
  centreE18: amount,
  wE18: amount,
  lambdaE18: amount,
  marketFeeE18: amount,
  riskE18: amount,
  psiRef: amount,
  shares: amount,
  feeGrowthQ128: amount,
  feeCarryQ128: amount,
  feesHeld: amount,
  resourceClass: word,
  service: record({ group: word, region: word, tier: fc.nat(3), latencyUs: amount, jitterUs: amount }),
  dynamicRisk: fc.boolean(),
  volatilityE18: amount,
  block: record({ height: amount, psi: amount, fees: amount, freshShares: amount, burn: amount, treasury: amount }),
  twap: record({ cumulativeE18: amount, priceE18: amount, height: amount, count: amount }),
  ramp: fc.option(record({ centreE18: amount, wE18: amount, lambdaE18: amount }), { nil: undefined }),
  resumeHeight: amount,
};
const pool = record<PoolState>({ id: fc.constantFrom("a", "b"), ...fields });
const change = fc
  .constantFrom(...(Object.keys(fields) as (keyof typeof fields)[]))
  .chain((field) => (fields[field] as fc.Arbitrary<unknown>).map((value): Partial<PoolState> => ({ [field]: value })));

/** The same pool under another name. */
const renamed = fc.constantFrom({ id: "a" }, { id: "b" });

test("the bytes of a pool follow from the pool alone, whatever was stored under its name before", () => {
  fc.assert(
    fc.property(pool, fc.array(fc.oneof(change, pool, renamed), { maxLength: 40, size: "max" }), (first, changes) => {
      let state = first;
      for (const step of [{}, ...changes]) {
        const before = poolRecord.encode(state);
        const next = { ...state, ...step };
        // Past everything that codecs remember.
        assert.deepEqual(poolFromProto(Pool.decode(poolRecord.encode(next))), next);
        assert.deepEqual(poolRecord.encode(state), before);
        state = next;
      }
    }),
    { seed: 20_261_129, numRuns: 200 },
  );
});
