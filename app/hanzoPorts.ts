// What connects modules and runtime: each has from the other, and from outside of the state machine, only what it asks for.

import type { BoundModule, RuntimeAbilities, UpgradeProgram } from "#sdk";
import { auth } from "../modules/auth/index.ts";
import { bank } from "../modules/bank/index.ts";
import { consensus } from "../modules/consensus/index.ts";
import type { ExperienceKernels } from "../modules/experience/index.ts";
import { feegrant } from "../modules/feegrant/index.ts";
import { hmm } from "../modules/hmm/index.ts";
import { upgrade } from "../modules/upgrade/index.ts";
import { createNodeKernels } from "./experience/kernelThread.ts";
import { RouteQueue, type SpawnSolver } from "./route/routeQueue.ts";
import { routeService } from "./route/routeService.ts";
import { spawnSolver } from "./route/routeWorker.ts";
import { facetOf } from "./runtime/facetOf.ts";
import type { RuntimePorts } from "./runtime/ports.ts";
import type { ServiceMethod } from "./runtime/query/service.ts";

/** Connects the runtime to the modules that keep accounts, fees and consensus parameters. */
export function connectRuntime(modules: readonly BoundModule[]): RuntimePorts {
  return {
    accounts: facetOf(modules, auth, "ante"),
    fees: facetOf(modules, bank, "fees"),
    consensusParams: facetOf(modules, consensus, "params"),
    ...(modules.some(({ name }) => name === upgrade.name) ? { upgrades: facetOf(modules, upgrade, "gate") } : {}),
    // A chain of other modules may have none.
    ...(modules.some(({ name }) => name === feegrant.name) ? { feeGrants: facetOf(modules, feegrant, "fees") } : {}),
  };
}

/**
 * Upgrades that this program knows how to go on after, by the names of their plans. A name stays for as long as there are chains that did it.
 * `whole`: all modules that it changes still have the rules of before (`oldest`), so that this program executes the chain on both sides of it.
 */
export const hanzoUpgrades: ReadonlyMap<string, { readonly whole: boolean }> = new Map();

/**
 * What modules have from outside of the state machine: the runtime's own work, and the kernels.
 * @param skipped heights at which this node lets a plan pass without its upgrade
 */
export function connectPorts(
  { messages, transactions, versions }: RuntimeAbilities,
  skipped: ReadonlySet<bigint> = new Set(),
  kernels: ExperienceKernels = createNodeKernels(),
) {
  const program: UpgradeProgram = {
    knows: (name) => hanzoUpgrades.has(name),
    precedes: (name) => hanzoUpgrades.get(name)?.whole === true,
    skips: (height) => skipped.has(height),
  };
  return { authz: { messages }, experience: { kernels }, genutil: { transactions }, gov: { messages }, upgrade: { program, versions } };
}

/**
 * Services that compute beside the state machine: routes, where there is a market to route on.
 * @param spawn how the thread that solves them is started
 */
export function connectServices(modules: readonly BoundModule[], spawn: SpawnSolver = spawnSolver): readonly ServiceMethod[] {
  if (!modules.some(({ name, api }) => name === hmm.name && "routes" in api)) return [];
  const { view } = facetOf(modules, hmm, "routes");
  return routeService(view, new RouteQueue(spawn));
}
