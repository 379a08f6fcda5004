import { Command } from "commander";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { fileSelftest } from "../selftest/fileSelftest.ts";
import type { KernelChoice } from "../selftest/kernelBackends.ts";
import { readRecording } from "../selftest/recording/recording.ts";
import { judgeRecording } from "../selftest/recording/recordingSelftest.ts";
import { type Counts, countVerdicts, failuresOf, type SectionReport, shownDifferences } from "../selftest/recording/report.ts";
import { formatSections, listVerdicts } from "../selftest/recording/reportText.ts";
import { replayRecording } from "../selftest/replay/replaySelftest.ts";
import { formatReplay } from "../selftest/replay/replayText.ts";
import type { SelftestResult } from "../selftest/selftestResult.ts";
import { planVectors, type VectorTask } from "../selftest/vectorFiles.ts";
import { type CommonOptions, outputOf } from "./options.ts";

interface SelftestOptions extends CommonOptions {
  readonly vectors?: readonly string[];
  readonly replay?: string;
  readonly only?: string;
  readonly until?: string;
  readonly list?: boolean;
  readonly backend?: string;
  readonly kernelModules?: string;
}

/** What came of one task: a file, or the judged parts of a recording. */
interface TaskReport extends SelftestResult {
  readonly path: string;
  readonly sections: readonly SectionReport[];
}

/** `hanzod selftest`: proves that this platform computes, and answers, what the network does. */
export function selftestCommand(): Command {
  return new Command("selftest")
    .description("run vector files and recordings of a Cosmos SDK chain against this build; the last line is `N passed, N failed`")
    .option("--vectors <path...>", "vector files (market, trees and proofs, kernels, files of a recording), or folders of them")
    .option("--backend <name>", "with vectors of kernels: tensorflow, webgpu, wasm, reference, or all that open here")
    .option("--kernel-modules <folder>", "folder whose node_modules have the libraries of tensorflow and webgpu, if not this program's")
    .option("--replay <folder>", "execute every block of a recorded Cosmos SDK chain and compare all that it gives")
    .option("--only <sections>", "with --replay: sections by the beginning of their titles, such as staking,distribution")
    .option("--until <height>", "with --replay: the last height")
    .option("--list", "print every recorded request with what came of it")
    .option("--json", "print the result as JSON")
    .action(async (options: SelftestOptions) => {
      const output = outputOf(options);
      if (options.replay !== undefined) return runReplay(options.replay, options);
      if (options.vectors === undefined) throw new CliError("--vectors or --replay expected");
      const reports: TaskReport[] = [];
      for (const task of planVectors(options.vectors))
        reports.push(await runTask(task, { backend: options.backend, modules: options.kernelModules }));
      const passed = reports.reduce((sum, report) => sum + report.passed, 0);
      const failed = reports.reduce((sum, report) => sum + report.failed, 0);
      for (const { path, waiting, failures, notes = [] } of reports) {
        for (const note of notes) output.note(`${path}: ${note}`);
        for (const failure of failures) output.note(`FAILED ${path}: ${failure}`);
        if (waiting.length > 0) output.note(`${path}: not part of this build: ${waiting.join(", ")}`);
      }
      const text = reports.flatMap(({ sections }) => (options.list === true ? listVerdicts(sections) : formatSections(sections)));
      output.result({ passed, failed, files: reports.map(jsonOf) }, [...text, `${passed} passed, ${failed} failed`].join("\n"));
      if (failed > 0 || passed === 0) process.exitCode = 1;
    });
}

/** Replays a recording and tells what came of it. */
async function runReplay(folder: string, options: SelftestOptions): Promise<void> {
  const { only, until } = options;
  const report = await replayRecording(readRecording(folder), {
    ...(only === undefined ? {} : { only: only.split(",") }),
    ...(until === undefined ? {} : { until: requireHeight(until) }),
  });
  const { sections, blocks, blocksPerSecond } = report;
  const { same, failed } = countVerdicts(sections);
  const summary = { passed: same, failed, blocks, blocks_per_second: Math.round(blocksPerSecond), failures: failuresOf(sections) };
  const counts = sections.map((section) => ({ title: section.title, ...countVerdicts([section]) }));
  outputOf(options).result(
    { ...summary, sections: counts, differences: shownDifferences(sections) },
    formatReplay(report, options.list === true).join("\n"),
  );
  if (failed > 0 || same === 0) process.exitCode = 1;
}

function requireHeight(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new CliError(`--until: a height from 1 on expected, got ${text}`);
  return Number(text);
}

/** Runs one task; one that cannot be run is one failure, so that the others still count. */
async function runTask(task: VectorTask, kernels: KernelChoice): Promise<TaskReport> {
  const { path } = task;
  try {
    if (task.kind === "file") return { path, ...(await fileSelftest(path, kernels)), sections: [] };
    const sections = await judgeRecording(task.folder, task.parts);
    const { same, failed } = countVerdicts(sections);
    return { path, passed: same, failed, waiting: [], failures: failuresOf(sections), sections };
  } catch (cause) {
    return { path, passed: 0, failed: 1, waiting: [], failures: [`not a whole vector file: ${reasonOf(cause)}`], sections: [] };
  }
}

function jsonOf({ sections, ...report }: TaskReport): object {
  if (sections.length === 0) return report;
  const counts = (section: SectionReport): { readonly title: string } & Counts => ({ title: section.title, ...countVerdicts([section]) });
  return { ...report, sections: sections.map(counts), differences: shownDifferences(sections) };
}
