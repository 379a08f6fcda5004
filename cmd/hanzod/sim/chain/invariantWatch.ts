import type { App } from "../../../../app/runtime/app.ts";
import type { BrokenInvariant } from "../../../../app/runtime/invariants.ts";
import type { ReadCtx, Watch } from "../../../../app/sdk/index.ts";
import type { CommitStore } from "../../../../app/store/commitStore.ts";
import type { ChangeSet } from "../../../../app/store/kv.ts";

/**
 * When invariants are looked at: all of them in full after `every` block or after every so many, or after each block by what it `changed`, and
 * in full every {@link FULL_EVERY} blocks. After the last block all are looked at in full.
 */
export type InvariantPlan = "every" | "changed" | number;

/** Blocks between two full looks where changes are looked at. */
export const FULL_EVERY = 500;

/** A store that shows what its last block changed. */
export interface WatchedStore {
  readonly store: CommitStore;
  /** Of the block that was executed last. */
  changes(): ChangeSet;
}

/** Makes a store show its changes. Its `apply` is replaced: whatever stood between all calls and the store would be a part of every block. */
export function watchStore(store: CommitStore): WatchedStore {
  const { apply } = store;
  let last: ChangeSet = new Map();
  store.apply = (version, changes) => {
    last = changes;
    return apply.call(store, version, changes);
  };
  return { store, changes: () => last };
}

/** Looks at the invariants of a chain as planned. */
export class InvariantWatch {
  readonly #plan: InvariantPlan;
  #watches: readonly { readonly name: string; readonly look: Watch }[] | undefined;

  constructor(plan: InvariantPlan) {
    this.#plan = plan;
  }

  /** Looks after a block. CONTRACT: after each one, in order. @returns the first invariant that does not hold */
  look(app: App, ctx: ReadCtx, changes: ChangeSet, isLast: boolean): BrokenInvariant | undefined {
    const broken = this.#lookAtChanges(ctx, changes);
    if (broken !== undefined || !(isLast || this.#isFull(app.height))) return broken;
    const [first] = app.brokenInvariants();
    // From a state in which everything holds.
    if (first === undefined && this.#plan === "changed") this.#watches ??= begin(app, ctx);
    return first;
  }

  #isFull(height: bigint): boolean {
    if (this.#plan === "every") return true;
    return this.#plan === "changed"
      ? this.#watches === undefined || height % BigInt(FULL_EVERY) === 0n
      : height % BigInt(this.#plan) === 0n;
  }

  #lookAtChanges(ctx: ReadCtx, changes: ChangeSet): BrokenInvariant | undefined {
    for (const { name, look } of this.#watches ?? []) {
      const detail = look(ctx, changes);
      if (detail !== undefined) return { name, detail };
    }
    return undefined;
  }
}

function begin(app: App, ctx: ReadCtx) {
  return app.modules.flatMap((module) =>
    Object.entries(module.invariants).flatMap(([name, { watch }]) =>
      watch === undefined ? [] : [{ name: `${module.name}/${name}`, look: watch(ctx) }],
    ),
  );
}
