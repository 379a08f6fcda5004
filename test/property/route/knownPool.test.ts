import assert from "node:assert/strict";
import { test } from "node:test";
import { thetaReference } from "../../../modules/hmm/curve/fees.ts";
import { inTheta } from "../../../modules/hmm/curve/math.ts";
import { quoteBuyExactOut } from "../../../modules/hmm/curve/quote.ts";
import { knownPools, type RoutePool } from "../../../modules/hmm/route/knownPool.ts";
import { fc } from "../../harness/fastCheck.ts";
import { anyPool, part, ppm } from "../hmm/pools.ts";

const service = { group: "", region: "eu", tier: 0, latencyUs: 0n, jitterUs: 0n };
const routePool = anyPool.map((pool): RoutePool => ({ ...pool, id: "p", resourceClass: "gpu", service, cap: pool.psi / 2n }));
const lists = fc.array(fc.array(routePool, { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 3 });
const question = fc.record({
  list: fc.nat(2),
  at: fc.nat(1),
  share: ppm,
  what: fc.constantFrom("cost" as const, "curveCost" as const, "reference" as const, "same" as const),
});

test("pools that remember answer as the curve does, in whatever order they are asked and whichever lists there are", () => {
  fc.assert(
    fc.property(lists, fc.array(question, { maxLength: 40, size: "max" }), (given, questions) => {
      let amount = 1n;
      for (const { list, at, share, what } of questions) {
        const pools = given[list % given.length] ?? [];
        const pool = pools[at] ?? assert.fail("a pool");
        const known = knownPools(pools)[at] ?? assert.fail("a known pool");
        assert.equal(known.place, at);
        // The amount of before now and then: the last one is remembered.
        if (what !== "same" || amount >= pool.psi) amount = part(pool.psi, share);
        if (what === "reference") assert.equal(known.reference(), thetaReference(pool));
        if (what !== "cost") assert.equal(known.curveCost(amount), inTheta(pool, amount));
        if (what !== "curveCost") assert.equal(known.cost(amount), quoteBuyExactOut(pool, amount).credit);
      }
    }),
    { seed: 20_261_129, numRuns: 150 },
  );
});
