import { type BoundModule, type Ctx, type ModuleVersions, sdkError, type UpgradeGate } from "#sdk";
import { stateOf } from "../sdk/ctx.ts";
import type { Overlay } from "../store/kv.ts";
import { findModuleVersion, RUNTIME_STORE, readModuleVersions, writeModuleVersion } from "./runtimeState.ts";

/** Notes the versions that genesis was written with. */
export function writeGenesisVersions(modules: readonly BoundModule[], overlay: Overlay): void {
  for (const module of modules) writeModuleVersion(overlay.store(RUNTIME_STORE), module.name, BigInt(module.version));
}

/** What modules may read of the versions that are kept here. */
export const moduleVersions: ModuleVersions = {
  all: (ctx) => readModuleVersions(stateOf(ctx).kv(RUNTIME_STORE)),
  find: (ctx, name) => findModuleVersion(stateOf(ctx).kv(RUNTIME_STORE), name),
};

/** What of a program an upgrade is about. */
export interface UpgradedProgram {
  readonly modules: readonly BoundModule[];
  readonly upgrades: UpgradeGate | undefined;
}

/**
 * First thing in a block. Where the chain plans its upgrades, the state changes its versions in the block of a plan and in no other; where it does
 * not, as soon as a new program runs.
 * @throws UpgradeStop when another program has to execute this block; sdk/27 as {@link runMigrations}, and for a change that nobody planned
 */
export function openUpgrade({ modules, upgrades }: UpgradedProgram, overlay: Overlay, ctx: Ctx): void {
  const isPlanned = upgrades?.open(ctx) ?? true;
  const stored = readModuleVersions(overlay.store(RUNTIME_STORE));
  // The module that keeps the plans may itself be what is new.
  if (!isPlanned && upgrades !== undefined && stored.has(upgrades.module)) requireVersions(modules, stored);
  else runMigrations(modules, overlay, ctx);
}

/** What was found to fit last: the same versions come in every block. */
let fitting: { readonly modules: readonly BoundModule[]; readonly stored: ReadonlyMap<string, bigint> } | undefined;

/** @throws sdk/27 naming a module whose state has another version than the program */
function requireVersions(modules: readonly BoundModule[], stored: ReadonlyMap<string, bigint>): void {
  if (fitting?.modules === modules && fitting.stored === stored) return;
  requireKnown(modules, stored);
  for (const { name, version, spec } of modules) {
    const from = stored.get(name) ?? 0n;
    if (from > BigInt(version) || from < BigInt(spec.oldest ?? version))
      throw sdkError.invalidVersion(
        `module ${name} of version ${from} expected, as in the state, got ${version}: the state changes its version only in the block of an upgrade plan`,
      );
  }
  fitting = { modules, stored };
}

/**
 * Brings the state of modules to the versions of this program, in module order; first thing in a block. With the same versions it only reads.
 * DETERMINISM: all nodes must start the new program before the same height; the state says which migrations are due.
 *
 * @throws sdk/27 when the state is newer than the program or has a module that the program does not know
 */
export function runMigrations(modules: readonly BoundModule[], overlay: Overlay, ctx: Ctx): void {
  const store = overlay.store(RUNTIME_STORE);
  const stored = readModuleVersions(store);
  requireKnown(modules, stored);
  for (const module of modules) {
    const from = stored.get(module.name) ?? 0n;
    const to = BigInt(module.version);
    if (from > to) throw sdkError.invalidVersion(`module ${module.name} of version ${to} or below expected, state has ${from}`);
    if (from === to) continue;
    module.migrate(ctx, Number(from));
    writeModuleVersion(store, module.name, to);
  }
}

function requireKnown(modules: readonly BoundModule[], stored: ReadonlyMap<string, bigint>): void {
  for (const name of stored.keys()) {
    if (!modules.some((module) => module.name === name))
      throw sdkError.invalidVersion(`state holds module ${name}, which this program does not have`);
  }
}
