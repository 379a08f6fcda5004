import { type BoundModule, type ReadCtx, sdkError } from "#sdk";

/** A rule of the state that does not hold. */
export interface BrokenInvariant {
  /** `<module>/<name>`. */
  readonly name: string;
  readonly detail: string;
}

/** All invariants that do not hold, in module order. */
export function brokenInvariants(modules: readonly BoundModule[], ctx: ReadCtx): readonly BrokenInvariant[] {
  const broken: BrokenInvariant[] = [];
  for (const module of modules) {
    for (const [name, holds] of Object.entries(module.invariants)) {
      const detail = holds(ctx);
      if (detail !== undefined) broken.push({ name: `${module.name}/${name}`, detail });
    }
  }
  return broken;
}

/** Stops a chain whose state is wrong. @throws sdk/35 naming every broken invariant */
export function checkInvariants(modules: readonly BoundModule[], ctx: ReadCtx): void {
  const broken = brokenInvariants(modules, ctx);
  if (broken.length > 0)
    throw sdkError.logic(`broken invariants at height ${ctx.height}: ${broken.map(({ name, detail }) => `${name}: ${detail}`).join("; ")}`);
}
