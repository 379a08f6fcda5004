import type { Bundle } from "#proto/hanzo/hmm/v1/types";
import { ModuleError } from "#sdk";
import type { RoutePool } from "../../modules/hmm/route/problem.ts";
import type { SolvedRoute } from "./solveRoute.ts";

/** What a solver thread is asked. */
export interface SolverTask {
  readonly bundle: Bundle;
  readonly maxLegs: number;
  /** Pools to solve on from now on. Left out: those of the last task. */
  readonly pools?: readonly RoutePool[];
}

/** What a solver thread answers: the route, or the error of the market that solveRoute threw. */
export type SolverAnswer =
  | { readonly route: SolvedRoute }
  | { readonly refused: { readonly codespace: string; readonly code: number; readonly text: string } };

/** A thread that solves one task after the other. */
export interface SolverThread {
  send(task: SolverTask): void;
  /** Ends the thread, whatever it is doing. */
  end(): void;
}

/** What a thread reports. */
export interface SolverEvents {
  answered(answer: SolverAnswer): void;
  /** The thread is gone. */
  failed(reason: string): void;
}

/** Starts a thread; its events come later. */
export type SpawnSolver = (events: SolverEvents) => SolverThread;

/** Pools of one state. Two tasks on the same snapshot object send its pools once. */
export interface PoolSnapshot {
  readonly pools: readonly RoutePool[];
}

/** The solver takes no more tasks now. */
export class SolverBusyError extends Error {
  constructor(waiting: number) {
    super(`${waiting} routes are waiting to be computed; try again later`);
    this.name = "SolverBusyError";
  }
}

/** A task took too long, or its thread died. */
export class SolverFailedError extends Error {
  constructor(text: string) {
    super(text);
    this.name = "SolverFailedError";
  }
}

/** Bounds of a queue. */
export interface QueueLimits {
  /** Most tasks that wait, the running one included. */
  readonly waiting: number;
  /** Longest time of one task, in milliseconds. */
  readonly timeoutMs: number;
}

/** Bounds for a node: a queue that empties within seconds, and time for markets far larger than any planned. */
export const DEFAULT_QUEUE_LIMITS: QueueLimits = { waiting: 32, timeoutMs: 5_000 };

interface Job {
  readonly bundle: Bundle;
  readonly maxLegs: number;
  readonly snapshot: PoolSnapshot;
  readonly done: (route: SolvedRoute) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Hands routing tasks to one thread, one at a time. The thread starts with the first task, and anew after it crashed or ran over its time; the
 * task that it died of is not repeated.
 */
export class RouteQueue {
  readonly #spawn: SpawnSolver;
  readonly #limits: QueueLimits;
  readonly #jobs: Job[] = [];
  #thread: SolverThread | undefined;
  #known: PoolSnapshot | undefined;
  #running: Job | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(spawn: SpawnSolver, limits: QueueLimits = DEFAULT_QUEUE_LIMITS) {
    this.#spawn = spawn;
    this.#limits = limits;
  }

  /**
   * Solves a bundle on the thread.
   * @returns what solveRoute returns; rejects with its ModuleError, {@link SolverBusyError} or {@link SolverFailedError}
   */
  solve(bundle: Bundle, maxLegs: number, snapshot: PoolSnapshot): Promise<SolvedRoute> {
    const waiting = this.#jobs.length + (this.#running === undefined ? 0 : 1);
    if (this.#closed) return Promise.reject(new SolverFailedError("the node is stopping"));
    if (waiting >= this.#limits.waiting) return Promise.reject(new SolverBusyError(waiting));
    return new Promise((done, fail) => {
      this.#jobs.push({ bundle, maxLegs, snapshot, done, fail });
      this.#next();
    });
  }

  /** Ends the thread and fails what waits. */
  close(): void {
    this.#closed = true;
    const jobs = this.#running === undefined ? this.#jobs.splice(0) : [this.#running, ...this.#jobs.splice(0)];
    this.#drop();
    for (const { fail } of jobs) fail(new SolverFailedError("the node is stopping"));
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const job = this.#jobs.shift();
    if (job === undefined) return;
    this.#running = job;
    this.#timer = setTimeout(() => this.#abort(`the route was not found within ${this.#limits.timeoutMs} ms`), this.#limits.timeoutMs);
    // A node that stops does not wait for routes.
    (this.#timer as { unref?: () => void }).unref?.();
    try {
      this.#thread ??= this.#start();
      const pools = this.#known === job.snapshot ? {} : { pools: job.snapshot.pools };
      this.#known = job.snapshot;
      this.#thread.send({ bundle: job.bundle, maxLegs: job.maxLegs, ...pools });
    } catch (cause) {
      this.#abort(cause instanceof Error ? cause.message : String(cause));
    }
  }

  #start(): SolverThread {
    // Events of a thread that was given up are late and mean nothing.
    let thread: SolverThread | undefined;
    const current = (): boolean => thread !== undefined && thread === this.#thread;
    thread = this.#spawn({
      answered: (answer) => current() && this.#answer(answer),
      failed: (reason) => current() && this.#abort(`the solver stopped: ${reason}`),
    });
    return thread;
  }

  #answer(answer: SolverAnswer): void {
    const job = this.#running;
    clearTimeout(this.#timer);
    this.#running = undefined;
    if ("route" in answer) job?.done(answer.route);
    else {
      const { codespace, code, text } = answer.refused;
      job?.fail(new ModuleError(codespace, code, text));
    }
    this.#next();
  }

  #abort(reason: string): void {
    const job = this.#running;
    this.#drop();
    job?.fail(new SolverFailedError(reason));
    if (!this.#closed) this.#next();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const thread = this.#thread;
    this.#thread = undefined;
    this.#known = undefined;
    this.#running = undefined;
    thread?.end();
  }
}
