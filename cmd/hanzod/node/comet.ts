import { type ChildProcess, spawn } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogComponent } from "../log/levels.ts";
import type { CometBuild } from "./cometBuild.ts";
import { cometEnvironment } from "./cometConfig.ts";
import { findFatalFailure, isConsensusHalt, isLastWord } from "./cometFailures.ts";
import { cometMemory } from "./cometMemory.ts";
import { cometProcessors } from "./cometProcessors.ts";
import type { Home } from "./home.ts";
import { LogFile } from "./logFile.ts";
import { mendWal, walHead } from "./mendWal.ts";
import { EXIT, NodeError } from "./nodeError.ts";
import { formatIdentity, identify } from "./processIdentity.ts";
import { SigningWatch } from "./signingWatch.ts";

/**
 * Where the node writes what it does; one entry per call.
 * @param component the part that speaks; "node" when left out
 * @param fields facts of the entry, by name
 */
export type NodeLog = (
  level: "debug" | "info" | "warn" | "error",
  text: string,
  component?: LogComponent,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** When a CometBFT that ended is started again. */
export interface RestartPolicy {
  /** Wait before the n-th restart in the window; the last one repeats. In milliseconds. */
  readonly delaysMs: readonly number[];
  /** Restarts allowed within `windowMs`. */
  readonly restarts: number;
  readonly windowMs: number;
  /** How long a stop may take before the process is killed. In milliseconds. */
  readonly stopMs: number;
}

/** Waits 1, 2, 4 … 60 seconds; five restarts in ten minutes; thirty seconds to stop. */
const DEFAULT_RESTARTS: RestartPolicy = {
  delaysMs: [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000],
  restarts: 5,
  windowMs: 600_000,
  stopMs: 30_000,
};

/** What a supervised CometBFT needs. */
export interface CometOptions {
  readonly binary: string;
  /** Which build the binary is; the release when left out. */
  readonly build?: CometBuild;
  readonly home: Home;
  /** The application's address; overrides `proxy_app` of config.toml. */
  readonly abciAddress: string;
  /** Where its RPC listens, to ask whether it is well. */
  readonly rpc: { readonly host: string; readonly port: number };
  readonly log: NodeLog;
  /** Called each time a process is started. */
  readonly onStart?: () => void;
  /** Called once when CometBFT is beyond restarting. Not called after `stop`. */
  readonly onFatal: (error: NodeError) => void;
  readonly policy?: RestartPolicy;
}

/** Lines of CometBFT's log shown when it cannot be kept running. */
const LAST_LINES = 50;
const HEALTH_INTERVAL_MS = 50;
const HEALTH_TIMEOUT_MS = 2_000;

/**
 * A CometBFT child process that is kept running. It exits with code 0 also when the application's connection breaks, so any exit
 * that was not asked for counts as a failure.
 */
export class CometProcess {
  readonly #options: CometOptions;
  readonly #policy: RestartPolicy;
  readonly #logFile: LogFile;
  readonly #restarts: number[] = [];
  readonly #ended = new AbortController();
  #child: ChildProcess | undefined;
  #failure: NodeError | undefined;
  #exited: Promise<void> = Promise.resolve();
  /** Lines of the present child that say why it ends. */
  #lastWords: string[] = [];
  #signing = new SigningWatch();

  constructor(options: CometOptions) {
    this.#options = options;
    this.#policy = options.policy ?? DEFAULT_RESTARTS;
    this.#logFile = new LogFile(options.home.logs.comet, LAST_LINES);
  }

  /** Process id; undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The newest lines of CometBFT's log, at most 50. */
  get lastLines(): readonly string[] {
    return this.#logFile.lastLines;
  }

  /**
   * Starts CometBFT and waits until its RPC answers, which it does once the application has replayed its blocks. That may
   * take several restarts.
   *
   * @throws NodeError when it is beyond restarting, or was stopped meanwhile.
   */
  async start(): Promise<void> {
    this.#spawn();
    while (!(await this.#isHealthy())) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended.signal.aborted)
        throw new NodeError("HZN-STOPPED", "the node was stopped while CometBFT was starting", "start again", EXIT.ok);
      await sleep(HEALTH_INTERVAL_MS);
    }
  }

  /** Stops CometBFT: SIGTERM, then SIGKILL after the time allowed. Returns when the process is gone. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#terminate();
    await rm(this.#options.home.run.cometPid, { force: true });
    this.#logFile.close();
  }

  async #terminate(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.kill("SIGTERM");
    const patience = setTimeout(() => {
      this.#options.log("warn", `CometBFT did not stop within ${this.#policy.stopMs} ms and is killed`);
      child.kill("SIGKILL");
    }, this.#policy.stopMs);
    await this.#exited;
    clearTimeout(patience);
  }

  #spawn(): void {
    const { binary, home, abciAddress, log } = this.#options;
    this.#logFile.forget();
    this.#lastWords = [];
    this.#signing = new SigningWatch();
    // Its own process group: Ctrl-C in a terminal must reach the supervisor alone, which stops things in order.
    const child = spawn(binary, ["start", "--home", home.root, "--proxy_app", abciAddress, "--abci", "socket"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...cometEnvironment(process.env),
        ...cometMemory(home, process.env),
        ...cometProcessors(this.#options.build ?? "stock", process.env),
      },
    });
    this.#child = child;
    // CometBFT opens the log when the application has answered its first call, which this thread does, and not before it has done this.
    this.#mendWal();
    const reading: Promise<void>[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      const lines = createInterface({ input: stream });
      lines.on("line", (line) => this.#line(line));
      reading.push(new Promise((resolve) => lines.once("close", resolve)));
    }
    this.#exited = new Promise<void>((resolve) => {
      child.once("error", (error) => {
        this.#logFile.write(`cannot start ${binary}: ${error.message}`);
        resolve();
      });
      child.once("exit", (code, signal) => {
        log("info", `CometBFT (process ${child.pid ?? "?"}) ended with ${signal ?? `code ${code ?? "?"}`}`);
        // Its last words may still be in the pipe.
        void Promise.all(reading).then(() => resolve());
      });
    }).then(() => {
      this.#child = undefined;
    });
    void this.#exited.then(() => this.#afterExit());
    if (child.pid === undefined) return;
    this.#options.onStart?.();
    log("info", `CometBFT started (process ${child.pid})`);
    // For whoever starts after this process was killed.
    void identify(child.pid)
      .then((identity) => writeFile(home.run.cometPid, formatIdentity(identity), { mode: 0o600 }))
      .catch((error: unknown) => log("warn", `cannot write ${home.run.cometPid}: ${String(error)}`));
  }

  #mendWal(): void {
    const { home, log } = this.#options;
    try {
      for (const done of mendWal(home)) log("warn", `CometBFT's write-ahead log: ${done}`);
    } catch (error) {
      log("warn", `cannot mend ${walHead(home)}: ${String(error)}`);
    }
  }

  #line(line: string): void {
    this.#logFile.write(line);
    const refusal = this.#signing.look(line);
    if (refusal !== undefined) this.#options.log("warn", refusal.format());
    if (!isLastWord(line)) return;
    this.#lastWords.push(line);
    if (!isConsensusHalt(line) || this.#failure !== undefined) return;
    this.#fail(findFatalFailure(this.#lastWords, this.#options.home.root));
    void this.#terminate();
  }

  #afterExit(): void {
    if (this.#ended.signal.aborted || this.#failure !== undefined) return;
    const fatal = findFatalFailure(this.#lastWords, this.#options.home.root);
    if (fatal !== undefined) {
      this.#fail(fatal);
      return;
    }
    const now = performance.now();
    while (this.#restarts[0] !== undefined && now - this.#restarts[0] > this.#policy.windowMs) this.#restarts.shift();
    if (this.#restarts.length >= this.#policy.restarts) {
      this.#fail(
        new NodeError(
          "HZN-COMET-RESTARTS",
          `CometBFT ended ${this.#restarts.length + 1} times in ${this.#policy.windowMs / 1000} s; its last words:\n${this.#logFile.lastLines.join("\n")}`,
          `read ${this.#options.home.logs.comet}, mend the cause, then start again`,
          EXIT.stopped,
        ),
      );
      return;
    }
    const delay = this.#policy.delaysMs[Math.min(this.#restarts.length, this.#policy.delaysMs.length - 1)] ?? 0;
    this.#restarts.push(now);
    this.#options.log("warn", `CometBFT is started again in ${delay} ms (restart ${this.#restarts.length} of ${this.#policy.restarts})`);
    // Rejects when the node is stopped meanwhile: then there is nothing to start.
    sleep(delay, undefined, { signal: this.#ended.signal }).then(
      () => this.#spawn(),
      () => undefined,
    );
  }

  #fail(error: NodeError | undefined): void {
    if (error === undefined || this.#failure !== undefined || this.#ended.signal.aborted) return;
    this.#failure = error;
    this.#options.onFatal(error);
  }

  async #isHealthy(): Promise<boolean> {
    const { host, port } = this.#options.rpc;
    const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
    if (this.#child === undefined) return false;
    const answered = await answers(`http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}/health`);
    return answered && this.#child !== undefined;
  }
}

/** Whether there is a good answer within two seconds. Not by `fetch`, whose first call takes as long as all of this together. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: HEALTH_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}
