import { Worker } from "node:worker_threads";
import type { CommitStore } from "../../../../app/store/commitStore.ts";
import type { StateFeed } from "../../../../app/store/stateFeed.ts";
import { encodeBlock } from "./blockBytes.ts";
import type { CommittedBlock, Inspector } from "./inspector.ts";
import {
  type BlockToInspect,
  BROKEN,
  type FromInspector,
  INSPECTOR_ROLE,
  type InspectorThreadData,
  LOOKED,
  type ToInspector,
} from "./inspectorMessages.ts";
import { INSPECTOR_FILE } from "./inspectorThread.ts";
import type { InvariantPlan } from "./invariantWatch.ts";
import { SimFailure } from "./simFailure.ts";

/** Blocks that are told at once: waking the thread takes the chain as long as looking at a small block. */
const BATCH = 16;
/** Blocks told of that the thread may be behind. */
const MOST_BEHIND = 32;
/** Versions that a store must keep for the thread to find that of every block that it is told of. */
export const VERSIONS_BESIDE = 64n;

/** What is looked at beside the chain. */
export interface BesideOptions {
  readonly store: CommitStore;
  readonly plan: InvariantPlan;
  /** Address of who may do what governance may. */
  readonly authority: string;
  /** Time of the last block, nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: () => bigint;
}

/**
 * Looks on a thread of its own while the chain goes on. The chain is told of what is wrong some blocks later, with the height at which it was.
 */
export class ThreadInspector implements Inspector {
  readonly #options: BesideOptions;
  readonly #feed: StateFeed;
  readonly #progress = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;
  readonly #names: readonly string[];
  #batch: BlockToInspect[] = [];
  #sent = 0;
  #failure: SimFailure | undefined;
  #wake: (() => void) | undefined;

  constructor(options: BesideOptions) {
    const { store, plan, authority } = options;
    this.#options = options;
    this.#feed = store.openFeed();
    const progress = this.#progress.buffer as SharedArrayBuffer;
    const state = this.#feed.open();
    this.#names = state.names;
    const workerData: InspectorThreadData = { role: INSPECTOR_ROLE, state, plan, authority, progress };
    this.#worker = new Worker(INSPECTOR_FILE, { workerData });
    this.#worker.on("message", (message: FromInspector) => {
      if (message.kind === "broken") this.#failure ??= new SimFailure(message.height, message.message);
      this.#wake?.();
    });
    this.#worker.on("error", (error) => this.#gone(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    this.#worker.on("exit", (code) => this.#gone(`it ended with ${code}`));
  }

  async look({ changes, ...block }: CommittedBlock): Promise<void> {
    const { plan, timeNs } = this.#options;
    const { versions, oldest, memory } = this.#feed.take();
    const [version] = versions;
    if (version === undefined || versions.length > 1) throw new Error(`one new version expected, got ${versions.length}`);
    const bytes = encodeBlock(this.#names, version, plan === "changed" ? changes : undefined);
    this.#batch.push({ bytes, memory: memory.size === 0 ? undefined : memory, oldest, timeNs: timeNs(), ...block });
    if (this.#batch.length < BATCH) return;
    this.#send(false);
    // The chain runs without giving the event loop a turn, so what the thread tells shows in shared memory first.
    const behind = this.#sent - Atomics.load(this.#progress, LOOKED);
    if (behind > MOST_BEHIND || Atomics.load(this.#progress, BROKEN) !== 0) await this.settle();
  }

  async settle(): Promise<void> {
    if (this.#failure === undefined) {
      const told = new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#send(true);
      await told;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
    this.#feed.close();
  }

  #send(settle: boolean): void {
    const blocks = this.#batch;
    this.#batch = [];
    this.#sent += blocks.length;
    this.#worker.postMessage(
      { blocks, settle } satisfies ToInspector,
      blocks.map(({ bytes }) => bytes),
    );
  }

  #gone(how: string): void {
    this.#failure ??= new SimFailure(this.#sent, `the inspector's thread is gone: ${how}`);
    this.#wake?.();
  }
}
