import { type BoundModule, type Ctx, sdkError } from "#sdk";
import type { Overlay } from "../store/kv.ts";
import { RUNTIME_STORE, readModuleVersions, writeModuleVersion } from "./runtimeState.ts";

/** Notes the versions that genesis was written with. */
export function writeGenesisVersions(modules: readonly BoundModule[], overlay: Overlay): void {
  for (const module of modules) writeModuleVersion(overlay.store(RUNTIME_STORE), module.name, BigInt(module.version));
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
  for (const name of stored.keys()) {
    if (!modules.some((module) => module.name === name))
      throw sdkError.invalidVersion(`state holds module ${name}, which this program does not have`);
  }
  for (const module of modules) {
    const from = stored.get(module.name) ?? 0n;
    const to = BigInt(module.version);
    if (from > to) throw sdkError.invalidVersion(`module ${module.name} of version ${to} or below expected, state has ${from}`);
    if (from === to) continue;
    module.migrate(ctx, Number(from));
    writeModuleVersion(store, module.name, to);
  }
}
