import { DIFFERENCES } from "./differences.ts";
import { type SectionReport, type ShownDifference, shownDifferences, summaryOf } from "./report.ts";
import type { Verdict } from "./verdict.ts";

/** Every difference by name with its reason, what is not part of this build, and a line of counts per section. */
export function formatSections(sections: readonly SectionReport[]): readonly string[] {
  if (sections.length === 0) return [];
  const differences = shownDifferences(sections);
  const ofKind = (kind: ShownDifference["kind"]): readonly string[] =>
    differences
      .filter((difference) => difference.kind === kind)
      .map(({ what, reason, names }) => `  ${what} (${names.length}${areasOf(names)}): ${reason}`);
  return [
    "differ by design (docs/DIFFERENCES.md):",
    ...ofKind("design"),
    "not part of this build:",
    ...ofKind("outside"),
    ...sections.map(summaryOf),
  ];
}

/** Modules that requests are about: `, staking 38, gov 29`; nothing where they name none. */
function areasOf(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const area = /[/"]cosmos[./]([a-z0-9]+)[./]/.exec(name)?.[1];
    if (area !== undefined) counts.set(area, (counts.get(area) ?? 0) + 1);
  }
  if (counts.size === 0) return "";
  return `: ${[...counts].map(([area, count]) => `${area} ${count}`).join(", ")}`;
}

/** One line for every recorded request and document, then the counts. */
export function listVerdicts(sections: readonly SectionReport[]): readonly string[] {
  const lines = sections.flatMap(({ title, verdicts }) => verdicts.map(({ name, verdict }) => `${title}: ${name}: ${textOf(verdict)}`));
  return [...lines, ...sections.map(summaryOf)];
}

function textOf(verdict: Verdict): string {
  if (verdict.kind === "same") return "as recorded";
  if (verdict.kind === "failed") return `FAILED: ${verdict.reason}`;
  const { what, reason } = DIFFERENCES[verdict.difference];
  return `${verdict.kind === "design" ? "differs by design" : "not part of this build"}: ${what}: ${reason}`;
}
