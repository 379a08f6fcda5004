// Most blocks are signed by the same validators as the block before, and nothing is written of any: such a block is told by its commit.
import { type BlockInfo, type Ctx, derived, equalBytes, type ReadCtx } from "#sdk";
import { ABSENT, countVotes, slideWindow, type Vote } from "./liveness.ts";
import { rulesOf, type SlashingRules } from "./params.ts";
import { getRecord } from "./signingInfo.ts";
import type { Slashing } from "./slashing.ts";

/** A commit whose votes changed nothing but the numbers of counted blocks. */
interface QuietCommit {
  readonly votes: readonly Vote[];
  /** Those of validators with marks in their windows, whose places have to be looked at. */
  readonly marked: readonly Vote[];
}

/** Counts the votes of each block: where neither validators nor records have changed since a block that wrote nothing, the same votes write nothing again. */
export function createVoteCount(slashing: Slashing): (ctx: Ctx, block: BlockInfo) => void {
  const { state, needs, params } = slashing;
  // DETERMINISM: a quiet commit follows from these sources, so that nobody can tell whether it was remembered.
  const memory = derived(
    [state.signingRecords, state.steadyCount, { stamp: needs.staking.validatorsStamp }],
    (): { quiet: QuietCommit | undefined } => ({ quiet: undefined }),
  );
  return (ctx, { lastCommit }) => {
    const rules = rulesOf(params.get(ctx));
    const known = memory(ctx);
    if (known.quiet !== undefined && isQuiet(slashing, ctx, rules, known.quiet, lastCommit)) return;
    const records = countVotes(slashing, ctx, rules, lastCommit);
    // Had anything been written, this would be another memory by now.
    if (memory(ctx) !== known || records.length < lastCommit.length) return;
    known.quiet = { votes: lastCommit, marked: lastCommit.filter((_, i) => records[i]?.info.missedBlocksCounter !== 0n) };
  };
}

/** Whether the validators of a quiet commit have all signed again, and the window of none comes to a mark. */
function isQuiet(slashing: Slashing, ctx: ReadCtx, rules: SlashingRules, { votes, marked }: QuietCommit, commit: readonly Vote[]): boolean {
  if (votes.length !== commit.length) return false;
  for (const [i, { address, flag }] of commit.entries())
    if (flag === ABSENT || !equalBytes(address, votes[i]?.address ?? address)) return false;
  return marked.every(({ address }) => slideWindow(slashing, ctx, rules, address, getRecord(slashing, ctx, address), false).isPlain);
}
