import type { ReadCtx } from "./ctx.ts";

/** A collection that says whether it is still what it was. */
export interface Stamped {
  stamp(ctx: ReadCtx): number | undefined;
}

/**
 * Remembers what was worked out of collections for as long as their entries stay the same ones; where reads cost gas it is worked out each time.
 * @param sources everything that `compute` reads
 * DETERMINISM: the result follows from the entries alone, so that nobody can tell whether it was remembered. CONTRACT: it is not changed.
 */
export function derived<T>(sources: readonly Stamped[], compute: (ctx: ReadCtx) => T): (ctx: ReadCtx) => T {
  let known: { readonly stamps: readonly number[]; readonly value: T } | undefined;
  return (ctx) => {
    if (known?.stamps.every((stamp, i) => sources[i]?.stamp(ctx) === stamp)) return known.value;
    const stamps: number[] = [];
    for (const source of sources) {
      const stamp = source.stamp(ctx);
      if (stamp !== undefined) stamps.push(stamp);
    }
    const value = compute(ctx);
    if (stamps.length === sources.length) known = { stamps, value };
    return value;
  };
}

/**
 * Computes anew for another object than the last one only: for what follows from parameters, which stay the same object until somebody changes them.
 * CONTRACT: neither the object nor the result is changed.
 */
export function ofLast<T extends object, R>(compute: (of: T) => R): (of: T) => R {
  let last: { readonly of: T; readonly result: R } | undefined;
  return (of) => {
    if (last?.of !== of) last = { of, result: compute(of) };
    return last.result;
  };
}
