import { reasonOf } from "../../../shared/cliError.ts";
import { DIFFERENCES, type DifferenceName } from "./differences.ts";
import { type Case, failed, type Verdict } from "./verdict.ts";

/** Everything of one subject that was judged. */
export interface SectionReport {
  /** `REST`, `ABCI`… */
  readonly title: string;
  readonly verdicts: readonly { readonly name: string; readonly verdict: Verdict }[];
}

/** Judges cases one after the other: each finds the node at rest. A case that cannot be judged has failed. */
export async function judgeAll(title: string, cases: readonly Case[]): Promise<SectionReport> {
  const verdicts = [];
  for (const one of cases) {
    const verdict = await one.judge().catch((cause: unknown) => failed(reasonOf(cause)));
    verdicts.push({ name: one.name, verdict });
  }
  return { title, verdicts };
}

/** How many of a section's cases ended in which way. */
export interface Counts {
  readonly same: number;
  readonly design: number;
  readonly outside: number;
  readonly failed: number;
}

/** Counts of one section, or of all. */
export function countVerdicts(sections: readonly SectionReport[]): Counts {
  const counts = { same: 0, design: 0, outside: 0, failed: 0 };
  for (const { verdicts } of sections) for (const { verdict } of verdicts) counts[verdict.kind] += 1;
  return counts;
}

/** `REST: 135 as recorded, 36 differ by design, 153 not part of this build`, with the failures where there are some. */
export function summaryOf(section: SectionReport): string {
  const { same, design, outside, failed: wrong } = countVerdicts([section]);
  const parts = [`${same} as recorded`, `${design} differ by design`, `${outside} not part of this build`];
  return `${section.title}: ${[...parts, ...(wrong > 0 ? [`${wrong} failed`] : [])].join(", ")}`;
}

/** A difference with the cases that showed it. */
export interface ShownDifference {
  readonly kind: "design" | "outside";
  readonly what: string;
  readonly reason: string;
  readonly names: readonly string[];
}

/** The differences that were met, in the order of their table. */
export function shownDifferences(sections: readonly SectionReport[]): readonly ShownDifference[] {
  const met = new Map<DifferenceName, string[]>();
  for (const { title, verdicts } of sections) {
    for (const { name, verdict } of verdicts) {
      if (!("difference" in verdict)) continue;
      met.set(verdict.difference, [...(met.get(verdict.difference) ?? []), `${title}: ${name}`]);
    }
  }
  return (Object.keys(DIFFERENCES) as DifferenceName[]).flatMap((difference) => {
    const names = met.get(difference);
    return names === undefined ? [] : [{ ...DIFFERENCES[difference], names }];
  });
}

/** `REST: GET /…: status: expected 200, got 404` for everything that is not as it must be. */
export function failuresOf(sections: readonly SectionReport[]): readonly string[] {
  return sections.flatMap(({ title, verdicts }) =>
    verdicts.flatMap(({ name, verdict }) => (verdict.kind === "failed" ? [`${title}: ${name}: ${verdict.reason}`] : [])),
  );
}
