// The thread of an inspector: a state machine of its own on the committed state that the chain shares.
import { parentPort, workerData } from "node:worker_threads";
import { hanzoStores } from "../../../../app/hanzo.ts";
import { SharedStore } from "../../../../app/store/sharedStore.ts";
import { decodeBlock } from "./blockBytes.ts";
import { Inspection, NO_ROWS } from "./inspector.ts";
import {
  type BlockToInspect,
  BROKEN,
  type FromInspector,
  INSPECTOR_ROLE,
  type InspectorThreadData,
  LOOKED,
  type ToInspector,
} from "./inspectorMessages.ts";
import { SimFailure } from "./simFailure.ts";
import { SimNodes } from "./simNodes.ts";

/** Where this file is, for whoever starts the thread. */
export const INSPECTOR_FILE = new URL(import.meta.url);

/** Looks at the blocks that it is told of, on the state that is shared. */
class InspectorServer {
  readonly #progress: Int32Array;
  readonly #names: readonly string[];
  readonly #store: SharedStore;
  readonly #nodes: SimNodes;
  readonly #inspection: Inspection;
  readonly #tell: (message: FromInspector) => void;
  readonly #app;

  constructor({ state, plan, authority, progress }: InspectorThreadData, tell: (message: FromInspector) => void) {
    this.#progress = new Int32Array(progress);
    this.#names = state.names;
    this.#store = new SharedStore(state, NO_ROWS);
    this.#nodes = new SimNodes(authority);
    this.#inspection = new Inspection(plan, hanzoStores, (store) => this.#nodes.start(store));
    this.#tell = tell;
    this.#app = this.#nodes.start(this.#store);
  }

  /** Never throws: what is wrong is told, and then nothing is looked at any more. */
  async take({ blocks, settle }: ToInspector): Promise<void> {
    try {
      for (const block of blocks) {
        if (Atomics.load(this.#progress, BROKEN) !== 0) break;
        await this.#look(block);
        Atomics.add(this.#progress, LOOKED, 1);
      }
    } catch (cause) {
      Atomics.store(this.#progress, BROKEN, 1);
      const known = cause instanceof SimFailure ? cause : new SimFailure(Number(this.#store.version), textOf(cause));
      this.#tell({ kind: "broken", height: known.height, message: known.message });
    }
    if (settle) this.#tell({ kind: "settled" });
  }

  async #look({ bytes, memory, oldest, timeNs, ...block }: BlockToInspect): Promise<void> {
    const app = await this.#app;
    const { version, changes: changesTo } = decodeBlock(this.#names, bytes);
    if (!this.#store.update({ versions: [version], oldest, memory: memory ?? new Map() }))
      throw new Error("the inspector fell behind: the state of its block is not kept any more");
    app.follow(timeNs);
    const changes = changesTo(this.#store.latest()) ?? new Map();
    const share = () => ({ shared: this.#store, end: this.#store.use() });
    await this.#inspection.inspect({ app, store: this.#store, share }, { ...block, changes });
    this.#nodes.requireSound(Number(this.#store.version));
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

// No await at the top level: the file is also part of bundles that know none.
const port = parentPort;
const data = workerData as InspectorThreadData | undefined;
if (port !== null && data?.role === INSPECTOR_ROLE) {
  const server = new InspectorServer(data, (message) => port.postMessage(message));
  let last: Promise<void> = Promise.resolve();
  // One after the other, whatever a look waits for.
  port.on("message", (message: ToInspector) => {
    last = last.then(() => server.take(message));
  });
}
