// The solver in a thread of its own, so that no route delays a block. The same file runs on both sides: imported, it starts threads; started
// as a thread, it solves.

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { ModuleError } from "#sdk";
import type { RoutePool } from "../../modules/hmm/route/problem.ts";
import type { SolverAnswer, SolverEvents, SolverTask, SolverThread } from "./routeQueue.ts";
import { solveRoute } from "./solveRoute.ts";

/** Tells this file that it was started as a thread by itself: other threads may import it, too. */
const ROLE = "hanzo route solver";

/** A route of thousands of pools leaves some 12 MB of garbage. A young generation of several routes keeps it from being copied again and again. */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 384 } as const;

/** Starts a solver thread. It never keeps the process alive. */
export function spawnSolver({ answered, failed }: SolverEvents): SolverThread {
  const worker = new Worker(new URL(import.meta.url), { workerData: ROLE, resourceLimits: LIMITS });
  worker.on("message", answered);
  worker.on("error", (error) => failed(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => failed(`thread ended with code ${code}`));
  // After the listeners: each of them would hold the process again.
  worker.unref();
  return {
    send: (task) => worker.postMessage(task),
    end: () => void worker.terminate(),
  };
}

function answer(task: SolverTask, pools: readonly RoutePool[]): SolverAnswer {
  try {
    return { route: solveRoute({ bundle: task.bundle, pools, maxLegs: task.maxLegs }) };
  } catch (error) {
    // Anything else is a defect: it ends the thread, and the queue says so.
    if (!(error instanceof ModuleError)) throw error;
    return { refused: { codespace: error.codespace, code: error.code, text: error.message } };
  }
}

if (!isMainThread && workerData === ROLE) {
  let pools: readonly RoutePool[] = [];
  parentPort?.on("message", (task: SolverTask) => {
    pools = task.pools ?? pools;
    parentPort?.postMessage(answer(task, pools));
  });
}
