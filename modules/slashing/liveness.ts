import type { ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { type BlockInfo, type Ctx, type ReadCtx, toHex, toTimestamp } from "#sdk";
import { clearMissed, isMissed, setMissed } from "./bitmap.ts";
import type { SlashingRules } from "./params.ts";
import { getRecord } from "./signingInfo.ts";
import { infoAfter, type SigningRecord } from "./signingRecord.ts";
import type { Slashing } from "./slashing.ts";

/** A validator that should have signed the last block. */
export type Vote = BlockInfo["lastCommit"][number];

/** CometBFT's BlockIDFlagAbsent. A vote for nil is a sign of life, too. */
export const ABSENT = 1;

/** A vote belongs to the block before, whose validators were settled another block before that. */
const VOTE_DELAY = 2n;

/**
 * Counts the votes of a commit, in its order; whoever missed too many is slashed and jailed. A steady validator that signed as ever is not written:
 * its record says how many blocks it has counted by now.
 * @returns the records of those whose votes count, as they were before
 */
export function countVotes(slashing: Slashing, ctx: Ctx, rules: SlashingRules, lastCommit: readonly Vote[]): SigningRecord[] {
  const { state } = slashing;
  const votes = lastCommit.filter((vote) => isCounted(slashing, ctx, vote));
  let [followed, steady] = [0n, 0n];
  const records = votes.map((vote) => {
    const before = getRecord(slashing, ctx, vote.address);
    const after = countVote(slashing, ctx, rules, vote, before);
    if (after !== before) state.signingRecords.set(ctx, vote.address, after);
    if (before.steadySince !== 0n) followed++;
    if (after.steadySince !== 0n) steady++;
    return before;
  });
  const steadyBefore = state.steadyCount.get(ctx);
  if (followed < steadyBefore) settleOthers(slashing, ctx, votes);
  if (steady !== steadyBefore) state.steadyCount.set(ctx, steady);
  return records;
}

/**
 * A jailed validator still votes for two blocks; nothing is counted then. Neither is for an address that x/staking does not know: a chain whose
 * validators stand in CometBFT's genesis alone has nobody to slash.
 */
function isCounted({ needs }: Slashing, ctx: ReadCtx, { address }: Vote): boolean {
  return needs.staking.findByConsAddress(ctx, address)?.jailed === false;
}

/** Writes down the count of validators that were steady and had no vote that counts in this block. */
function settleOthers({ state }: Slashing, ctx: Ctx, votes: readonly Vote[]): void {
  const counted = new Set(votes.map(({ address }) => toHex(address)));
  for (const [consAddress, record] of [...state.signingRecords.entries(ctx)])
    if (record.steadySince !== 0n && !counted.has(toHex(consAddress)))
      state.signingRecords.set(ctx, consAddress, { info: infoAfter(record, ctx.height - 1n), steadySince: 0n });
}

/** @returns the record after a vote: the same one where nothing changes but the number of counted blocks, and the validator was steady before */
function countVote(
  slashing: Slashing,
  ctx: Ctx,
  rules: SlashingRules,
  { address, power, flag }: Vote,
  record: SigningRecord,
): SigningRecord {
  const missed = flag === ABSENT;
  // Most miss nothing: without marks the window need not be looked at.
  if (!missed && record.steadySince !== 0n && record.info.missedBlocksCounter === 0n) return record;
  const { info, place, wasMissed, isDown, isPlain } = slideWindow(slashing, ctx, rules, address, record, missed);
  if (isPlain) return record;
  if (wasMissed !== missed) setMissed(slashing.state, ctx, address, place, missed);
  if (missed) {
    ctx.event("liveness", [
      ["address", info.address],
      ["missed_blocks", info.missedBlocksCounter.toString()],
      ["height", ctx.height.toString()],
    ]);
  }
  return isDown ? { info: punishDowntime(slashing, ctx, rules, address, power, info), steadySince: 0n } : { info, steadySince: ctx.height };
}

/** What a vote makes of a validator's window. */
interface Slide {
  readonly info: ValidatorSigningInfo;
  readonly place: bigint;
  /** Whether the block that leaves the window was missed. */
  readonly wasMissed: boolean;
  readonly isDown: boolean;
  /** Whether the record need not be written. */
  readonly isPlain: boolean;
}

/**
 * Replaces the oldest block of a validator's window by the last one; writes nothing.
 * INVARIANT: the counter is the number of marks in the bitmap. When the window shrinks, marks behind its end stay and count until the next jail.
 */
export function slideWindow(
  { state }: Slashing,
  ctx: ReadCtx,
  { window, maxMissed }: SlashingRules,
  consAddress: Uint8Array,
  record: SigningRecord,
  missed: boolean,
): Slide {
  const before = infoAfter(record, ctx.height - 1n);
  const place = before.indexOffset % window;
  const wasMissed = before.missedBlocksCounter !== 0n && isMissed(state, ctx, consAddress, place);
  const missedBlocksCounter = before.missedBlocksCounter + (missed ? 1n : 0n) - (wasMissed ? 1n : 0n);
  const isDown = ctx.height > before.startHeight + window && missedBlocksCounter > maxMissed;
  const isPlain = record.steadySince !== 0n && !missed && !wasMissed && !isDown;
  return { info: { ...before, indexOffset: before.indexOffset + 1n, missedBlocksCounter }, place, wasMissed, isDown, isPlain };
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
