// The numbers of a recorded chain after every height, group by group.
import { reasonOf } from "../../../shared/cliError.ts";
import type { ChainFacts } from "../recording/chainFacts.ts";
import type { RecordedRows, Recording } from "../recording/recording.ts";
import { differs, failed, SAME, type Verdict } from "../recording/verdict.ts";
import { AbsentModule } from "./askQuery.ts";
import { foldRow, type Numbers, unlikeNumbers } from "./numberRows.ts";
import { distributionReaders } from "./readDistribution.ts";
import { stakingReaders } from "./readStaking.ts";
import type { ReplayedChain } from "./replayedChain.ts";

/** Judges the numbers of one file after a height. CONTRACT: heights come one after the other. */
export interface RowJudge {
  readonly title: "staking" | "distribution";
  judge(height: number): Promise<readonly (readonly [group: string, verdict: Verdict])[]>;
}

/** Judges for the files that a recording has. */
export function rowJudges({ app }: ReplayedChain, { staking, distribution }: Recording, { config }: ChainFacts): readonly RowJudge[] {
  const judges: RowJudge[] = [];
  if (staking !== undefined) judges.push(rowJudge("staking", staking, stakingReaders(app, staking.delegators)));
  if (distribution !== undefined) {
    const modules = new Set(distribution.heights.flatMap((row) => Object.keys((row["module_balances"] ?? {}) as object)));
    const accounts = { prefix: config.bech32Prefix, delegators: distribution.delegators, modules: [...modules] };
    judges.push(rowJudge("distribution", distribution, distributionReaders(app, accounts)));
  }
  return judges;
}

function rowJudge(
  title: RowJudge["title"],
  { heights }: RecordedRows,
  readers: Readonly<Record<string, () => Promise<unknown>>>,
): RowJudge {
  const rows = new Map(heights.map((row) => [row.height, row]));
  let whole: Numbers = {};
  return {
    title,
    async judge(height) {
      const row = rows.get(height);
      if (row === undefined) return [];
      whole = foldRow(whole, row);
      const verdicts: (readonly [string, Verdict])[] = [];
      for (const [group, expected] of Object.entries(whole)) verdicts.push([group, await judgeGroup(group, expected, readers[group])]);
      return verdicts;
    },
  };
}

async function judgeGroup(group: string, expected: unknown, read: (() => Promise<unknown>) | undefined): Promise<Verdict> {
  if (read === undefined) return failed(`a way to read ${group} expected`);
  try {
    const reason = unlikeNumbers(expected, await read());
    return reason === undefined ? SAME : failed(reason);
  } catch (cause) {
    return cause instanceof AbsentModule ? differs("absentModules") : failed(reasonOf(cause));
  }
}
