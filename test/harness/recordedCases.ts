import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { DIFFERENCES } from "../../cmd/hanzod/selftest/recording/differences.ts";
import { readRecording } from "../../cmd/hanzod/selftest/recording/recording.ts";
import { type Counts, countVerdicts, type SectionReport, summaryOf } from "../../cmd/hanzod/selftest/recording/report.ts";
import type { Case, Verdict } from "../../cmd/hanzod/selftest/recording/verdict.ts";

/** The recording of a Cosmos SDK 0.53.8 chain that comes with the sources. */
export const recording = readRecording(fileURLToPath(new URL("../../../test/vectors/sdk", import.meta.url)));

/**
 * A test for every case, and one for how many end in which way: a difference that comes or goes is seen.
 * @param title of the tests
 * @param section name in the summary, which the test runner shows
 */
export function testCases(title: string, section: string, cases: readonly Case[], expected: Omit<Counts, "failed">): void {
  const verdicts: { name: string; verdict: Verdict }[] = [];
  describe(title, () => {
    for (const one of cases)
      it(one.name, async () => {
        const verdict = await one.judge();
        verdicts.push({ name: one.name, verdict });
        if (verdict.kind === "failed") assert.fail(verdict.reason);
      });
    it(`${section}: as many as ever are as recorded, differ by design, and are not part of this build`, (t) => {
      const report: SectionReport = { title: section, verdicts };
      t.diagnostic(`summary: ${summaryOf(report)}`);
      assert.deepEqual(countVerdicts([report]), { ...expected, failed: 0 }, differencesOf(verdicts));
    });
  });
}

function differencesOf(verdicts: readonly { readonly name: string; readonly verdict: Verdict }[]): string {
  const lines = verdicts.flatMap(({ name, verdict }) =>
    "difference" in verdict ? [`${name}: ${DIFFERENCES[verdict.difference].what}`] : [],
  );
  return lines.join("\n");
}
