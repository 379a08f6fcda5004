import { Worker } from "node:worker_threads";
import type { CommitStore } from "../../../../app/store/commitStore.ts";
import type { StateFeed } from "../../../../app/store/stateFeed.ts";
import { packKeys } from "./changedKeys.ts";
import type { CommittedBlock, Inspector } from "./inspector.ts";
import { BROKEN, type FromInspector, INSPECTOR_ROLE, type InspectorThreadData, LOOKED, type ToInspector } from "./inspectorMessages.ts";
import { INSPECTOR_FILE } from "./inspectorThread.ts";
import type { InvariantPlan } from "./invariantWatch.ts";
import { SimFailure } from "./simFailure.ts";

/** Blocks that the chain may be ahead of the looks at them. CONTRACT: the store keeps more versions. */
export const MOST_AHEAD = 12;

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
  #sent = 0;
  #failure: SimFailure | undefined;
  #wake: (() => void) | undefined;

  constructor(options: BesideOptions) {
    const { store, plan, authority } = options;
    this.#options = options;
    this.#feed = store.openFeed();
    const progress = this.#progress.buffer as SharedArrayBuffer;
    const workerData: InspectorThreadData = { role: INSPECTOR_ROLE, state: this.#feed.open(), plan, authority, progress };
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
    const keys = plan === "changed" ? packKeys(changes) : undefined;
    this.#send({ kind: "block", update: this.#feed.take(), timeNs: timeNs(), keys, ...block });
    this.#sent++;
    // The chain runs without giving the event loop a turn, so what the thread tells shows in shared memory first.
    const ahead = this.#sent - Atomics.load(this.#progress, LOOKED);
    if (ahead > MOST_AHEAD || Atomics.load(this.#progress, BROKEN) !== 0) await this.settle();
  }

  async settle(): Promise<void> {
    if (this.#failure === undefined) {
      const told = new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#send({ kind: "settle" });
      await told;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
    this.#feed.close();
  }

  #send(message: ToInspector): void {
    this.#worker.postMessage(message);
  }

  #gone(how: string): void {
    this.#failure ??= new SimFailure(this.#sent, `the inspector's thread is gone: ${how}`);
    this.#wake?.();
  }
}
