import { concatBytes } from "../encoding/bytes.ts";
import { formatKeyText } from "../store/keyText.ts";
import type { Range } from "../store/kv.ts";
import type { StoredRows } from "../store/sharedStore.ts";
import type { StoredQuestion, StoredRow } from "./queryMessages.ts";

/** Rows of one question. */
const PAGE = 256;
/** Rows that are known without a question at most: as many as the heights that a node keeps, and some. */
const KNOWN = 1024;

interface Waiting {
  readonly done: (found: readonly StoredRow[]) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Index rows and block answers, asked of the thread that has the storage open. Rows are read a page at a time: unlike there, a walk may see rows
 * that were written after it began.
 */
export class StoredRowsPort implements StoredRows {
  readonly #ask: (id: number, question: StoredQuestion) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #known = new Map<string, Uint8Array>();
  #lastId = 0;

  /** @param ask sends a question; its answer comes to {@link answer} */
  constructor(ask: (id: number, question: StoredQuestion) => void) {
    this.#ask = ask;
  }

  /** Remembers rows that never change. */
  know(rows: readonly StoredRow[]): void {
    for (const [key, value] of rows) this.#known.set(formatKeyText(key), value);
    for (const name of this.#known.keys()) {
      if (this.#known.size <= KNOWN) break;
      this.#known.delete(name);
    }
  }

  /** Takes the answer to a question. */
  answer({ id, found, failed }: { readonly id: number; readonly found: readonly StoredRow[]; readonly failed?: string }): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failed === undefined) waiting?.done(found);
    else waiting?.fail(new Error(failed));
  }

  async response(version: bigint): Promise<Uint8Array | undefined> {
    const [row] = await this.#question({ what: "response", version });
    return row?.[1];
  }

  async row(key: Uint8Array): Promise<Uint8Array | undefined> {
    const known = this.#known.get(formatKeyText(key));
    if (known !== undefined) return known;
    const [row] = await this.#question({ what: "row", key });
    return row?.[1];
  }

  async *rows(range: Range): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
    let rest = range;
    for (;;) {
      const page = await this.#question({ what: "rows", range: rest, limit: PAGE });
      yield* page;
      const last = page.at(-1)?.[0];
      if (last === undefined || page.length < PAGE) return;
      // The next key up is the last one and a zero byte; downwards the end is exclusive already.
      rest = range.reverse === true ? { ...range, end: last } : { ...range, start: concatBytes(last, Uint8Array.of(0)) };
    }
  }

  #question(question: StoredQuestion): Promise<readonly StoredRow[]> {
    return new Promise((done, fail) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { done, fail });
      this.#ask(this.#lastId, question);
    });
  }
}
