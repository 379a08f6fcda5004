// One query thread as the chain's own thread sees it.
import { Worker } from "node:worker_threads";
import { RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { GRPC_STATUS } from "#sdk";
import type { LogPort } from "../runtime/ports.ts";
import type { ChangeSet } from "../store/kv.ts";
import type { StateFeed } from "../store/stateFeed.ts";
import { failedAnswer, type QueryJob } from "./queryJob.ts";
import { type FromQueryThread, QUERY_ROLE, type QueryThreadData, type StoredQuestion, type ToQueryThread } from "./queryMessages.ts";
import { lastBlockRows, type QuerySource, readStored } from "./querySource.ts";

/** How a query thread is started and watched. */
export interface QueryWorkerOptions {
  readonly source: QuerySource;
  /** The thread's file; it calls `serveQueries`. */
  readonly script: URL;
  readonly settings: unknown;
  /** Longest time that a query takes, in milliseconds. */
  readonly deadlineMs: number;
  readonly log: LogPort;
  /** The thread started another one. */
  readonly started: (worker: string) => void;
  /** The thread takes more work. */
  readonly onFree: () => void;
  /** The thread is gone; `unbegun` can be given to another one. */
  readonly onGone: (unbegun: readonly QueryJob[], hasWorked: boolean) => void;
}

/** Queries that one thread has at a time: those that wait for other processes overlap. */
const MAX_JOBS = 64;
/** A deadline is counted in ticks, so that time in which this thread was busy with a block is no query's fault. */
export const TICKS = 10;
/** Ticks within which a thread says that it is alive. */
const PING_TICKS = 3;
const MAX_HEAP_MB = 1024;

interface RunningJob extends QueryJob {
  ticks: number;
}

/**
 * Runs queries in a thread. A query over its deadline is answered with DeadlineExceeded; a thread that does not even say that it is alive is
 * ended from outside, with all that it held.
 */
export class QueryWorker {
  readonly #options: QueryWorkerOptions;
  readonly #feed: StateFeed;
  readonly #begun = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  readonly #jobs = new Map<number, RunningJob>();
  readonly #timer: NodeJS.Timeout;
  #lastId = 0;
  #pings = -1;
  #followsCheck = false;
  #ending = false;
  #gone = false;

  constructor(options: QueryWorkerOptions) {
    const { source, script, settings } = options;
    this.#options = options;
    this.#feed = source.store.openFeed();
    const state = this.#feed.open();
    const rows = lastBlockRows(source);
    const workerData: QueryThreadData = {
      role: QUERY_ROLE,
      state,
      timeNs: source.app.timeNs,
      rows,
      begun: this.#begun.buffer as SharedArrayBuffer,
      settings,
    };
    this.#worker = new Worker(script, { workerData, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    this.#worker.on("message", (message: FromQueryThread) => this.#receive(message));
    this.#worker.on("error", (error) =>
      options.log.error("a query thread failed", { error: error instanceof Error ? error.stack : error }),
    );
    this.#worker.on("exit", () => this.#exited());
    this.#timer = setInterval(() => this.#tick(), Math.max(1, options.deadlineMs / TICKS));
    // Only work keeps the process alive; the listeners above would.
    this.#timer.unref();
    this.#worker.unref();
  }

  /** Whether it takes another query. */
  get isFree(): boolean {
    return !this.#gone && this.#jobs.size < MAX_JOBS;
  }

  /** Queries that it has. */
  get load(): number {
    return this.#jobs.size;
  }

  /** Takes a query. CONTRACT: only while `isFree`. */
  run(job: QueryJob): void {
    this.#lastId += 1;
    this.#worker.ref();
    this.#jobs.set(this.#lastId, { ...job, ticks: 0 });
    const request = RequestQuery.encode(job.request).finish();
    this.#send({ kind: "query", id: this.#lastId, request, show: job.show });
  }

  /** Tells of a commit. */
  committed(): void {
    const { source } = this.#options;
    this.#send({ kind: "state", update: this.#feed.take(), timeNs: source.app.timeNs, rows: lastBlockRows(source) });
  }

  /** Tells of writes to the mempool's state, if the thread follows it. */
  checked(version: bigint, writes: ChangeSet): void {
    if (this.#followsCheck) this.#send({ kind: "check", version, writes });
  }

  /** Whether it wants to hear of the mempool's state. */
  get followsCheck(): boolean {
    return this.#followsCheck;
  }

  /** Ends the thread, whatever it does. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#worker.ref();
    await this.#worker.terminate();
  }

  #send(message: ToQueryThread): void {
    if (!this.#gone) this.#worker.postMessage(message);
  }

  #receive(message: FromQueryThread): void {
    switch (message.kind) {
      case "answer": {
        const job = this.#jobs.get(message.id);
        this.#jobs.delete(message.id);
        // While it is being ended, the process waits for that.
        if (this.#jobs.size === 0 && !this.#ending) this.#worker.unref();
        job?.done({ answer: ResponseQuery.decode(message.answer), shown: message.shown });
        this.#options.onFree();
        return;
      }
      case "ask":
        void this.#answerQuestion(message.id, message.question);
        return;
      case "followCheck": {
        const { app } = this.#options.source;
        this.#followsCheck = true;
        this.checked(app.height, app.check.changes());
        return;
      }
      case "log":
        this.#options.log[message.level](message.message, message.detail === "" ? {} : { error: message.detail });
        return;
      case "started":
        this.#options.started(message.worker);
        return;
      case "pong":
        this.#pings = -1;
    }
  }

  async #answerQuestion(id: number, question: StoredQuestion): Promise<void> {
    try {
      this.#send({ kind: "stored", id, found: await readStored(this.#options.source, question) });
    } catch (error) {
      this.#send({ kind: "stored", id, found: [], failed: error instanceof Error ? error.message : String(error) });
    }
  }

  #tick(): void {
    const begun = Atomics.load(this.#begun, 0);
    let isLate = false;
    for (const [id, job] of this.#jobs) {
      if (id > begun) break;
      job.ticks += 1;
      if (job.ticks <= TICKS) continue;
      isLate = true;
      if (job.ticks === TICKS + 1) job.done(this.#late());
    }
    if (this.#pings >= 0) {
      this.#pings += 1;
      if (this.#pings <= PING_TICKS) return;
      this.#pings = -1;
      this.#options.log.error(`a query ran for more than ${this.#options.deadlineMs} ms: its thread is replaced`);
      void this.end();
    } else if (isLate) {
      this.#pings = 0;
      this.#send({ kind: "ping" });
    }
  }

  #late(): ReturnType<typeof failedAnswer> {
    const { deadlineMs, source } = this.#options;
    return failedAnswer(GRPC_STATUS.deadlineExceeded, `the query took longer than ${deadlineMs} ms`, source.app.height);
  }

  #exited(): void {
    this.#gone = true;
    clearInterval(this.#timer);
    this.#feed.close();
    const begun = Atomics.load(this.#begun, 0);
    const unbegun: QueryJob[] = [];
    for (const [id, job] of this.#jobs) {
      if (id > begun) unbegun.push(job);
      else if (job.ticks <= TICKS)
        job.done(failedAnswer(GRPC_STATUS.unavailable, "the thread of the query ended; try again", this.#options.source.app.height));
    }
    this.#jobs.clear();
    this.#options.onGone(unbegun, begun > 0);
  }
}
