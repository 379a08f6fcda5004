import type { Output } from "./output.ts";

/** Shows how far a long piece of work is. */
export interface Progress {
  /** @param done of all */
  at(done: number): void;
  /** Removes the bar. */
  end(): void;
}

const WIDTH = 24;
/** Milliseconds between two looks. */
const EVERY_MS = 100;

/**
 * A bar on standard error, for people at a terminal; nothing with `--json`, in a pipe, or for work that is done at once.
 * @param what is counted, such as "shards" @param all of them
 */
export function showProgress({ json }: Pick<Output, "json">, what: string, all: number): Progress {
  if (json || !process.stderr.isTTY) return { at() {}, end() {} };
  let shown = performance.now();
  let drawn = false;
  return {
    at(done) {
      const now = performance.now();
      if (now - shown < EVERY_MS) return;
      shown = now;
      drawn = true;
      process.stderr.write(`\r${progressLine(what, done, all)}`);
    },
    end() {
      if (drawn) process.stderr.write(`\r${" ".repeat(progressLine(what, all, all).length)}\r`);
    },
  };
}

/** `[######------] 3 of 6 shards`. */
export function progressLine(what: string, done: number, all: number): string {
  const filled = all === 0 ? WIDTH : Math.floor((Math.min(done, all) * WIDTH) / all);
  return `[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${done} of ${all} ${what}`;
}
