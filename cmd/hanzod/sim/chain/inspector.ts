import { RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import type { App } from "../../../../app/runtime/app.ts";
import { readCommitted } from "../../../../app/runtime/readCommitted.ts";
import type { CommitStore } from "../../../../app/store/commitStore.ts";
import type { ChangeSet } from "../../../../app/store/kv.ts";
import { SharedStore } from "../../../../app/store/sharedStore.ts";
import { type InvariantPlan, InvariantWatch } from "./invariantWatch.ts";
import { SimFailure } from "./simFailure.ts";
import { Twin } from "./twin.ts";

/** What is looked at after a commit, beside the state. */
export interface CommittedBlock {
  readonly changes: ChangeSet;
  /** Whether everything is to be looked at. */
  readonly isLast: boolean;
  /** The block and the answer to it, encoded, for a node that began with a snapshot and follows. */
  readonly followed?: { readonly request: Uint8Array; readonly answer: Uint8Array };
  /** Whether a node begins with a snapshot of the state after this block. */
  readonly begins: boolean;
}

/** Where the chain stands. */
export interface Standing {
  readonly app: App;
  readonly store: Pick<CommitStore, "latest" | "version">;
  /** The state as nodes hand it on; what the function in it ends is the use of it. */
  share(): { readonly shared: SharedStore; end(): void };
}

/** Looks at each block after its commit. */
export interface Inspector {
  /**
   * A block was committed. CONTRACT: each one, in order.
   * @throws SimFailure of this block, or of an earlier one whose look ended later
   */
  look(block: CommittedBlock): Promise<void>;
  /** Waits until everything is looked at. @throws SimFailure */
  settle(): Promise<void>;
  /** Ends it, whatever it is at. */
  close(): Promise<void>;
}

/** What is looked for: invariants that do not hold, and nodes begun with a snapshot that come to something else. */
export class Inspection {
  readonly #watch: InvariantWatch;
  readonly #stores: readonly string[];
  readonly #start: (store: CommitStore) => Promise<App>;
  #twin: Twin | undefined;

  /** @param start starts a node on a store with these names */
  constructor(plan: InvariantPlan, stores: readonly string[], start: (store: CommitStore) => Promise<App>) {
    this.#watch = new InvariantWatch(plan);
    this.#stores = stores;
    this.#start = start;
  }

  /** @throws SimFailure for what is wrong after a block */
  async inspect({ app, store, share }: Standing, { changes, isLast, followed, begins }: CommittedBlock): Promise<void> {
    const broken = this.#watch.look(app, readCommitted(app, store), changes, isLast);
    if (broken !== undefined) throw new SimFailure(Number(store.version), `invariant ${broken.name}: ${broken.detail}`);
    if (followed !== undefined) await this.#twin?.follow(RequestFinalizeBlock.decode(followed.request), followed.answer);
    if (!begins) return;
    const { shared, end } = share();
    const restored = Twin.restore(shared, this.#stores, this.#start);
    await restored.finally(end);
    this.#twin = await restored;
  }
}

/** Looks on this thread, at once. @param running the node that committed, which changes with every crash */
export function createInspector(inspection: Inspection, store: CommitStore, running: () => App): Inspector {
  return {
    look: (block) => inspection.inspect({ app: running(), store, share: () => shareState(store) }, block),
    settle: async () => undefined,
    close: async () => undefined,
  };
}

function shareState(store: CommitStore): ReturnType<Standing["share"]> {
  const feed = store.openFeed();
  const shared = new SharedStore(feed.open(), NO_ROWS);
  const endUse = shared.use();
  return {
    shared,
    end() {
      endUse();
      feed.close();
    },
  };
}

/** Rows of a state that is handed on without any. */
export const NO_ROWS = { response: async () => undefined, row: async () => undefined, async *rows() {} };
