import { createHash } from "node:crypto";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { ExperienceKernels, RoundInput, RoundResult } from "../../modules/experience/port.ts";
import { hostKernels } from "./hostKernels.ts";
import type { KernelReport, KernelStatus, KernelThreadOptions, WatchedThread } from "./kernelMessages.ts";

/** Longest wait for one report of the thread, in milliseconds: a round of 256 entries on the reference takes minutes. */
const REPORT_TIMEOUT_MS = 30 * 60_000;
/** Results kept for a block that is executed again. */
const KEPT_RESULTS = 4;

/** What the node shows of its kernels. */
export interface KernelFigures {
  /** Undefined until the thread has chosen. */
  readonly status: KernelStatus | undefined;
  /** Aggregates computed since the node started, and the seconds that the last of them took. */
  readonly computed: number;
  readonly lastSeconds: number;
}

/** The kernels of a node: host functions at once, aggregates on a thread of their own. */
export interface NodeKernels extends ExperienceKernels {
  /** Starts the thread, so that the backend is chosen before it is needed. */
  open(): void;
  /** Waits until the thread has chosen its backend. @throws Error when none can be used */
  status(): KernelStatus;
  figures(): KernelFigures;
  /** Ends the thread; it starts again with the next round. Resolves when it is gone, which may take as long as what it computes. */
  close(): Promise<void>;
}

/** Who watches the thread. */
export interface KernelEvents {
  /** A thread is started. */
  started?(): void;
  /** It has chosen its backend. */
  chosen?(status: KernelStatus): void;
}

/** Makes the kernels of a node. The thread starts with the first round, or with `open`; it never keeps the process alive. */
export function createNodeKernels(options: KernelThreadOptions = {}, events: KernelEvents = {}): NodeKernels {
  const thread = new KernelThread(options, events);
  return {
    ...hostKernels,
    begin: (id, input) => void thread.begin(id, input),
    result: (id, input) => thread.result(id, input),
    open: () => thread.open(),
    status: () => thread.status(),
    figures: () => thread.figures(),
    close: () => thread.close(),
  };
}

/**
 * Hands rounds to the thread and takes results without giving up the consensus thread: it sleeps on shared memory until a report is there. Rounds
 * are known by their name and the hash of their inputs, so a result is never taken for other inputs.
 */
class KernelThread {
  readonly #options: KernelThreadOptions;
  readonly #events: KernelEvents;
  /** Counts reports and the end of the thread: whoever waits sleeps on it. */
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  readonly #results = new Map<string, RoundResult>();
  readonly #begun = new Set<string>();
  #worker: Worker | undefined;
  /** Where reports come from: the thread itself, then the one that watches it, which has the last word. */
  #ports: readonly MessagePort[] = [];
  #status: KernelStatus | undefined;
  /** Why rounds could not be computed, by their key; under the empty key why none can. */
  readonly #failures = new Map<string, string>();
  #computed = 0;
  #lastSeconds = 0;

  constructor(options: KernelThreadOptions, events: KernelEvents) {
    this.#options = options;
    this.#events = events;
  }

  open(): void {
    if (this.#worker !== undefined) return;
    const [tasks, watch] = [new MessageChannel(), new MessageChannel()];
    const workerData: WatchedThread = { port: tasks.port2, watch: watch.port2, signal: this.#signal, options: this.#options };
    const worker = new Worker(new URL("./kernelWatch.js", import.meta.url), { workerData, transferList: [tasks.port2, watch.port2] });
    const gone = (): void => {
      if (this.#worker === worker) this.#forgetThread();
    };
    worker.on("error", gone);
    worker.on("exit", gone);
    // Reports come here while nobody sleeps on them; whoever does takes them from the port.
    tasks.port1.on("message", (report: KernelReport) => this.#take(report));
    worker.unref();
    tasks.port1.unref();
    this.#events.started?.();
    this.#worker = worker;
    this.#ports = [tasks.port1, watch.port1];
  }

  begin(id: string, input: RoundInput): string {
    this.open();
    const key = `${id}/${fingerprint(input)}`;
    if (this.#begun.has(key)) return key;
    this.#begun.add(key);
    this.#ports[0]?.postMessage({ key, input });
    return key;
  }

  result(id: string, input: RoundInput): RoundResult {
    const key = this.begin(id, input);
    for (;;) {
      this.#drain(key);
      const result = this.#results.get(key);
      if (result !== undefined) return result;
      this.#await();
    }
  }

  status(): KernelStatus {
    this.open();
    for (;;) {
      this.#drain("");
      if (this.#status !== undefined) return this.#status;
      this.#await();
    }
  }

  figures(): KernelFigures {
    for (let report = this.#next(); report !== undefined; report = this.#next()) this.#take(report);
    return { status: this.#status, computed: this.#computed, lastSeconds: this.#lastSeconds };
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#forgetThread();
    await worker?.terminate();
  }

  #forgetThread(): void {
    for (const port of this.#ports) port.close();
    this.#worker = undefined;
    this.#ports = [];
    this.#status = undefined;
    this.#failures.clear();
    this.#begun.clear();
  }

  /** Takes all reports that are there. @throws Error when the thread failed at this round, or at all */
  #drain(key: string): void {
    for (let report = this.#next(); report !== undefined; report = this.#next()) this.#take(report);
    const failure = this.#failures.get("") ?? this.#failures.get(key);
    if (failure !== undefined) throw new Error(`kernels: ${failure}`);
  }

  #next(): KernelReport | undefined {
    for (const port of this.#ports) {
      const received = receiveMessageOnPort(port);
      if (received !== undefined) return received.message as KernelReport;
    }
    return undefined;
  }

  #take(report: KernelReport): void {
    if (report.kind === "opened") {
      this.#status = report.status;
      this.#events.chosen?.(report.status);
    } else if (report.kind === "failed") this.#failures.set(report.key, report.text);
    else {
      this.#computed++;
      this.#lastSeconds = report.ms / 1000;
      this.#results.set(report.key, report.result);
      for (const key of this.#results.keys()) if (this.#results.size > KEPT_RESULTS) this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#results.delete(key);
    this.#begun.delete(key);
  }

  /** Sleeps until there may be another report. */
  #await(): void {
    const seen = Atomics.load(this.#signal, 0);
    // What came between the last look and this line is not slept over.
    const report = this.#next();
    if (report !== undefined) {
      this.#take(report);
      return;
    }
    if (Atomics.wait(this.#signal, 0, seen, REPORT_TIMEOUT_MS) === "timed-out")
      throw new Error(
        `kernels: no result within ${REPORT_TIMEOUT_MS / 60_000} minutes; the round is computed anew when the node starts again`,
      );
  }
}

/** Hash of everything that a result depends on. */
function fingerprint({ shape, shards, weights, params, holdout }: RoundInput): string {
  const hash = createHash("sha256");
  for (const shard of shards) hash.update(shard);
  const rest = { shape, weights, params, holdout: holdout && { ...holdout, cases: holdout.cases.map((steps) => steps.map(plain)) } };
  return hash.update(JSON.stringify(rest)).digest("hex");
}

function plain(step: NonNullable<RoundInput["holdout"]>["cases"][number][number]): unknown {
  const { context, candidates, scores, target } = step;
  return [Array.from(context), Array.from(candidates), Array.from(scores), target];
}
