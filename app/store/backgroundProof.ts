// The proof behind a start: a checkpoint whose nodes came with their hashes is hashed again while the chain goes on. Until it has ended each node that a
// block uses is hashed before, and no other checkpoint is written, so that the one before and the log behind it stay.

import { access, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { CheckpointEntry } from "./checkpoint.ts";
import { proveCheckpoint } from "./checkpointProof.ts";
import type { FailpointHook } from "./failpoint.ts";
import type { Forest } from "./forest.ts";
import { StoreError, storeErrors } from "./storeError.ts";

/** Milliseconds. */
const defaultDelayMs = 5000;
/** Milliseconds after which a file that could not be read is tried again. */
const retryMs = 60_000;
/** Size of a checkpoint, in bytes. */
const defaultFrom = 8 << 20;
/** Errors of a file that was read and is not what it should be. */
const refuting: ReadonlySet<number> = new Set(
  [storeErrors.corruptRecord, storeErrors.wrongRoot, storeErrors.badNodes].map(([code]) => code),
);
/** The file that a checkpoint becomes when it is refuted; there is one at most. */
export const refutedName = "refuted";

/** How a state is proven behind its start. */
export interface ProofBehind {
  /** Size of a checkpoint, in bytes, from which on it is: a smaller one is hashed in less than a tenth of a second. Default 8 MiB. */
  readonly fromBytes?: number;
  /** Milliseconds between the start and the proof: blocks that were missed go first. Default 5,000. */
  readonly delayMs?: number;
  /** Told that the checkpoint is wrong. The store takes no block any more; the next start goes on from the checkpoint before. */
  readonly refuted: (error: StoreError) => void;
}

/** What is proven, and who is told. */
export interface ProofSettings {
  readonly entry: CheckpointEntry;
  /** The state that was made of it. */
  readonly forest: Pick<Forest, "doubt" | "trust">;
  /** Milliseconds until it begins; left out, a few thousand. */
  readonly delayMs?: number;
  readonly reach: FailpointHook;
  /** Takes no block any more, for that reason. What was committed since the start stays: nothing of it rests on a wrong node. */
  readonly refuse: (error: StoreError) => void;
  /** Told once that the checkpoint is wrong. */
  readonly refuted: (error: StoreError) => void;
  /** Told of every failure to read the file; it is tried again. */
  readonly fail: (cause: unknown) => void;
}

/**
 * From which size on a checkpoint of a folder is proven behind the start; infinite when none is. After one was refuted all are proven first.
 */
export async function smallestUnproven(folder: string, behind: ProofBehind | undefined): Promise<number> {
  if (behind === undefined || (await exists(join(folder, refutedName)))) return Number.POSITIVE_INFINITY;
  return behind.fromBytes ?? defaultFrom;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The proof of one checkpoint. */
export class BackgroundProof {
  readonly #settings: ProofSettings;
  readonly #closing = new AbortController();
  readonly #hurry = new AbortController();
  readonly #ended: Promise<boolean>;
  /** Ends when what is wrong is set aside. */
  #refutation: Promise<void> | undefined;

  constructor(settings: ProofSettings) {
    this.#settings = settings;
    const { forest, entry } = settings;
    forest.doubt(`${entry.path}, height ${entry.version}`, (error) => this.#refute(error));
    this.#ended = this.#run();
  }

  /** Resolves at the end: whether the checkpoint is proven; false when it is refuted or the proof was given up. */
  get ended(): Promise<boolean> {
    return this.#ended;
  }

  /** Begins now. @returns {@link ended} */
  finish(): Promise<boolean> {
    this.#hurry.abort();
    return this.#ended;
  }

  /** Gives up; the next start begins again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #run(): Promise<boolean> {
    const isProven = await this.#prove();
    await this.#refutation;
    if (isProven) this.#settings.forest.trust();
    return isProven;
  }

  async #prove(): Promise<boolean> {
    const { entry, delayMs = defaultDelayMs, reach, fail } = this.#settings;
    for (let waitMs = delayMs; ; waitMs = retryMs) {
      await this.#pause(waitMs);
      if (this.#closing.signal.aborted) return false;
      try {
        reach("beforeProof");
        for (const _ of proveCheckpoint(entry)) {
          await nextTurn();
          if (this.#closing.signal.aborted) return false;
        }
        reach("afterProof");
        return true;
      } catch (cause) {
        if (cause instanceof StoreError && refuting.has(cause.code)) {
          this.#refute(cause);
          return false;
        }
        fail(cause);
        if (this.#hurry.signal.aborted) return false;
      }
    }
  }

  /** Tells of it at once: a block that comes meanwhile is refused, and whoever stops for that is to know why. */
  #refute(cause: StoreError): void {
    if (this.#refutation !== undefined) return;
    const { entry, refuse, refuted, fail } = this.#settings;
    refuse(cause);
    refuted(cause);
    this.#refutation = rename(entry.path, join(dirname(entry.path), refutedName)).catch(fail);
    this.#closing.abort();
  }

  /** Waits until the proof is due. Nobody waits for the process because of it. */
  async #pause(waitMs: number): Promise<void> {
    const signal = AbortSignal.any([this.#closing.signal, this.#hurry.signal]);
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
