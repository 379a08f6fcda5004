// Runs bundled Jasmine specifications and tells what came of each.
import { createRequire } from "node:module";
import { join } from "node:path";
import type { SpecBundle } from "./specBundle.ts";

/** What came of a specification. */
export interface SpecResult {
  readonly fullName: string;
  /** `pending`: not for this kind of chain. */
  readonly status: "passed" | "failed" | "pending" | "excluded";
  readonly reasons: readonly string[];
}

interface JasmineResult {
  readonly fullName: string;
  readonly status: SpecResult["status"];
  readonly failedExpectations: readonly { readonly message: string }[];
}

/** What is used of Jasmine. */
interface Runner {
  readonly env: { clearReporters(): void };
  readonly jasmine: { DEFAULT_TIMEOUT_INTERVAL: number };
  exitOnCompletion: boolean;
  loadConfig(config: object): void;
  addReporter(reporter: { specDone?(result: JasmineResult): void; suiteDone?(result: JasmineResult): void }): void;
  execute(): Promise<unknown>;
}

const SPEC_LIMIT_MS = 15_000;

/**
 * Runs all of them one after the other in this process.
 * @param onResult called after each
 * @returns all results; a suite that failed as such counts as a failed specification
 */
export async function runSpecs({ specs, runner }: SpecBundle, onResult: (result: SpecResult) => void): Promise<readonly SpecResult[]> {
  const Jasmine = createRequire(import.meta.url)(join(runner, "lib/jasmine.js")) as new (options: object) => Runner;
  const jasmine = new Jasmine({ projectBaseDir: specs });
  const results: SpecResult[] = [];
  const note = ({ fullName, status, failedExpectations }: JasmineResult): void => {
    const result = { fullName, status, reasons: failedExpectations.map(({ message }) => message) };
    results.push(result);
    onResult(result);
  };
  jasmine.loadConfig({ spec_dir: ".", spec_files: ["**/*.spec.js"], random: false });
  jasmine.jasmine.DEFAULT_TIMEOUT_INTERVAL = SPEC_LIMIT_MS;
  jasmine.exitOnCompletion = false;
  jasmine.env.clearReporters();
  jasmine.addReporter({
    specDone: note,
    suiteDone: (suite) => {
      if (suite.failedExpectations.length > 0) note({ ...suite, status: "failed" });
    },
  });
  await jasmine.execute();
  return results;
}
