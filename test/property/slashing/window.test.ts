import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressCodec, E18, moduleAddress } from "#sdk";
import { fc } from "../../harness/fastCheck.ts";
import { ABSENT, COMMIT, createSlashingBench, NIL, type SlashingBench, slashingParams } from "../../harness/slashingBench.ts";
import type { StandInValidator } from "../../harness/standInStaking.ts";

const run = { seed: 20_261_129, numRuns: 40 };
const authority = createAddressCodec("test").format(moduleAddress("gov"));
const flag = fc.oneof({ weight: 5, arbitrary: fc.constant(COMMIT) }, { weight: 4, arbitrary: fc.constant(ABSENT) }, fc.constant(NIL));
const window = fc.oneof(fc.bigInt(1n, 12n), fc.bigInt(1_020n, 1_030n));
const minSignedE18 = fc.oneof(fc.constantFrom(0n, E18, E18 / 2n), fc.bigInt(0n, E18));

/** Numbers of a validator's window by the plainest means: every vote since it began, in a list. */
interface Model {
  votes: boolean[];
  startHeight: bigint;
}

/** Blocks that may be missed, halves to even: the definition, in fractions of 10^18. */
function mayMiss(size: bigint, minSigned: bigint): bigint {
  const product = size * minSigned;
  const [whole, rest] = [product / E18, product % E18];
  const up = rest * 2n > E18 || (rest * 2n === E18 && whole % 2n === 1n);
  return size - whole - (up ? 1n : 0n);
}

function comeBack(chain: SlashingBench, validator: StandInValidator, model: Model): void {
  validator.jailed = false;
  chain.staking.rebond(chain.bench.ctx, validator);
  model.startHeight = chain.bench.ctx.height;
}

describe("the window of signed blocks", () => {
  it("holds the last votes and no others, and punishes exactly when too many of them are missing", () => {
    fc.assert(
      fc.property(window, minSignedE18, fc.array(flag, { minLength: 1, maxLength: 60 }), fc.nat(40), (size, minSigned, flags, before) => {
        const chain = createSlashingBench({ window: size, minSignedE18: minSigned });
        const validator = chain.staking.bond(chain.bench.ctx);
        const model: Model = { votes: [], startHeight: 0n };
        let slashes = 0;
        // Long windows are entered near their end, where the ring closes.
        const warm = size > 12n ? Number(size) - before : 0;
        for (const vote of [...Array.from({ length: warm }, () => COMMIT), ...flags]) {
          if (validator.jailed) comeBack(chain, validator, model);
          chain.block([[validator, vote]]);
          model.votes.push(vote === ABSENT);
          const missed = BigInt(model.votes.slice(-Number(size)).filter(Boolean).length);
          if (chain.bench.ctx.height > model.startHeight + size && missed > mayMiss(size, minSigned)) {
            slashes++;
            model.votes = [];
            assert.equal(validator.jailed, true);
            assert.equal(chain.info(validator)?.missedBlocksCounter, 0n);
          } else {
            assert.equal(validator.jailed, false);
            assert.equal(chain.info(validator)?.missedBlocksCounter, missed);
          }
          assert.equal(chain.info(validator)?.indexOffset, BigInt(model.votes.length));
        }
        assert.equal(chain.staking.slashes.length, slashes);
        assert.deepEqual(chain.bench.broken(), []);
      }),
      run,
    );
  });

  it("counts its marks right under any change of the parameters, jail and return", () => {
    const step = fc.oneof(
      { weight: 12, arbitrary: fc.record({ kind: fc.constant("votes" as const), flags: fc.array(flag, { maxLength: 12 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("params" as const), window, minSignedE18 }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("return" as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("skip" as const), blocks: fc.bigInt(1n, 2_000n) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const chain = createSlashingBench();
        const validator = chain.staking.bond(chain.bench.ctx);
        for (const next of steps) {
          if (next.kind === "votes") for (const vote of next.flags) chain.block([[validator, vote]]);
          else if (next.kind === "params")
            chain.bench.send("/cosmos.slashing.v1beta1.MsgUpdateParams", { authority, params: slashingParams(next) });
          else if (next.kind === "skip") chain.skipTo(chain.bench.ctx.height + next.blocks);
          else if (validator.jailed) {
            validator.jailed = false;
            chain.staking.rebond(chain.bench.ctx, validator);
          }
          assert.deepEqual(chain.bench.broken(), []);
          assert.ok((chain.info(validator)?.missedBlocksCounter ?? -1n) >= 0n);
        }
      }),
      run,
    );
  });
});
