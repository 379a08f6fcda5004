// One query thread as the chain's own thread sees it.
import { Worker } from "node:worker_threads";
import { RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { GRPC_STATUS } from "#sdk";
import type { LogPort } from "../runtime/ports.ts";
import type { ChangeSet } from "../store/kv.ts";
import type { StateFeed } from "../store/stateFeed.ts";
import { endThread } from "./endThread.ts";
import { failedAnswer, lateAnswer, type QueryJob, TICKS, tickJob, tickMs } from "./queryJob.ts";
import {
  BEGUN,
  type FromQueryThread,
  LATE,
  QUERY_ROLE,
  type QueryThreadData,
  type StoredQuestion,
  type ToQueryThread,
} from "./queryMessages.ts";
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
/** Of those, how many may stand behind a running one: another thread may be free before it is. */
const MAX_AHEAD = 8;
/** Ticks within which a thread says that it is alive. */
const PING_TICKS = 3;
const MAX_HEAP_MB = 1024;

/**
 * Runs queries in a thread. A query over its deadline is answered with DeadlineExceeded; a thread that does not even say that it is alive is
 * ended from outside, with all that it held.
 */
export class QueryWorker {
  readonly #options: QueryWorkerOptions;
  readonly #feed: StateFeed;
  readonly #progress = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;
  readonly #jobs = new Map<number, QueryJob>();
  /** Those of the jobs that wait for somebody else. */
  readonly #waits = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #lastId = 0;
  #pings = -1;
  #lastBegun = 0;
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
      progress: this.#progress.buffer as SharedArrayBuffer,
      settings,
    };
    this.#worker = new Worker(script, { workerData, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    this.#worker.on("message", (message: FromQueryThread) => this.#receive(message));
    this.#worker.on("error", (error) =>
      options.log.error("a query thread failed", { error: error instanceof Error ? error.stack : error }),
    );
    this.#worker.on("exit", () => this.#exited());
    this.#timer = setInterval(() => this.#tick(), tickMs(options.deadlineMs));
    // Only work keeps the process alive; the listeners above would.
    this.#timer.unref();
    this.#worker.unref();
  }

  /** Whether it takes another query. */
  get isFree(): boolean {
    return !this.#gone && this.#jobs.size < MAX_JOBS && this.#jobs.size - this.#waits.size < MAX_AHEAD;
  }

  /** Queries that it has. */
  get load(): number {
    return this.#jobs.size;
  }

  /** Takes a query. CONTRACT: only while `isFree`. */
  run(job: QueryJob): void {
    this.#lastId += 1;
    this.#worker.ref();
    this.#jobs.set(this.#lastId, job);
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

  /** Ends the thread, whatever it does. Resolves when it is gone. @throws Error when it does not end in time */
  async end(): Promise<void> {
    this.#ending = true;
    await endThread(this.#worker, "query");
  }

  #send(message: ToQueryThread): void {
    if (!this.#gone) this.#worker.postMessage(message);
  }

  #receive(message: FromQueryThread): void {
    switch (message.kind) {
      case "answer":
        this.#finish(message.id)?.done({ answer: ResponseQuery.decode(message.answer), shown: message.shown });
        this.#options.onFree();
        return;
      case "waits":
        this.#waits.add(message.id);
        this.#options.onFree();
        return;
      case "skipped":
        this.#finish(message.id);
        this.#options.onFree();
        return;
      case "ask":
        void this.#answerQuestion(message.id, message.question);
        return;
      case "followCheck": {
        const { app } = this.#options.source;
        this.#followsCheck = true;
        this.checked(app.height, app.check.follow());
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

  #finish(id: number): QueryJob | undefined {
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    this.#waits.delete(id);
    // While it is being ended, the process waits for that.
    if (this.#jobs.size === 0 && !this.#ending) this.#worker.unref();
    return job;
  }

  async #answerQuestion(id: number, question: StoredQuestion): Promise<void> {
    try {
      this.#send({ kind: "stored", id, found: await readStored(this.#options.source, question) });
    } catch (error) {
      this.#send({ kind: "stored", id, found: [], failed: error instanceof Error ? error.message : String(error) });
    }
  }

  #tick(): void {
    const begun = Atomics.load(this.#progress, BEGUN);
    const { deadlineMs, source } = this.#options;
    let isLate = false;
    let areAllLate = true;
    for (const [id, job] of this.#jobs) {
      const late = tickJob(job);
      if (late === false) areAllLate = false;
      if (late === false) continue;
      if (late === "now") job.done(lateAnswer(deadlineMs, source.app.height));
      // One that has not begun says nothing about the thread.
      if (id <= begun) isLate = true;
      if (areAllLate) Atomics.store(this.#progress, LATE, id);
    }
    // A thread that begins requests is alive; a ping waits behind them.
    if (begun !== this.#lastBegun) this.#pings = -1;
    this.#lastBegun = begun;
    if (this.#pings >= 0) {
      this.#pings += 1;
      if (this.#pings <= PING_TICKS) return;
      this.#pings = -1;
      this.#options.log.error(`a query ran for more than ${deadlineMs} ms: its thread is replaced`);
      this.end().catch((error: unknown) => this.#options.log.error(String(error)));
    } else if (isLate) {
      this.#pings = 0;
      this.#send({ kind: "ping" });
    }
  }

  #exited(): void {
    this.#gone = true;
    clearInterval(this.#timer);
    this.#feed.close();
    const begun = Atomics.load(this.#progress, BEGUN);
    const unbegun: QueryJob[] = [];
    for (const [id, job] of this.#jobs) {
      if (job.ticks > TICKS) continue;
      if (id > begun) unbegun.push(job);
      else job.done(failedAnswer(GRPC_STATUS.unavailable, "the thread of the query ended; try again", this.#options.source.app.height));
    }
    this.#jobs.clear();
    this.#options.onGone(unbegun, begun > 0);
  }
}
