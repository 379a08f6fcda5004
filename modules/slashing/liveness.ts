import type { ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { type BlockInfo, type Ctx, toTimestamp } from "#sdk";
import { clearMissed, isMissed, setMissed } from "./bitmap.ts";
import { rulesOf, type SlashingRules } from "./params.ts";
import { getSigningInfo } from "./signingInfo.ts";
import type { Slashing } from "./slashing.ts";

/** A validator that should have signed the last block. */
type Vote = BlockInfo["lastCommit"][number];

/** CometBFT's BlockIDFlagAbsent. A vote for nil is a sign of life, too. */
const ABSENT = 1;

/** A vote belongs to the block before, whose validators were settled another block before that. */
const VOTE_DELAY = 2n;

/** Counts the votes of the last commit, in the order of the commit; whoever missed too many is slashed and jailed. */
export function countVotes(slashing: Slashing, ctx: Ctx, { lastCommit }: BlockInfo): void {
  const rules = rulesOf(slashing.params.get(ctx));
  for (const vote of lastCommit) countVote(slashing, ctx, rules, vote);
}

/**
 * A jailed validator still votes for two blocks; nothing is counted then. Neither is for an address that x/staking does not know: a chain whose
 * validators stand in CometBFT's genesis alone has nobody to slash.
 * @throws slashing/8 for a validator that was never bonded: state is broken
 */
function countVote(slashing: Slashing, ctx: Ctx, rules: SlashingRules, { address, power, flag }: Vote): void {
  const { state, needs } = slashing;
  const validator = needs.staking.findByConsAddress(ctx, address);
  if (validator === undefined || validator.jailed) return;
  const missed = flag === ABSENT;
  const info = slideWindow(slashing, ctx, rules, address, missed);
  if (missed) {
    ctx.event("liveness", [
      ["address", info.address],
      ["missed_blocks", info.missedBlocksCounter.toString()],
      ["height", ctx.height.toString()],
    ]);
  }
  const isDown = ctx.height > info.startHeight + rules.window && info.missedBlocksCounter > rules.maxMissed;
  state.signingInfos.set(ctx, address, isDown ? punishDowntime(slashing, ctx, rules, address, power, info) : info);
}

/**
 * Replaces the oldest block of the window by the last one.
 * INVARIANT: the counter is the number of marks in the bitmap. When the window shrinks, marks behind its end stay and count until the next jail.
 */
function slideWindow(
  slashing: Slashing,
  ctx: Ctx,
  { window }: SlashingRules,
  consAddress: Uint8Array,
  missed: boolean,
): ValidatorSigningInfo {
  const info = getSigningInfo(slashing, ctx, consAddress);
  const index = info.indexOffset % window;
  // Most miss nothing: without marks the bitmap need not be read.
  const before = info.missedBlocksCounter !== 0n && isMissed(slashing.state, ctx, consAddress, index);
  if (before !== missed) setMissed(slashing.state, ctx, consAddress, index, missed);
  const change = (missed ? 1n : 0n) - (before ? 1n : 0n);
  // Every vote makes one: a spread whose parts are replaced costs a call into V8's runtime.
  const { address, startHeight, indexOffset, jailedUntil, tombstoned, missedBlocksCounter } = info;
  return {
    address,
    startHeight,
    indexOffset: indexOffset + 1n,
    jailedUntil,
    tombstoned,
    missedBlocksCounter: missedBlocksCounter + change,
  };
}

/** The record begins anew, so that the validator is not jailed again with its first missed block after it came back. */
function punishDowntime(
  { state, needs }: Slashing,
  ctx: Ctx,
  rules: SlashingRules,
  consAddress: Uint8Array,
  power: bigint,
  info: ValidatorSigningInfo,
): ValidatorSigningInfo {
  // Below 0 in the first block: then no unbonding is too old to be slashed.
  const burned = needs.staking.slash(ctx, consAddress, ctx.height - VOTE_DELAY, power, rules.downtimeFractionE18);
  ctx.event("slash", [
    ["address", info.address],
    ["power", power.toString()],
    ["reason", "missing_signature"],
    ["jailed", info.address],
    ["burned_coins", burned.toString()],
  ]);
  needs.staking.jail(ctx, consAddress);
  clearMissed(state, ctx, consAddress);
  return { ...info, jailedUntil: toTimestamp(ctx.timeNs + rules.downtimeJailNs), missedBlocksCounter: 0n, indexOffset: 0n };
}
