import type { MsgBeginRedelegate } from "#proto/cosmos/staking/v1beta1/tx";
import { type Ctx, durationNs, formatRfc3339Seconds, type ReadCtx, toTimestamp } from "#sdk";
import { stakeFromPool } from "./delegate.ts";
import { addRedelegation, type Liability, type Move } from "./redelegations.ts";
import { coinText, requireBondDenom, requireStake } from "./stake.ts";
import type { Staking } from "./staking.ts";
import { requireSomebodyLeft, sharesToUnbond, unbond } from "./unbond.ts";
import { STATUS } from "./validator.ts";

/** 0001-01-01T00:00:00Z: the end of a move that was never under way. */
const NEVER_NS = -62_135_596_800n * 1_000_000_000n;

/** MsgBeginRedelegate: moves stake to another validator. @throws sdk/18, staking/3, /19, /22, /29 to /34, /44, /64 */
export function redelegate(staking: Staking, ctx: Ctx, msg: MsgBeginRedelegate): object {
  const { address } = staking;
  const asked = requireStake(msg.amount, "invalid shares amount");
  const move: Move = {
    delegator: address.canonical(msg.delegatorAddress),
    source: address.operator.canonical(msg.validatorSrcAddress),
    destination: address.operator.canonical(msg.validatorDstAddress),
  };
  const sharesE18 = sharesToUnbond(staking, ctx, move.delegator, move.source, asked.amount);
  requireBondDenom(staking, ctx, asked);
  const completionNs = moveStakeOver(staking, ctx, move, sharesE18);
  ctx.event("redelegate", [
    ["source_validator", msg.validatorSrcAddress],
    ["destination_validator", msg.validatorDstAddress],
    ["amount", coinText(asked)],
    ["completion_time", formatRfc3339Seconds(completionNs)],
  ]);
  return { completionTime: toTimestamp(completionNs) };
}

/** @returns when the source stops to be liable */
function moveStakeOver(staking: Staking, ctx: Ctx, move: Move, partE18: bigint): bigint {
  const { state, err } = staking;
  const { delegator, source, destination } = move;
  if (source === destination) throw err.selfRedelegation();
  const to = state.validators.find(ctx, destination);
  if (to === undefined) throw err.noDestination();
  const from = state.validators.find(ctx, source);
  if (from === undefined) throw err.noSource();
  requireMovable(staking, ctx, move);
  const amount = unbond(staking, ctx, delegator, source, partE18, true);
  if (amount === 0n) throw err.tinyRedelegation();
  const sharesE18 = stakeFromPool(staking, ctx, delegator, to, amount, from.status);
  if (from.status === STATUS.bonded) requireSomebodyLeft(staking, ctx);
  const end = endOfLiability(staking, ctx, source);
  if (end === undefined) return NEVER_NS;
  addRedelegation(staking, ctx, move, { ...end, amount, sharesE18 });
  return end.completionNs;
}

/** Stake that somebody moved cannot be moved on while it is still liable where it came from. @throws staking/32, staking/33 */
function requireMovable({ state, params, err }: Staking, ctx: ReadCtx, { delegator, source, destination }: Move): void {
  for (const _ of state.redelegationsByDestination.under(ctx, [source, delegator])) throw err.transitiveRedelegation();
  const entries = state.redelegations.find(ctx, [delegator, [source, destination]])?.entries.length ?? 0;
  if (entries > 0 && entries >= params.get(ctx).maxEntries) throw err.tooManyRedelegations();
}

/** Undefined when a validator is out of the set for good, or gone: nobody can slash it then. */
function endOfLiability({ state, params }: Staking, ctx: ReadCtx, source: string): Pick<Liability, "height" | "completionNs"> | undefined {
  const validator = state.validators.find(ctx, source);
  switch (validator?.status) {
    case STATUS.bonded:
      return { height: ctx.height, completionNs: ctx.timeNs + durationNs(params.get(ctx).unbondingTime) };
    case STATUS.unbonding:
      return { height: validator.unbondingHeight, completionNs: validator.unbondingTimeNs };
    default:
      return undefined;
  }
}
