import type { App } from "../../../app/runtime/app.ts";
import type { LogPort } from "../../../app/runtime/ports.ts";
import type { CommitStore } from "../../../app/store/commitStore.ts";
import { DEFAULT_QUERY_DEADLINE_MS, QueryPool } from "../../../app/threads/queryPool.ts";
import { SignatureThread } from "../../../app/threads/signatureThread.ts";
import { withQueryThreads } from "../../../app/threads/withQueryThreads.ts";
import { REPLAY_THREAD_FILE } from "./replayThread.ts";

/** Threads beside a replay, put together as a node does it. */
export class ReplayThreads {
  readonly signatures: SignatureThread;
  readonly #store: CommitStore;
  readonly #log: LogPort;
  #pool: QueryPool | undefined;

  /** @param failed told of what a thread logs as an error */
  constructor(store: CommitStore, failed: (message: string) => void) {
    this.#store = store;
    this.#log = { info: () => undefined, error: (message, fields) => failed(`${message} ${String(fields?.["error"] ?? "")}`) };
    this.signatures = new SignatureThread({ log: this.#log });
  }

  /** The app with queries on two threads. CONTRACT: once. */
  wrap(app: App): App {
    this.#pool = new QueryPool({
      source: { app, store: this.#store },
      script: REPLAY_THREAD_FILE,
      settings: undefined,
      threads: 2,
      deadlineMs: 12 * DEFAULT_QUERY_DEADLINE_MS,
      log: this.#log,
    });
    return withQueryThreads(app, this.#pool);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#pool?.close();
    await this.signatures.close();
  }
}
