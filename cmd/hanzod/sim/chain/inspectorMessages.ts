import type { SharedState, StateUpdate } from "../../../../app/store/stateFeed.ts";
import type { ChangedKeys } from "./changedKeys.ts";
import type { CommittedBlock } from "./inspector.ts";
import type { InvariantPlan } from "./invariantWatch.ts";

/** Marks the data of an inspector's thread: other threads of the program may load its file, too. */
export const INSPECTOR_ROLE = "hanzo-sim-inspector";

/** What the thread is started with. */
export interface InspectorThreadData {
  readonly role: typeof INSPECTOR_ROLE;
  readonly state: SharedState;
  readonly plan: InvariantPlan;
  /** Who may do what governance may. */
  readonly authority: string;
  /** Counts, in shared memory: {@link LOOKED}, {@link BROKEN}. */
  readonly progress: SharedArrayBuffer;
}

/** Blocks that were looked at. */
export const LOOKED = 0;
/** 1 once something was wrong: from then on nothing is looked at. */
export const BROKEN = 1;

/** A block for the thread. */
export interface BlockToInspect extends Omit<CommittedBlock, "changes"> {
  readonly kind: "block";
  readonly update: StateUpdate;
  /** Time of the block. */
  readonly timeNs: bigint;
  /** What it changed; undefined where nobody asks. */
  readonly keys: ChangedKeys | undefined;
}

/** What the thread is told: a block, or to answer once it has looked at all before. */
export type ToInspector = BlockToInspect | { readonly kind: "settle" };

/** What it tells. */
export type FromInspector =
  | { readonly kind: "settled" }
  | { readonly kind: "broken"; readonly height: number; readonly message: string };
