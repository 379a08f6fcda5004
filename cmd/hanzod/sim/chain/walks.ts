import type { BoundMap, ReadCtx } from "../../../../app/sdk/index.ts";
import { formatKeyText } from "../../../../app/store/keyText.ts";
import type { ChangeSet } from "../../../../app/store/kv.ts";

type Rows = Pick<BoundMap<unknown, unknown, object>, "raw" | "changed">;
type Entry = readonly [key: unknown, value: unknown];

/** Whole collections that operations draw from: each is read once, and kept by what blocks change. */
export class Walks {
  readonly #kept = new Map<string, KeptRows>();

  /** A block was committed. CONTRACT: told of every block, in order. */
  follow(changes: ChangeSet): void {
    for (const kept of this.#kept.values()) kept.follow(changes);
  }

  /** A collection as it is in the state after the last block. @param name unique among collections @param ctx that state */
  of(name: string, rows: Rows, ctx: ReadCtx): KeptRows {
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      kept = new KeptRows(rows, ctx);
      this.#kept.set(name, kept);
    }
    return kept;
  }
}

/** A collection's entries in the order of their keys. */
export class KeptRows {
  readonly #rows: Rows;
  /** By raw key as text, in its order as long as `#sorted`. */
  #entries = new Map<string, Entry>();
  #sorted = true;
  #last = "";
  #list: readonly Entry[] | undefined;
  #values: readonly unknown[] | undefined;

  constructor(rows: Rows, ctx: ReadCtx) {
    this.#rows = rows;
    for (const [raw, key, value] of rows.raw(ctx, {})) this.#set(formatKeyText(raw), [key, value]);
  }

  follow(changes: ChangeSet): void {
    for (const [text, key, value] of this.#rows.changed(changes)) {
      if (value === undefined) this.#entries.delete(text);
      else this.#set(text, [key, value]);
      this.#list = undefined;
      this.#values = undefined;
    }
  }

  entries(): readonly Entry[] {
    if (!this.#sorted) {
      this.#entries = new Map([...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)));
      this.#sorted = true;
    }
    this.#list ??= [...this.#entries.values()];
    return this.#list;
  }

  keys(): readonly unknown[] {
    return this.entries().map(([key]) => key);
  }

  values(): readonly unknown[] {
    this.#values ??= this.entries().map(([, value]) => value);
    return this.#values;
  }

  #set(text: string, entry: Entry): void {
    // Numbers of what is new grow in most collections: it stands behind all others.
    if (text > this.#last) this.#last = text;
    else if (!this.#entries.has(text)) this.#sorted = false;
    this.#entries.set(text, entry);
  }
}
