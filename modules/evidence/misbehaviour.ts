import { type BlockInfo, type Ctx, type ReadCtx, timestampNs, toTimestamp } from "#sdk";
import { hashEquivocation, packEquivocation } from "./equivocation.ts";
import type { Evidence } from "./evidence.ts";

/** What CometBFT saw of a validator. */
type Misbehaviour = BlockInfo["misbehavior"][number];

/** Kinds of misbehaviour of ABCI: two votes of one validator, and a block for light clients that is not the chain's. */
const EQUIVOCATIONS: readonly number[] = [1, 2];

/** A status of x/staking: neither in the set nor leaving it. */
const UNBONDED = 1;

/** The validators of a height were settled a block before. */
const VALIDATOR_DELAY = 1n;

/** 9999-12-31 23:59:59 UTC in nanoseconds: the last second that a Timestamp can name. */
const FOREVER_NS = 253_402_300_799n * 1_000_000_000n;

/** Punishes what CometBFT saw, in its order. Kinds that CometBFT may invent are passed over. */
export function handleMisbehaviour(evidence: Evidence, ctx: Ctx, { misbehavior }: BlockInfo): void {
  for (const seen of misbehavior) if (EQUIVOCATIONS.includes(seen.type)) handleEquivocation(evidence, ctx, seen);
}

/**
 * Slashes a validator, jails and tombstones it, and keeps the evidence; also for what it signed with a key that it has given up since. Passed over is what nobody can be held to account for: an address that is
 * no validator or no longer one, one whose stake has all left, a fault that is too old, and a validator that has paid before.
 * @throws slashing/8 for a validator that was never bonded: state is broken
 */
function handleEquivocation({ state, needs, address }: Evidence, ctx: Ctx, seen: Misbehaviour): void {
  const { address: consAddress, height, power, timeNs } = seen;
  const { staking, slashing } = needs;
  const validator = staking.findByConsAddress(ctx, consAddress) ?? staking.findByRotatedConsAddress(ctx, consAddress);
  if (validator === undefined || validator.status === UNBONDED) return;
  const current = validator.consAddress;
  if (!slashing.knowsKey(ctx, current)) return;
  if (isTooOld({ needs }, ctx, seen)) return;
  if (slashing.isTombstoned(ctx, current)) return;
  // Below 0 for the first block: then nothing that left is too old to be slashed.
  slashing.slashDoubleSign(ctx, current, height - VALIDATOR_DELAY, power);
  if (!validator.jailed) slashing.jail(ctx, current);
  slashing.jailUntil(ctx, current, FOREVER_NS);
  slashing.tombstone(ctx, current);
  const found = { height, power, time: toTimestamp(timeNs), consensusAddress: address.consensus.format(consAddress) };
  state.evidence.set(ctx, hashEquivocation(found), packEquivocation(found));
}

/** A fault is too old when both limits of the consensus parameters are passed; without parameters nothing is. */
function isTooOld({ needs }: Pick<Evidence, "needs">, ctx: ReadCtx, { height, timeNs }: Misbehaviour): boolean {
  const limits = needs.consensus.params(ctx)?.evidence;
  if (limits === undefined) return false;
  const { maxAgeNumBlocks, maxAgeDuration } = limits;
  return ctx.timeNs - timeNs > timestampNs(maxAgeDuration) && ctx.height - height > maxAgeNumBlocks;
}
