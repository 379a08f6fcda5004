import { countVerdicts, failuresOf } from "../recording/report.ts";
import { formatSections, listVerdicts } from "../recording/reportText.ts";
import type { GasPair } from "./replayHeights.ts";
import type { ReplayReport } from "./replaySelftest.ts";

/** Failures of a section that are shown when not all are asked for. */
const SHOWN_FAILURES = 10;

/** The report for people: failures first, then differences, counts, speed and gas; the last line is `N passed, N failed`. */
export function formatReplay({ sections, missing, blocks, blocksPerSecond, gas }: ReplayReport, list: boolean): readonly string[] {
  const { same, failed } = countVerdicts(sections);
  const failures = sections.flatMap((section) => {
    const all = failuresOf([section]);
    const shown = list ? all : all.slice(0, SHOWN_FAILURES);
    return [
      ...shown.map((failure) => `FAILED ${failure}`),
      ...(shown.length < all.length ? [`… and ${all.length - shown.length} more of ${section.title}`] : []),
    ];
  });
  return [
    ...failures,
    ...(list ? listVerdicts(sections) : formatSections(sections)),
    ...(missing.length > 0 ? [`not in this recording, hence not compared: ${missing.map((part) => `${part}.json`).join(", ")}`] : []),
    `${blocks} blocks executed and committed, ${Math.round(blocksPerSecond)} per second of processor time`,
    ...gasLine(gas),
    `${same} passed, ${failed} failed`,
  ];
}

function gasLine(pairs: readonly GasPair[]): readonly string[] {
  // A transaction that is refused before anything is counted has used none.
  const gas = pairs.filter(({ recorded }) => recorded > 0n);
  if (gas.length === 0) return [];
  const percent = gas.map(({ recorded, own }) => Number((own * 100n) / recorded)).sort((a, b) => a - b);
  const most = gas.reduce((a, b) => (b.own * a.recorded > a.own * b.recorded ? b : a));
  const middle = percent[percent.length >> 1];
  return [
    `gas used: ${percent[0]} % to ${percent.at(-1)} % of the recorded, half of the transactions at most ${middle} %; most: ${most.name} ${most.own} instead of ${most.recorded}`,
  ];
}
