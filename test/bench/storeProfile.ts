// Where the time of a commit goes: the clocks of a store on disk, and those of a tree on its own, whose phases nobody outside of it sees.
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Failpoint, FailpointHook } from "../../app/store/failpoint.ts";
import type { HashKernel } from "../../app/store/hash.ts";
import type { Change } from "../../app/store/kv.ts";
import { chooseHashKernel } from "../../app/store/simdHashKernel.ts";
import { createTree, type Tree } from "../../app/store/tree.ts";
import { medianOf, millisecondsSince } from "./latencies.ts";

/** Medians of single steps, in milliseconds, by name. */
export type Split = Readonly<Record<string, number>>;

/** Collects times by name. */
class Times {
  readonly #lists = new Map<string, number[]>();

  add(name: string, value: number): void {
    const list = this.#lists.get(name);
    if (list === undefined) this.#lists.set(name, [value]);
    else list.push(value);
  }

  medians(): Split {
    return Object.fromEntries(Array.from(this.#lists, ([name, list]) => [name, Number(medianOf(list).toFixed(3))]));
  }
}

const steps: readonly (readonly [name: string, from: Failpoint, to: Failpoint])[] = [
  ["applyMs", "beforeApply", "afterApply"],
  ["encodeRecordMs", "beforeRecord", "beforeBatch"],
  ["writeBatchMs", "beforeBatch", "afterBatch"],
  ["publishMs", "afterBatch", "afterCommit"],
];

/** The steps of a commit, from the moments that the store tells of. */
export class CommitClock {
  readonly #moments = new Map<Failpoint, bigint>();
  #times = new Times();

  /** To be given to the store. */
  readonly hook: FailpointHook = (name) => {
    this.#moments.set(name, process.hrtime.bigint());
  };

  /** Takes the steps of one commit. CONTRACT: called in the turn of the event loop in which the commit resolves. */
  take(): void {
    for (const [name, from, to] of steps) this.#times.add(name, this.#between(from, this.#moments.get(to) ?? 0n));
    this.#times.add("afterwardsMs", this.#between("afterCommit", process.hrtime.bigint()));
  }

  /** Medians since the last call. */
  medians(): Split {
    const medians = this.#times.medians();
    this.#times = new Times();
    return medians;
  }

  #between(from: Failpoint, to: bigint): number {
    return Number(to - (this.#moments.get(from) ?? to)) / 1e6;
  }
}

/** A tree whose kernel tells when it works: what is before its first batch changes nodes, what is between batches lays out messages. */
export class ClockedTree {
  readonly #tree: Tree;
  #times = new Times();
  #first: bigint | undefined;
  #kernelMs = 0;
  #hashes = 0;

  constructor() {
    const { kernel } = chooseHashKernel();
    const clocked: HashKernel = {
      hashBatch: (input, ends, count, output) => {
        const started = process.hrtime.bigint();
        this.#first ??= started;
        kernel.hashBatch(input, ends, count, output);
        this.#kernelMs += millisecondsSince(started);
        this.#hashes += count;
      },
    };
    this.#tree = createTree({ kernel: clocked });
  }

  /** Builds and commits the next version, keeping 128. */
  commit(changes: readonly Change[]): void {
    this.#first = undefined;
    this.#kernelMs = 0;
    this.#hashes = 0;
    const started = process.hrtime.bigint();
    this.#tree.apply(this.#tree.version + 1n, changes);
    const applyMs = millisecondsSince(started);
    const first = this.#first ?? started;
    const changeMs = Number(first - started) / 1e6;
    this.#times.add("changeNodesMs", changeMs);
    this.#times.add("layOutMessagesMs", applyMs - changeMs - this.#kernelMs);
    this.#times.add("hashMs", this.#kernelMs);
    this.#times.add("hashes", this.#hashes);
    const applied = process.hrtime.bigint();
    this.#tree.commit();
    this.#tree.prune(this.#tree.version - 127n);
    this.#times.add("commitAndPruneMs", millisecondsSince(applied));
  }

  /** Times a read of each key from the latest version. @returns microseconds per read */
  readMicros(keys: readonly Uint8Array[]): number {
    const reader = this.#tree.reader(this.#tree.version);
    const started = process.hrtime.bigint();
    for (const key of keys) reader.get(key);
    return Number(((millisecondsSince(started) * 1000) / keys.length).toFixed(2));
  }

  /** Medians since the last call. */
  medians(): Split {
    const medians = this.#times.medians();
    this.#times = new Times();
    return medians;
  }
}

/** What the disk allows: the median time to append `bytes` to a file and sync it, in milliseconds. */
export function timeSync(folder: string, bytes: number, rounds: number): number {
  const path = join(folder, "sync");
  const file = openSync(path, "w");
  const times: number[] = [];
  const data = new Uint8Array(bytes).fill(1);
  for (let round = 0; round < rounds; round++) {
    const started = process.hrtime.bigint();
    writeSync(file, data);
    fsyncSync(file);
    times.push(millisecondsSince(started));
  }
  closeSync(file);
  rmSync(path);
  return Number(medianOf(times).toFixed(3));
}
