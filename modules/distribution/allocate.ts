import { type BlockInfo, type Ctx, type DecCoins, formatDecCoins, moduleAddress, subDecCoins, toDecCoins } from "#sdk";
import { FEE_COLLECTOR } from "../auth/index.ts";
import type { ValidatorInfo } from "../staking/index.ts";
import type { Parts } from "./accrued.ts";
import { accrue, book } from "./books.ts";
import type { Distribution } from "./distribution.ts";
import { rewardOfVote, splitReward, taxedFees } from "./math.ts";
import { communityTaxOf } from "./params.ts";
import { addToPool } from "./pool.ts";

/**
 * Shares out what the fee collector holds: the fees of the last block and what this one has minted. All votes of the last commit count by their
 * power, absent ones too. The first block has no votes and leaves everything for the second.
 */
export function beginBlock(distribution: Distribution, ctx: Ctx, { proposer, lastCommit }: BlockInfo): void {
  if (ctx.height > 1n) allocate(distribution, ctx, lastCommit);
  distribution.state.proposer.set(ctx, proposer);
}

function allocate(distribution: Distribution, ctx: Ctx, votes: BlockInfo["lastCommit"]): void {
  const { needs, address, account, params } = distribution;
  const collector = address.format(moduleAddress(FEE_COLLECTOR));
  const collected = needs.bank.balances(ctx, collector);
  needs.bank.sendCoins(ctx, collector, account, collected);
  const fees = toDecCoins(collected);
  const total = votes.reduce((sum, { power }) => sum + power, 0n);
  const given: [operator: string, share: Share][] = [];
  let remaining = fees;
  if (total > 0n) {
    const taxed = taxedFees(fees, communityTaxOf(params.get(ctx)));
    // Most validators share their power and rate with others.
    const shareOf = remembered((power: bigint) => {
      const reward = rewardOfVote(taxed, power, total);
      return remembered((rateE18: bigint) => divide(reward, rateE18));
    });
    const signers = needs.staking.findSigners(ctx, votes);
    for (let i = 0; i < signers.length; i++) {
      const validator = signers[i];
      // A chain may run on validators of its genesis file alone, whom nobody staked on: their part stays with the community.
      if (validator === undefined) continue;
      const share = shareOf(votes[i]?.power ?? 0n)(validator.commissionE18);
      tell(ctx, validator.operator, share);
      given.push([validator.operator, share]);
      remaining = subDecCoins(remaining, share.reward);
    }
  }
  accrue(distribution, ctx, given);
  addToPool(distribution, ctx, remaining);
}

/** Books a reward that is on the module's account: commission for the validator, the rest for its delegators. */
export function rewardValidator(
  { state }: Pick<Distribution, "state">,
  ctx: Ctx,
  { operator, commissionE18 }: Pick<ValidatorInfo, "operator" | "commissionE18">,
  reward: DecCoins,
): void {
  const share = divide(reward, commissionE18);
  tell(ctx, operator, share);
  book({ state }, ctx, operator, share);
}

/** A reward divided between a validator and its delegators, with the texts of its events. */
interface Share extends Parts {
  readonly reward: DecCoins;
  readonly rewardText: string;
  readonly commissionText: string;
}

function divide(reward: DecCoins, rateE18: bigint): Share {
  const { commission, shared } = splitReward(reward, rateE18);
  return { reward, commission, shared, rewardText: formatDecCoins(reward), commissionText: formatDecCoins(commission) };
}

function tell(ctx: Ctx, validator: string, { commissionText, rewardText }: Share): void {
  ctx.event("commission", [
    ["amount", commissionText],
    ["validator", validator],
  ]);
  ctx.event("rewards", [
    ["amount", rewardText],
    ["validator", validator],
  ]);
}

/** Computes once for each number; mostly it is the one before. */
function remembered<T>(compute: (at: bigint) => T): (at: bigint) => T {
  const known = new Map<bigint, T>();
  let last: { readonly at: bigint; readonly value: T } | undefined;
  return (at) => {
    if (last?.at === at) return last.value;
    let value = known.get(at);
    if (value === undefined) {
      value = compute(at);
      known.set(at, value);
    }
    last = { at, value };
    return value;
  };
}
