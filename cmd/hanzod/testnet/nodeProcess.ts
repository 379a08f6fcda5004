import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { TestnetNode } from "./createTestnet.ts";

/** The program's entry: this file runs from dist/cmd/hanzod/testnet. */
const MAIN = resolve(import.meta.dirname, "../main.js");
const LAST_LINES = 20;

/** A node of the network as a child process. */
export interface NodeProcess {
  readonly node: TestnetNode;
  /** Resolves when the process has ended, with how. */
  readonly exited: Promise<string>;
  readonly running: boolean;
  /** What it said last on its standard error. */
  readonly lastLines: readonly string[];
  /** Asks it to stop; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a node. It has a process group of its own: Ctrl-C in the terminal reaches the parent alone, which stops all in order. */
export function startNodeProcess(node: TestnetNode): NodeProcess {
  const child = spawn(process.execPath, [MAIN, "start", "--quiet", "--home", node.home.root], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lastLines: string[] = [];
  const running = { value: true };
  createInterface({ input: child.stderr }).on("line", (line) => {
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
  });
  const exited = exitOf(child).then((how) => {
    running.value = false;
    return how;
  });
  return {
    node,
    exited,
    lastLines,
    get running() {
      return running.value;
    },
    async stop() {
      if (running.value) child.kill("SIGTERM");
      await exited;
    },
  };
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once("error", (error) => done(error.message));
    child.once("exit", (code, signal) => done(signal ?? `code ${code ?? "?"}`));
  });
}
