import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { KernelStatus } from "../../../app/experience/kernelMessages.ts";
import { createNodeKernels, type KernelFigures, type NodeKernels } from "../../../app/experience/kernelThread.ts";
import type { App } from "../../../app/runtime/app.ts";
import { END_PATIENCE_MS } from "../../../app/threads/endThread.ts";
import { within } from "../../../app/threads/within.ts";
import { chainOf } from "../config/chainOf.ts";
import type { AppConfig } from "../config/settings.ts";
import type { NodeLog } from "../node/comet.ts";
import type { Home } from "../node/home.ts";

/** The kernels of a running node. */
export interface OpenedKernels {
  readonly port: NodeKernels;
  /** The app, soon after whose first commit the thread starts: until then a start has better to do, and inputs are final blocks before they are needed. */
  startWith(app: App): App;
  figures(): KernelFigures;
  close(): Promise<void>;
}

/** Between the first commit, which may be of a block that is replayed, and the start of the thread; in milliseconds. */
const AFTER_MS = 1_500;

/**
 * The kernels on a thread of their own. It chooses, logs and shows its backend before the first round needs it; on a chain without experience nothing
 * starts. A home remembers the choice for `hanzod status`.
 */
export function openNodeKernels(home: Home, config: AppConfig, log: NodeLog, started: (worker: string) => void): OpenedKernels {
  const prefer = config["kernels.backends"];
  rmSync(home.run.kernels, { force: true });
  const modules = config["kernels.modules"];
  const choices = { ...(prefer.length === 0 ? {} : { prefer }), ...(modules === "" ? {} : { modules }) };
  const port = createNodeKernels(choices, {
    started: () => started("kernels"),
    chosen(status) {
      log("info", `aggregates are computed on ${kernelText(status)}`, "state");
      for (const { name, why } of status.refused) log("info", `not on ${name}: ${why}`, "state");
      writeFileSync(home.run.kernels, `${JSON.stringify(status)}\n`);
    },
  });
  let waiting: NodeJS.Timeout | undefined;
  const open = (): void => {
    waiting = setTimeout(() => port.open(), AFTER_MS).unref();
  };
  const hasExperience = chainOf(config).choice.modules === "hanzo";
  return {
    port,
    startWith: (app) => (hasExperience ? withFirstCommit(app, open) : app),
    figures: () => port.figures(),
    async close() {
      clearTimeout(waiting);
      await within(port.close(), END_PATIENCE_MS, "the kernel thread");
    },
  };
}

function withFirstCommit(app: App, act: () => void): App {
  let isFirst = true;
  const calls: Pick<App, "commit"> = {
    async commit() {
      const response = await app.commit();
      if (isFirst) act();
      isFirst = false;
      return response;
    },
  };
  return Object.assign(Object.create(app) as App, calls);
}

/** Backend with its library's version, in words. */
export function kernelText({ backend, detail }: Pick<KernelStatus, "backend" | "detail">): string {
  return `${backend} (${detail})`;
}

/** What the node of a home has chosen; undefined before it has, and on chains without experience. */
export function recordedKernels(home: Home): KernelStatus | undefined {
  try {
    return JSON.parse(readFileSync(home.run.kernels, "utf8")) as KernelStatus;
  } catch {
    return undefined;
  }
}
