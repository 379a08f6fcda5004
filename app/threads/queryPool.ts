import type { RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { GRPC_STATUS } from "#sdk";
import type { LogPort } from "../runtime/ports.ts";
import type { QueryAnswer } from "../runtime/query/queryAnswer.ts";
import { failedAnswer, lateAnswer, type QueryJob, tickJob, tickMs } from "./queryJob.ts";
import type { QuerySource } from "./querySource.ts";
import { QueryWorker } from "./queryWorker.ts";

/** Longest time of a query by default, in milliseconds. */
export const DEFAULT_QUERY_DEADLINE_MS = 5_000;

/** How queries are answered beside the chain. */
export interface QueryPoolOptions {
  readonly source: QuerySource;
  /** The threads' file; it calls `serveQueries`. */
  readonly script: URL;
  /** Cloned into each thread. */
  readonly settings: unknown;
  /** Most threads, at least 1. */
  readonly threads: number;
  readonly deadlineMs: number;
  readonly log: LogPort;
  /** Told of every thread that is started, by what it does: `query`, or the name of one that a query thread started. */
  readonly started?: (worker: string) => void;
}

/** Queries that wait for a thread at most. */
const MAX_WAITING = 4096;
/** Starts in a row that ended before a query was begun, after which waiting queries are refused until a thread works again. */
const MAX_FAILURES = 3;
/** After the first commit the first thread is started, in milliseconds: a node that starts again replays a block, and then everything waits for the next. */
const FIRST_THREAD_MS = 1_000;
/** Longest pause before a thread that keeps ending is started again, in milliseconds. */
const MAX_PAUSE_MS = 10_000;

/**
 * Answers queries in threads on the shared committed state; the first is started soon after a commit or with a query, each other one
 * when those before are busy. No query delays a block, and none waits for one unless it needs what only the
 * chain's own thread can read (rows of the index).
 */
export class QueryPool {
  readonly #options: QueryPoolOptions;
  readonly #workers = new Set<QueryWorker>();
  #waiting: QueryJob[] = [];
  readonly #pauses = new Set<NodeJS.Timeout>();
  #failures = 0;
  #first: NodeJS.Timeout | undefined;
  readonly #timer: NodeJS.Timeout;
  #checkScheduled = false;
  #closed = false;

  constructor(options: QueryPoolOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), tickMs(options.deadlineMs));
    this.#timer.unref();
  }

  /** Answers like `Application.query`; never rejects. */
  async query(request: RequestQuery): Promise<ResponseQuery> {
    return (await this.ask(request)).answer;
  }

  /**
   * Answers a query, its value as proto JSON when `show` names its type: the thread does that work, too.
   * @returns gRPC statuses of its own are DeadlineExceeded, ResourceExhausted (too many wait) and Unavailable (the thread is gone)
   */
  ask(request: RequestQuery, show?: string): Promise<QueryAnswer> {
    return new Promise((done) => {
      const job: QueryJob = { request, show, done, ticks: 0 };
      if (this.#closed) this.#refuse(job, GRPC_STATUS.unavailable, "the node is stopping");
      else if (this.#waiting.length >= MAX_WAITING)
        this.#refuse(job, GRPC_STATUS.resourceExhausted, `${MAX_WAITING} queries are waiting; try again later`);
      else {
        this.#waiting.push(job);
        this.#next();
      }
    });
  }

  /** Tells the threads of a commit. CONTRACT: after every commit of the source's store. */
  committed(): void {
    // What was written on the version before means nothing any more.
    for (const worker of this.#workers) worker.committed();
    // The first one is ready for the first query, and no earlier than the first block.
    if (this.#workers.size + this.#pauses.size > 0 || this.#closed) return;
    this.#first ??= setTimeout(() => this.#start(), FIRST_THREAD_MS).unref();
  }

  /** Tells the threads that transactions were checked; several calls in a row are told at once. */
  checked(): void {
    if (this.#checkScheduled) return;
    this.#checkScheduled = true;
    queueMicrotask(() => {
      this.#checkScheduled = false;
      const followers = [...this.#workers].filter((worker) => worker.followsCheck);
      if (followers.length === 0) return;
      const { app } = this.#options.source;
      const writes = app.check.takeWrites();
      for (const worker of followers) worker.checked(app.height, writes);
    });
  }

  /** Ends the threads; what waits is answered with Unavailable. @throws Error when one does not end in time */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#first);
    for (const pause of this.#pauses) clearTimeout(pause);
    for (const job of this.#waiting.splice(0)) this.#refuse(job, GRPC_STATUS.unavailable, "the node is stopping");
    const ended = await Promise.allSettled(Array.from(this.#workers, (worker) => worker.end()));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }

  /** The deadline covers the time before a thread has the query, too. */
  #tick(): void {
    const { deadlineMs, source } = this.#options;
    this.#waiting = this.#waiting.filter((job) => {
      const isLate = tickJob(job) !== false;
      if (isLate) job.done(lateAnswer(deadlineMs, source.app.height));
      return !isLate;
    });
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      let chosen: QueryWorker | undefined;
      for (const worker of this.#workers) if (worker.isFree && (chosen === undefined || worker.load < chosen.load)) chosen = worker;
      const mayStart = this.#workers.size + this.#pauses.size < this.#options.threads;
      if ((chosen === undefined || chosen.load > 0) && mayStart) {
        // Goes on with what waits.
        this.#start();
        return;
      }
      if (chosen === undefined) return;
      const job = this.#waiting.shift();
      if (job !== undefined) chosen.run(job);
    }
  }

  #start(): void {
    clearTimeout(this.#first);
    const started = this.#options.started ?? (() => {});
    started("query");
    const worker: QueryWorker = new QueryWorker({
      ...this.#options,
      started,
      onFree: () => {
        this.#failures = 0;
        this.#next();
      },
      onGone: (unbegun, hasWorked) => this.#replace(worker, unbegun, hasWorked),
    });
    this.#workers.add(worker);
    this.#next();
  }

  #replace(worker: QueryWorker, unbegun: readonly QueryJob[], hasWorked: boolean): void {
    this.#workers.delete(worker);
    this.#waiting = [...unbegun, ...this.#waiting];
    this.#failures = hasWorked ? 0 : this.#failures + 1;
    if (this.#closed || this.#failures >= MAX_FAILURES) {
      const reason = this.#closed ? "the node is stopping" : "no query thread can be started; the log says why";
      for (const job of this.#waiting.splice(0)) this.#refuse(job, GRPC_STATUS.unavailable, reason);
    }
    if (this.#closed) return;
    const pauseMs = this.#failures <= 1 ? 0 : Math.min(MAX_PAUSE_MS, 100 * 2 ** this.#failures);
    const pause = setTimeout(() => {
      this.#pauses.delete(pause);
      this.#start();
    }, pauseMs);
    this.#pauses.add(pause);
  }

  #refuse(job: QueryJob, status: number, text: string): void {
    job.done(failedAnswer(status, text, this.#options.source.app.height));
  }
}
