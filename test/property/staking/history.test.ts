// Remembered blocks share their validator sets in the store; queries answer as if each had its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueryHistoricalInfoResponse, QueryValidatorsResponse } from "#proto/cosmos/staking/v1beta1/query";
import type { Validator } from "#proto/cosmos/staking/v1beta1/staking";
import { createAddressCodec, moduleAddress, QueryError } from "#sdk";
import { fc } from "../../harness/fastCheck.ts";
import { createStakingBench, type StakingBench, UNIT } from "../../harness/stakingBench.ts";

const AUTHORITY = createAddressCodec("test").format(moduleAddress("gov"));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("blocks" as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("delegate" as const), name: fc.constantFrom("ann", "ben", "cat"), units: fc.bigInt(1n, 3n) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("jail" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("keep" as const), entries: fc.integer({ min: 0, max: 6 }) }) },
);

/** What a chain remembers by the plainest means: a whole set for each block. */
class Model {
  readonly sets = new Map<bigint, readonly Validator[]>();
  keep = 3;

  begin(height: bigint, set: readonly Validator[]): void {
    for (let old = height - BigInt(this.keep); this.sets.delete(old); ) old--;
    if (this.keep > 0) this.sets.set(height, set);
  }
}

/** The set as the last block left it, in the order of the history. */
function setOf({ bench }: StakingBench): readonly Validator[] {
  const { validators } = bench.query("/cosmos.staking.v1beta1.Query/Validators", {
    status: "BOND_STATUS_BONDED",
  }) as QueryValidatorsResponse;
  const power = ({ tokens }: Validator): bigint => BigInt(tokens) / UNIT;
  return [...validators].sort((a, b) => (power(a) === power(b) ? 0 : power(a) > power(b) ? -1 : 1));
}

function remembered({ bench }: StakingBench, height: bigint): readonly Validator[] | undefined {
  try {
    const { hist } = bench.query("/cosmos.staking.v1beta1.Query/HistoricalInfo", { height }) as QueryHistoricalInfoResponse;
    assert.equal(hist?.header?.height, height);
    return hist?.valset;
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

test("every remembered block has the set that it began with, and no set outlives its blocks", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), (steps) => {
      // Three of different power, so that their order needs no addresses.
      const validators = { ann: 1_000n * UNIT, ben: 500n * UNIT, cat: 100n * UNIT };
      const chain = createStakingBench({ validators, accounts: ["rich"], params: { historicalEntries: 3 } });
      const model = new Model();
      const first = chain.bench.ctx.height;
      model.begin(first, setOf(chain));
      for (const move of steps) {
        if (move.kind === "delegate") chain.delegate("rich", move.name, move.units * UNIT);
        else if (move.kind === "jail") toggleJail(chain);
        else if (move.kind === "keep") {
          const { params } = chain.bench.query("/cosmos.staking.v1beta1.Query/Params", {}) as { readonly params: object };
          const changed = { ...params, historicalEntries: move.entries };
          chain.bench.send("/cosmos.staking.v1beta1.MsgUpdateParams", { authority: AUTHORITY, params: changed });
          model.keep = move.entries;
        } else
          for (let i = 0; i < move.count; i++) {
            chain.end();
            model.begin(chain.bench.ctx.height, setOf(chain));
            assert.deepEqual(chain.bench.broken(), []);
          }
      }
      for (let height = first - 2n; height <= chain.bench.ctx.height; height++)
        assert.deepEqual(remembered(chain, height), model.sets.get(height), `height ${height}`);
    }),
    { seed: 20_261_129, numRuns: 60 },
  );
});

/** Takes cat out of the set, or lets it back in. */
function toggleJail(chain: StakingBench): void {
  try {
    chain.jail("cat");
  } catch {
    chain.unjail("cat");
  }
}
