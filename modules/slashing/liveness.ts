import type { ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { type BlockInfo, type Ctx, derived, equalBytes, type ReadCtx, toHex, toTimestamp } from "#sdk";
import { clearMissed, countFree, isMissed, setMissed } from "./bitmap.ts";
import { rulesOf, type SlashingRules } from "./params.ts";
import { getRecord } from "./signingInfo.ts";
import { infoAfter, type SigningRecord } from "./signingRecord.ts";
import type { Slashing } from "./slashing.ts";

/** A validator that should have signed the last block. */
type Vote = BlockInfo["lastCommit"][number];

/** CometBFT's BlockIDFlagAbsent. A vote for nil is a sign of life, too. */
const ABSENT = 1;

/** A vote belongs to the block before, whose validators were settled another block before that. */
const VOTE_DELAY = 2n;

/** What is known by the places of a commit's votes, after its count. */
interface Count {
  readonly height: bigint;
  readonly votes: readonly Vote[];
  readonly rules: SlashingRules;
  /** None where the vote did not count. */
  readonly records: readonly (SigningRecord | undefined)[];
  /** First height at which the vote of who signs must be looked at again: before it changes nothing. */
  readonly quietUntil: readonly number[];
}

/**
 * Counts the votes of each block, in the order of the commit; whoever missed too many is slashed and jailed. A steady validator that signed as ever
 * is not written: its record says how many blocks it has counted by now. Records are read again only after somebody else wrote some.
 */
export function createVoteCount(slashing: Slashing): (ctx: Ctx, block: BlockInfo) => void {
  const { state, params } = slashing;
  // DETERMINISM: what is remembered of the records is what stands in state, so that nobody can tell whether it was.
  const memory = derived([state.signingRecords], (): { last: Count | undefined } => ({ last: undefined }));
  return (ctx, { lastCommit }) => {
    const { last } = memory(ctx);
    const rules = rulesOf(params.get(ctx));
    const holds = last?.rules === rules && last.height <= ctx.height && isSameCommit(last.votes, lastCommit);
    const count = countVotes(slashing, ctx, rules, lastCommit, holds ? last : undefined);
    // Where something was written, this is another memory.
    memory(ctx).last = count;
  };
}

/** Whether two commits have votes of the same validators in the same order. */
function isSameCommit(a: readonly Vote[], b: readonly Vote[]): boolean {
  return a === b || (a.length === b.length && a.every((vote, i) => vote === b[i] || equalBytes(vote.address, b[i]?.address ?? NOBODY)));
}

const NOBODY = new Uint8Array(0);

/** @param known of a commit of the same validators, as far as it is known */
function countVotes(slashing: Slashing, ctx: Ctx, rules: SlashingRules, votes: readonly Vote[], known: Count | undefined): Count {
  const { state, needs } = slashing;
  const height = Number(ctx.height);
  const records: (SigningRecord | undefined)[] = [];
  const quietUntil: number[] = [];
  let [followed, steady] = [0, 0];
  // A jailed validator still votes for two blocks; nothing is counted then. Neither is for an address that x/staking does not know: a chain whose
  // validators stand in CometBFT's genesis alone has nobody to slash. Found before the first is counted, which may jail it.
  const signers = needs.staking.findSigners(ctx, votes);
  for (let i = 0; i < votes.length; i++) {
    const vote = votes[i] as Vote;
    if (signers[i]?.jailed !== false) {
      records.push(undefined);
      quietUntil.push(0);
      continue;
    }
    const before = known?.records[i] ?? getRecord(slashing, ctx, vote.address);
    const missed = vote.flag === ABSENT;
    let after = before;
    let until = missed ? 0 : (known?.quietUntil[i] ?? 0);
    if (height >= until) {
      if (!missed) until = findQuietUntil(slashing, ctx, rules, vote.address, before);
      if (height >= until) after = countVote(slashing, ctx, rules, vote, before);
      if (after !== before) state.signingRecords.set(ctx, vote.address, after);
    }
    if (before.steadySince !== 0n) followed++;
    if (after.steadySince !== 0n) steady++;
    records.push(after);
    quietUntil.push(until);
  }
  const steadyBefore = state.steadyCount.get(ctx);
  if (BigInt(followed) < steadyBefore)
    settleOthers(
      slashing,
      ctx,
      votes.filter((_, i) => signers[i]?.jailed === false),
    );
  if (BigInt(steady) !== steadyBefore) state.steadyCount.set(ctx, BigInt(steady));
  return { height: ctx.height, votes, rules, records, quietUntil };
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
  const isSteady = record.steadySince !== 0n && !missed;
  const { info, place, wasMissed, isDown } = slideWindow(slashing, ctx, rules, address, record, missed);
  if (isSteady && !wasMissed && !isDown) return record;
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
}

/** Blocks in which a window comes to no mark. */
interface Stretch {
  readonly rules: SlashingRules;
  readonly from: bigint;
  /** The first one that has to be looked at again. */
  readonly until: bigint;
}

/** By records, which are other objects after each change of their marks. */
const stretches = new WeakMap<SigningRecord, Stretch>();

/**
 * The first height at which the window of who signs comes to a mark, or to its end with too many; most have no mark, and nobody has many.
 * @returns 0 for a validator that is not steady
 */
function findQuietUntil({ state }: Slashing, ctx: ReadCtx, rules: SlashingRules, consAddress: Uint8Array, record: SigningRecord): number {
  const { missedBlocksCounter } = record.info;
  if (record.steadySince === 0n || missedBlocksCounter > rules.maxMissed) return 0;
  if (missedBlocksCounter === 0n) return Number.MAX_SAFE_INTEGER;
  let stretch = stretches.get(record);
  if (stretch === undefined || stretch.rules !== rules || ctx.height < stretch.from || ctx.height >= stretch.until) {
    const place = infoAfter(record, ctx.height - 1n).indexOffset % rules.window;
    const until = ctx.height + countFree(state, ctx, consAddress, place, rules.window);
    stretch = { rules, from: ctx.height, until };
    stretches.set(record, stretch);
  }
  return Number(stretch.until);
}

/**
 * Replaces the oldest block of a validator's window by the last one; writes nothing.
 * INVARIANT: the counter is the number of marks in the bitmap. When the window shrinks, marks behind its end stay and count until the next jail.
 */
function slideWindow(
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
  return { info: { ...before, indexOffset: before.indexOffset + 1n, missedBlocksCounter }, place, wasMissed, isDown };
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
