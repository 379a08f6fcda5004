// The thread's side: a state machine of its own on the shared committed state, which answers queries and never writes.
import { parentPort, workerData } from "node:worker_threads";
import { RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import type { Descriptors } from "../encoding/descriptors.ts";
import { type ShownJson, showJson } from "../encoding/showJson.ts";
import type { App } from "../runtime/app.ts";
import type { LogPort } from "../runtime/ports.ts";
import type { CommitStore } from "../store/commitStore.ts";
import { SharedStore } from "../store/sharedStore.ts";
import { BEGUN, LATE, QUERY_ROLE, type QueryThreadData, type ToQueryThread } from "./queryMessages.ts";
import { StoredRowsPort } from "./storedRowsPort.ts";

/** What answers in a query thread. */
export interface QueryMachine {
  readonly app: App;
  readonly descriptors: Descriptors;
}

/** What a state machine in a query thread is put together from. */
export interface QueryParts<Settings> {
  /** Reads the shared committed state; it takes no writes. */
  readonly store: CommitStore;
  /** Those that the pool was given. */
  readonly settings: Settings;
  readonly log: LogPort;
  /** To be told of every thread that is started here, by what it does: the pool's owner counts them. */
  readonly started: (worker: string) => void;
}

/** Paths whose handlers run transactions on the mempool's state. */
const SIMULATIONS: ReadonlySet<string> = new Set(["/app/simulate", "app/simulate", "/cosmos.tx.v1beta1.Service/Simulate"]);

/** Answers queries, when this is a query thread; elsewhere it does nothing. */
export async function serveQueries<Settings>(build: (parts: QueryParts<Settings>) => Promise<QueryMachine>): Promise<void> {
  const data = workerData as QueryThreadData | undefined;
  if (parentPort === null || data?.role !== QUERY_ROLE) return;
  const server = new QueryServer(parentPort, data);
  await server.start((parts) => build({ ...parts, settings: data.settings as Settings }));
}

type Port = NonNullable<typeof parentPort>;

class QueryServer {
  readonly #port: Port;
  readonly #progress: Int32Array;
  readonly #rows: StoredRowsPort;
  readonly #store: SharedStore;
  #machine: QueryMachine | undefined;
  /** What came before the machine was built. */
  #early: ToQueryThread[] = [];
  /** Whether the copy of the mempool's state stands on the latest version. */
  #checkIsCurrent = false;
  #waitingForCheck: (() => void)[] = [];

  constructor(port: Port, { state, rows, progress }: QueryThreadData) {
    this.#port = port;
    this.#progress = new Int32Array(progress);
    this.#rows = new StoredRowsPort((id, question) => port.postMessage({ kind: "ask", id, question }));
    this.#rows.know(rows);
    this.#store = new SharedStore(state, this.#rows);
    port.on("message", (message: ToQueryThread) => this.#receive(message));
  }

  async start(build: (parts: Omit<QueryParts<unknown>, "settings">) => Promise<QueryMachine>): Promise<void> {
    const log = (level: "info" | "error"): LogPort["info"] => {
      return (message, fields) => this.#port.postMessage({ kind: "log", level, message, detail: String(fields?.["error"] ?? "") });
    };
    const machine = await build({
      store: this.#store,
      log: { info: log("info"), error: log("error") },
      started: (worker) => this.#port.postMessage({ kind: "started", worker }),
    });
    this.#machine = machine;
    const early = this.#early;
    this.#early = [];
    for (const message of early) this.#receive(message);
  }

  #receive(message: ToQueryThread): void {
    if (message.kind === "stored") this.#rows.answer(message);
    else if (message.kind === "ping") this.#port.postMessage({ kind: "pong" });
    else if (this.#machine === undefined) this.#early.push(message);
    else if (message.kind === "state") this.#follow(this.#machine, message);
    else if (message.kind === "check") this.#followCheck(this.#machine, message);
    else void this.#answer(this.#machine, message);
  }

  #follow({ app }: QueryMachine, { update, timeNs, rows }: Extract<ToQueryThread, { kind: "state" }>): void {
    this.#rows.know(rows);
    if (!this.#store.update(update)) return;
    app.follow(timeNs);
  }

  #followCheck({ app }: QueryMachine, { version, writes }: Extract<ToQueryThread, { kind: "check" }>): void {
    // Writes on a version that is not here yet are of no use; those of the next version come after it.
    if (version !== app.height) return;
    for (const [name, changes] of writes) {
      const store = app.check.store(name);
      for (const [key, value] of changes) {
        if (value === undefined) store.delete(key);
        else store.set(key, value);
      }
    }
    this.#checkIsCurrent = true;
    for (const wake of this.#waitingForCheck.splice(0)) wake();
  }

  async #answer(machine: QueryMachine, { id, request, show }: Extract<ToQueryThread, { kind: "query" }>): Promise<void> {
    Atomics.store(this.#progress, BEGUN, id);
    if (id <= Atomics.load(this.#progress, LATE)) {
      this.#port.postMessage({ kind: "skipped", id });
      return;
    }
    const query = RequestQuery.decode(request);
    if (SIMULATIONS.has(query.path) && !this.#checkIsCurrent) await this.#awaitCheck();
    const end = this.#store.use();
    // Not reached by a query that needs nobody else: those are answered before the event loop turns.
    const waits = setImmediate(() => this.#port.postMessage({ kind: "waits", id }));
    let answer: ResponseQuery;
    try {
      answer = await machine.app.query(query);
    } finally {
      clearImmediate(waits);
      end();
    }
    let shown: ShownJson | undefined;
    if (show !== undefined && answer.code === 0) {
      shown = showJson(machine.descriptors, show, answer.value);
      // The JSON says it all.
      answer = { ...answer, value: new Uint8Array(0) };
    }
    this.#port.postMessage({ kind: "answer", id, answer: ResponseQuery.encode(answer).finish(), shown });
  }

  /** Asks for the mempool's state once; from then on it is kept up to date. */
  #awaitCheck(): Promise<void> {
    return new Promise((wake) => {
      this.#waitingForCheck.push(wake);
      if (this.#waitingForCheck.length === 1) this.#port.postMessage({ kind: "followCheck" });
    });
  }
}
