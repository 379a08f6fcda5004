import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { KernelStatus } from "../../../app/experience/kernelMessages.ts";
import { createNodeKernels, type KernelFigures, type NodeKernels } from "../../../app/experience/kernelThread.ts";
import { chainOf } from "../config/chainOf.ts";
import type { AppConfig } from "../config/settings.ts";
import type { NodeLog } from "../node/comet.ts";
import type { Home } from "../node/home.ts";

/** The kernels of a running node. */
export interface OpenedKernels {
  readonly port: NodeKernels;
  figures(): KernelFigures;
  close(): Promise<void>;
}

/**
 * Starts the thread of the kernels, so that its backend is chosen, logged and shown before the first round needs it; on a chain without experience
 * nothing starts. A home remembers the choice for `hanzod status`.
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
  if (chainOf(config).choice.modules === "hanzo") port.open();
  return { port, figures: () => port.figures(), close: async () => port.close() };
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
