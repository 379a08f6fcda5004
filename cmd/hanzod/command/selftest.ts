import { readFileSync } from "node:fs";
import { Command } from "commander";
import { CliError, reasonOf } from "../../shared/cliError.ts";
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
];

function hasPools(doc: Record<string, unknown>): boolean {
  const vectors = doc["vectors"];
  return Array.isArray(vectors) && vectors.some((vector: { readonly pool?: unknown } | null) => typeof vector?.pool === "object");
}

function runFile(path: string): SelftestResult {
  let doc: unknown;
  try {
    doc = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CliError(`${path} cannot be read`, {
      why: reasonOf(cause),
      next: "hanzod selftest --vectors test/vectors/hmm.json test/vectors/iavl.json in a checkout",
      cause,
    });
  }
  const runner = typeof doc === "object" && doc !== null ? RUNNERS.find(({ fits }) => fits(doc as Record<string, unknown>)) : undefined;
  if (runner === undefined)
    throw new CliError(`${path} is not a vector file of this build`, {
      why: `${RUNNERS.map(({ kind }) => kind).join(" or ")} vectors are expected`,
      next: "leave this file out",
    });
  try {
    return runner.run(doc);
  } catch (cause) {
    throw new CliError(`${path} is not a whole file of ${runner.kind} vectors`, {
      why: reasonOf(cause),
      next: "take the file as it was published",
      cause,
    });
  }
}
