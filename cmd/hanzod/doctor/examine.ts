import { readFile } from "node:fs/promises";
import { readToml } from "../config/appToml.ts";
import type { Home } from "../node/home.ts";
import { findRunning } from "../node/processIdentity.ts";
import { checkChain } from "./chainChecks.ts";
import { checkComet } from "./cometChecks.ts";
import type { DoctorCheck, DoctorContext, Finding, Machine } from "./finding.ts";
import { checkHome, checkTestKeyring, findMissingHome } from "./homeChecks.ts";
import { checkLastEnd } from "./lastEndCheck.ts";
import { checkMachine } from "./machineChecks.ts";
import { checkPorts } from "./portChecks.ts";
import { checkRunning } from "./runningChecks.ts";
import { checkAppSettings } from "./settingChecks.ts";
import { checkState } from "./stateCheck.ts";

const CHECKS: readonly DoctorCheck[] = [
  checkHome,
  checkTestKeyring,
  checkAppSettings,
  checkComet,
  checkLastEnd,
  checkPorts,
  checkChain,
  checkRunning,
  checkMachine,
];

/** What is looked at besides. */
export interface Thorough {
  /** The checkpoints of the state, node by node. */
  readonly state?: boolean;
}

/** Looks a node over and changes nothing of it. Errors come before warnings. */
export async function examine(home: Home, machine: Machine, { state = false }: Thorough = {}): Promise<readonly Finding[]> {
  const missing = await findMissingHome(home);
  if (missing !== undefined) return [missing];
  const context: DoctorContext = {
    home,
    machine,
    runningPid: (await findRunning(await readFile(home.run.lock, "utf8").catch(() => "")))?.pid,
    comet: await readCometSettings(home),
  };
  const found: Finding[] = [];
  for (const check of state ? [...CHECKS, checkState] : CHECKS) found.push(...(await check(context)));
  return found.sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}

async function readCometSettings(home: Home): Promise<ReadonlyMap<string, unknown> | undefined> {
  const entries = readToml(home.config.comet, await readFile(home.config.comet, "utf8"));
  return "where" in entries ? undefined : new Map(entries.map(({ key, value }) => [key, value]));
}
