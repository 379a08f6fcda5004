import type { SharedState, StateUpdate } from "../../../../app/store/stateFeed.ts";
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
  /** The version and its changed keys, as `encodeBlock` laid them. */
  readonly bytes: ArrayBuffer;
  /** Segments of the state that came, mostly none. */
  readonly memory: StateUpdate["memory"] | undefined;
  readonly oldest: bigint | undefined;
  /** Time of the block. */
  readonly timeNs: bigint;
}

/** What the thread is told: blocks, and whether to answer once it has looked at them and all before. */
export interface ToInspector {
  readonly blocks: readonly BlockToInspect[];
  readonly settle: boolean;
}

/** What it tells. */
export type FromInspector = { readonly kind: "settled" } | { readonly kind: "broken"; readonly height: number; readonly message: string };
