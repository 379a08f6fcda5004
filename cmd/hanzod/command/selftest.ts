import { readFileSync } from "node:fs";
import { Command } from "commander";
import { reasonOf } from "../../shared/cliError.ts";
import { hmmSelftest, type SelftestResult } from "../selftest/hmm.ts";
import { iavlSelftest } from "../selftest/iavl.ts";
import { type CommonOptions, outputOf } from "./options.ts";

/** `hanzod selftest`: proves that this platform computes what the network computes. */
export function selftestCommand(): Command {
  return new Command("selftest")
    .description("run vector files against this build; the last line is `N passed, N failed`")
    .requiredOption("--vectors <file...>", "vector files (market, trees and proofs)")
    .option("--json", "print the result as JSON")
    .action((options: CommonOptions & { vectors: readonly string[] }) => {
      const output = outputOf(options);
      const reports = options.vectors.map((path) => ({ path, ...runFile(path) }));
      const passed = reports.reduce((sum, report) => sum + report.passed, 0);
      const failed = reports.reduce((sum, report) => sum + report.failed, 0);
      for (const { path, waiting, failures } of reports) {
        for (const failure of failures) output.note(`FAILED ${path}: ${failure}`);
        if (waiting.length > 0) output.note(`${path}: not part of this build yet: ${waiting.join(", ")}`);
      }
      output.result({ passed, failed, files: reports }, `${passed} passed, ${failed} failed`);
      if (failed > 0 || passed === 0) process.exitCode = 1;
    });
}

/** The runners by what tells a file's kind. */
const RUNNERS: readonly {
  readonly kind: string;
  readonly fits: (doc: Record<string, unknown>) => boolean;
  readonly run: (doc: unknown) => SelftestResult;
}[] = [
  { kind: "iavl", fits: (doc) => "tree" in doc && "multistore" in doc, run: iavlSelftest },
  { kind: "hmm", fits: (doc) => hasPools(doc), run: hmmSelftest },
  // Published with the others; a build with aggregation kernels replaces this row.
  {
    kind: "kernels",
    fits: (doc) => String(doc["spec"]).includes("kernels"),
    run: () => ({ passed: 0, failed: 0, waiting: ["kernels"], failures: [] }),
  },
];

function hasPools(doc: Record<string, unknown>): boolean {
  const vectors = doc["vectors"];
  return Array.isArray(vectors) && vectors.some((vector: { readonly pool?: unknown } | null) => typeof vector?.pool === "object");
}

/** Runs one file; one that cannot be run is one failure, so that the others still count. */
function runFile(path: string): SelftestResult {
  try {
    const doc: unknown = JSON.parse(readFileSync(path, "utf8"));
    const runner = typeof doc === "object" && doc !== null ? RUNNERS.find(({ fits }) => fits(doc as Record<string, unknown>)) : undefined;
    return runner === undefined ? unusable(`${RUNNERS.map(({ kind }) => kind).join(", ")} vectors are expected`) : runner.run(doc);
  } catch (cause) {
    return unusable(reasonOf(cause));
  }
}

function unusable(reason: string): SelftestResult {
  return { passed: 0, failed: 1, waiting: [], failures: [`not a whole vector file: ${reason}`] };
}
