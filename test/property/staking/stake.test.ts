// Whatever delegators, slashes and time do: pools hold the stake, shares add up, nothing is negative, nobody gains by going round, genesis comes back.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { E18, ModuleError } from "#sdk";
import { sharesOfTokens, tokensLeaving, tokensOfShares, tokensOfSharesDown } from "../../../modules/staking/shares.ts";
import { fc } from "../../harness/fastCheck.ts";
import { coin, createStakingBench, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

const run = { seed: 20_261_129, numRuns: 40 };
const VALIDATORS = ["ann", "ben", "cat"] as const;
const DELEGATORS = [...VALIDATORS, "dan"] as const;
const KEYS = [...VALIDATORS, "dan", "eve", "fay"] as const;
const validator = fc.constantFrom(...VALIDATORS);
const delegator = fc.constantFrom(...DELEGATORS);
const amount = fc.oneof(fc.bigInt(1n, 20n), fc.bigInt(1n, 5n * UNIT));
const step = fc.oneof(
  fc.record({ kind: fc.constant("delegate" as const), delegator, validator, amount }),
  fc.record({ kind: fc.constant("undelegate" as const), delegator, validator, amount }),
  fc.record({ kind: fc.constant("redelegate" as const), delegator, validator, to: validator, amount }),
  fc.record({
    kind: fc.constant("slash" as const),
    validator,
    ago: fc.bigInt(0n, 4n),
    power: fc.bigInt(0n, 12n),
    fraction: fc.bigInt(0n, E18),
  }),
  fc.record({ kind: fc.constant("jail" as const), validator }),
  fc.record({ kind: fc.constant("unjail" as const), validator }),
  fc.record({ kind: fc.constant("rotate" as const), validator, to: fc.constantFrom(...KEYS) }),
  fc.record({ kind: fc.constant("end" as const), afterNs: fc.constantFrom(1n, UNBONDING_NS / 3n, UNBONDING_NS) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function apply(chain: StakingBench, op: Step): void {
  switch (op.kind) {
    case "delegate":
      chain.delegate(op.delegator, op.validator, op.amount);
      return;
    case "undelegate":
      chain.undelegate(op.delegator, op.validator, op.amount);
      return;
    case "redelegate":
      chain.redelegate(op.delegator, op.validator, op.to, op.amount);
      return;
    case "slash":
      chain.slash(op.validator, chain.bench.ctx.height > op.ago ? chain.bench.ctx.height - op.ago : 0n, op.power, op.fraction);
      return;
    case "jail":
      chain.jail(op.validator);
      return;
    case "unjail":
      chain.unjail(op.validator);
      return;
    case "rotate":
      chain.rotate(op.validator, op.to);
      return;
    case "end":
      chain.end(op.afterNs);
  }
}

/** Does a step; one that is refused leaves no trace. */
function tryStep(chain: StakingBench, op: Step): void {
  const stores = chain.bench.modules.map(({ store }) => chain.bench.store(store));
  const before = stores.map((store) => [store, store.snapshot()] as const);
  try {
    apply(chain, op);
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    for (const [store, snapshot] of before) store.restore(snapshot);
  }
}

/** Everybody has staked on everybody, so that most steps can be done. */
function begin(): StakingBench {
  const chain = createStakingBench({
    validators: { ann: 4n * UNIT, ben: 3n * UNIT, cat: 2n * UNIT },
    accounts: ["dan"],
    params: { maxEntries: 7, keyRotationFee: coin(3n) },
  });
  for (const from of DELEGATORS) for (const to of VALIDATORS) chain.delegate(from, to, UNIT + 7n);
  chain.end();
  return chain;
}

describe("staking, whatever happens", () => {
  it("keeps every invariant", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const chain = begin();
        for (const op of steps) {
          tryStep(chain, op);
          assert.deepEqual(chain.bench.broken(), []);
        }
        chain.end();
        assert.deepEqual(chain.bench.broken(), []);
      }),
      run,
    );
  });

  it("comes back from its genesis", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const chain = begin();
        for (const op of steps) tryStep(chain, op);
        chain.end();
        const exported = (name: string): object => chain.bench.exportGenesis(name) as object;
        const again = createStakingBench();
        for (const { store } of again.bench.modules)
          for (const [key] of again.bench.store(store).iterate()) again.bench.store(store).delete(key);
        for (const name of ["auth", "bank", "staking"]) again.bench.init(name, exported(name));
        assert.deepEqual(again.bench.exportGenesis("staking"), exported("staking"));
        assert.deepEqual(again.bench.broken(), []);
      }),
      { ...run, numRuns: 10 },
    );
  });
});

describe("shares", () => {
  const rate = fc.record({ tokens: fc.bigInt(1n, 10n ** 30n), sharesE18: fc.bigInt(1n, 10n ** 48n) });

  it("never buy more than they cost", () => {
    fc.assert(
      fc.property(rate, fc.bigInt(1n, 10n ** 30n), (before, paid) => {
        const bought = sharesOfTokens(before, paid) ?? assert.fail();
        const after = { tokens: before.tokens + paid, sharesE18: before.sharesE18 + bought };
        assert.ok(tokensLeaving(after, bought) <= paid);
      }),
    );
  });

  it("are worth between nothing and everything, and the last ones everything", () => {
    fc.assert(
      fc.property(rate, fc.bigInt(0n, E18), (before, part) => {
        const some = (before.sharesE18 * part) / E18;
        const worth = tokensOfShares(before, some);
        assert.ok(worth >= 0n && worth <= before.tokens * E18);
        assert.ok(tokensOfSharesDown(before, some) <= worth && worth - tokensOfSharesDown(before, some) <= 1n);
        assert.equal(tokensLeaving(before, before.sharesE18), before.tokens);
      }),
    );
  });
});
