import { addDecCoins, type BlockInfo, type Ctx, type DecCoins, formatDecCoins, moduleAddress, subDecCoins, toDecCoins } from "#sdk";
import { FEE_COLLECTOR } from "../auth/index.ts";
import type { ValidatorInfo } from "../staking/index.ts";
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
  let remaining = fees;
  if (total > 0n) {
    const taxed = taxedFees(fees, communityTaxOf(params.get(ctx)));
    // Validators of the same power have the same part.
    const rewards = new Map<bigint, DecCoins>();
    const rewardOf = (power: bigint): DecCoins => {
      const known = rewards.get(power);
      if (known !== undefined) return known;
      const reward = rewardOfVote(taxed, power, total);
      rewards.set(power, reward);
      return reward;
    };
    for (const { address: cons, power } of votes) {
      const validator = needs.staking.findByConsAddress(ctx, cons);
      // A chain may run on validators of its genesis file alone, whom nobody staked on: their part stays with the community.
      if (validator === undefined) continue;
      const reward = rewardOf(power);
      rewardValidator(distribution, ctx, validator, reward);
      remaining = subDecCoins(remaining, reward);
    }
  }
  addToPool(distribution, ctx, remaining);
}

/** Books a reward that is on the module's account: commission for the validator, the rest for its delegators. */
export function rewardValidator(
  { state }: Pick<Distribution, "state">,
  ctx: Ctx,
  { operator, commissionE18 }: Pick<ValidatorInfo, "operator" | "commissionE18">,
  reward: DecCoins,
): void {
  const { commission, shared } = splitReward(reward, commissionE18);
  ctx.event("commission", [
    ["amount", formatDecCoins(commission)],
    ["validator", operator],
  ]);
  state.commission.set(ctx, operator, addDecCoins(state.commission.find(ctx, operator) ?? [], commission));
  const { rewards, period } = state.current.get(ctx, operator);
  state.current.set(ctx, operator, { rewards: addDecCoins(rewards, shared), period });
  ctx.event("rewards", [
    ["amount", formatDecCoins(reward)],
    ["validator", operator],
  ]);
  state.outstanding.set(ctx, operator, addDecCoins(state.outstanding.find(ctx, operator) ?? [], reward));
}
