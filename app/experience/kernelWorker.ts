// The thread that computes aggregates. Every round is computed on the chosen backend and again on the reference: a backend that differs must not
// make state, and the node stops with a report.

import { workerData } from "node:worker_threads";
import { type Kernels, openBackend, openKernels } from "#kernels";
import { nodeOpeners } from "#kernels/node";
import { type ComputedRound, computeRound, findDifference } from "./computeRound.ts";
import { type KernelReport, type KernelTask, type KernelThreadData, tellReport } from "./kernelMessages.ts";

const { port, signal, options } = workerData as KernelThreadData;

const tell = (report: KernelReport): void => tellReport(port, signal, report);

interface Backends {
  readonly chosen: Kernels;
  readonly reference: Kernels;
}

async function open(): Promise<Backends> {
  const { prefer, modules } = options;
  const { kernels: chosen, refused } = await openKernels({ openers: nodeOpeners(modules), ...(prefer === undefined ? {} : { prefer }) });
  tell({ kind: "opened", status: { backend: chosen.name, detail: chosen.detail, refused } });
  return { chosen, reference: chosen.name === "reference" ? chosen : await openBackend("reference") };
}

async function compute({ chosen, reference }: Backends, { key, input }: KernelTask): Promise<void> {
  const started = performance.now();
  const got = withFault(await computeRound(chosen, input));
  const expected = chosen === reference && options.fault === undefined ? got : await computeRound(reference, input);
  const difference = findDifference(input.shape.cols, expected, got);
  if (difference !== undefined) {
    const { what, row, column, expected: wanted, got: found } = difference;
    const where = `${what}: row ${row}, column ${column}`;
    throw new Error(
      `backend ${chosen.name} (${chosen.detail}) differs from the reference: ${where}: expected ${wanted}, got ${found}. ` +
        `Choose another one in [kernels] of app.toml and start again: the round is computed anew.`,
    );
  }
  tell({ kind: "computed", key, result: expected.result, ms: performance.now() - started });
}

/** Tests let the backend err in one number. */
function withFault(round: ComputedRound): ComputedRound {
  const { fault } = options;
  if (fault === undefined) return round;
  const matrix = round.result.matrix.slice();
  matrix[fault] = -(matrix[fault] as number) || 1;
  return { ...round, result: { ...round.result, matrix } };
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const opened = open();
opened.catch((cause: unknown) => tell({ kind: "failed", key: "", text: textOf(cause) }));
process.on("uncaughtException", (cause) => tell({ kind: "failed", key: "", text: textOf(cause) }));
let last: Promise<unknown> = opened;
port.on("message", (task: KernelTask) => {
  // One after the other: a round has all the memory that there is for one.
  last = last
    .then(async () => compute(await opened, task))
    .catch((cause: unknown) => tell({ kind: "failed", key: task.key, text: textOf(cause) }));
});
