import { concatBytes, equalBytes, partOf } from "../encoding/bytes.ts";
import { formatKeyText } from "../store/keyText.ts";
import type { Change, ChangeSet, KVStore, Range } from "../store/kv.ts";
import { type ProtoCodec, type ValueCodec, value } from "./codec.ts";
import { type Ctx, type ReadCtx, stateOf } from "./ctx.ts";
import { derived } from "./derived.ts";
import { sdkError } from "./errors.ts";
import type { KeyCodec, KeyEnv } from "./key.ts";
import { keysOf } from "./storeKeys.ts";
import type { ValuePlace } from "./valuePlace.ts";

/** A protobuf message type or one of the codecs of `value`. */
export type AnyValue<V> = ProtoCodec<V> | ValueCodec<V>;

/** Secondary indexes by name: prefix byte, key codec, and how the key is read off the value. The map keeps them in step. */
export type Indexes<V, I> = { readonly [N in keyof I]: readonly [prefix: number, key: KeyCodec<I[N]>, of: (v: V) => NoInfer<I[N]>] };

export interface MapDef<K, V, I> {
  readonly kind: "map";
  readonly prefix: number;
  readonly key: KeyCodec<K>;
  readonly value: AnyValue<V>;
  readonly index: Indexes<V, I>;
}

export interface ItemDef<V> {
  readonly kind: "item";
  readonly prefix: number;
  readonly value: AnyValue<V>;
  readonly initial: V | undefined;
}

/** Any collection, its types forgotten. The methods of codecs are bivariant, so every concrete definition is assignable. */
export type CollDef = MapDef<never, never, never> | ItemDef<never> | MapDef<unknown, unknown, object> | ItemDef<unknown>;

/** Where an iteration begins, and which way it goes. */
export interface EntryRange<K> {
  /** First key, inclusive (last one when reversed, inclusive). */
  readonly from?: K;
  /** The entries end before this key; it and what follows are not read, nor decoded. Refused of a reversed range. */
  readonly before?: K;
  readonly reverse?: boolean;
}

/** First part of a composite key; of a triple also the first two. */
export type FirstPart<K> = K extends readonly [infer A, infer B, unknown]
  ? A | readonly [A, B]
  : K extends readonly [infer A, ...unknown[]]
    ? A
    : never;

/** A map in state. Reads charge gas; iteration is in the order of key bytes. */
export interface BoundMap<K, V, I> {
  /** @throws sdk/38 not found */
  get(ctx: ReadCtx, k: K): V;
  /** @param place where the reader keeps what it reads again and again, in a map of {@link latest} values */
  find(ctx: ReadCtx, k: K, place?: ValuePlace<V>): V | undefined;
  has(ctx: ReadCtx, k: K): boolean;
  /** The bytes of a value as they are stored. */
  stored(ctx: ReadCtx, k: K): Uint8Array | undefined;
  set(ctx: Ctx, k: K, v: V): void;
  delete(ctx: Ctx, k: K): void;
  entries(ctx: ReadCtx, range?: EntryRange<K>): Iterable<readonly [K, V]>;
  /**
   * The first key, undefined without entries. It is remembered for as long as no entry changes: of a queue in the order of time it tells every block
   * whether something is due, without a walk.
   */
  first(ctx: ReadCtx): K | undefined;
  /** All keys, remembered in the same way: of small collections that blocks walk over. */
  keys(ctx: ReadCtx): readonly K[];
  /** Entries whose key begins with the given first part. */
  under(ctx: ReadCtx, first: FirstPart<K>, range?: EntryRange<K>): Iterable<readonly [K, V]>;
  /** Entries by secondary index: those whose index key equals `key`, in the order of their primary keys. */
  readonly by: { readonly [N in keyof I]: (ctx: ReadCtx, key: I[N]) => Iterable<readonly [K, V]> };
  /**
   * A number that stands for all entries: where it is found again, the entries are the same ones, so that what was worked out of them still holds.
   * Undefined where reads cost gas: there they must be made.
   */
  stamp(ctx: ReadCtx): number | undefined;
  /** Raw access for pagination: entries after the raw key (the part behind the collection's prefix). */
  raw(ctx: ReadCtx, options: RawRange<K>): Iterable<readonly [rawKey: Uint8Array, key: K, value: V]>;
  /** The entries of this map that a block set or, without a value, removed; with the raw key as text (`formatKeyText`). */
  changed(changes: ChangeSet): readonly (readonly [rawText: string, key: K, value: V | undefined])[];
}

/** A raw range of a map: everything under `first`, from the raw key `from` on; raw keys are what follows the scanned prefix. */
export interface RawRange<K> {
  readonly first?: FirstPart<K>;
  readonly from?: Uint8Array;
  /** Exclusive; refused of a reversed range. */
  readonly before?: Uint8Array;
  readonly reverse?: boolean;
}

/** A single value in state. */
export interface BoundItem<V> {
  /** The value, or the initial one of its declaration. @throws sdk/38 when there is neither */
  get(ctx: ReadCtx): V;
  find(ctx: ReadCtx): V | undefined;
  set(ctx: Ctx, v: V): void;
  /** As that of a map. */
  stamp(ctx: ReadCtx): number | undefined;
}

/** What a declaration's `state` becomes for handlers. */
export type BoundState<S> = {
  readonly [N in keyof S]: S[N] extends MapDef<infer K, infer V, infer I>
    ? BoundMap<K, V, I>
    : S[N] extends ItemDef<infer V>
      ? BoundItem<V>
      : never;
};

/** Declares collections. Prefixes are one byte, unique in the module; 0 belongs to `params`. */
export const coll = {
  map: <K, V, I = {}>(
    prefix: number,
    key: KeyCodec<K>,
    type: AnyValue<V>,
    index: Indexes<V, I> = {} as Indexes<V, I>,
  ): MapDef<K, V, I> => ({ kind: "map", prefix, key, value: type, index }),
  item: <V>(prefix: number, type: AnyValue<V>, initial?: V): ItemDef<V> => ({ kind: "item", prefix, value: type, initial }),
};

/** The value codec behind either kind of declaration. */
export function valueCodec<V>(type: AnyValue<V>): ValueCodec<V> {
  return "fromPartial" in type ? value.proto(type) : type;
}

/** Binds a map to a module's store. */
export function bindMap<K, V, I>(store: string, env: KeyEnv, name: string, def: MapDef<K, V, I>): BoundMap<K, V, I> {
  const codec = valueCodec(def.value);
  const scanned = (bytes: Uint8Array): V => (codec.scan === undefined ? codec.decode(bytes) : codec.scan(bytes));
  const prefix = Uint8Array.of(def.prefix);
  const whole = { start: prefix, end: prefixEnd(prefix) };
  const kv = (ctx: ReadCtx): KVStore => stateOf(ctx).kv(store);
  const stamp = (ctx: ReadCtx): number | undefined => kv(ctx).stamp?.(def.prefix);
  function* keysIn(ctx: ReadCtx): Iterable<K> {
    for (const [bytes] of kv(ctx).iterate(whole)) yield def.key.decode(partOf(bytes, 1), env);
  }
  const keyOf = keysOf(def, env);
  const rawKey = (k: K): Uint8Array => keyOf(k).bytes;
  const indexes = bindIndexes(def, env);
  const find = (ctx: ReadCtx, k: K, place?: ValuePlace<V>): V | undefined => {
    const at = keyOf(k, place);
    const bytes = kv(ctx).get(at.bytes, at.text);
    return bytes === undefined ? undefined : codec.decode(bytes, place);
  };
  const scanPrefix = (first: FirstPart<K> | undefined): Uint8Array =>
    first === undefined ? prefix : concatBytes(prefix, firstPartOf(def.key, first, env));
  function* raw(ctx: ReadCtx, { first, from, before, reverse }: RawRange<K>): Iterable<readonly [Uint8Array, K, V]> {
    const under = scanPrefix(first);
    const within = (key: Uint8Array | undefined): Uint8Array | undefined => (key === undefined ? undefined : concatBytes(under, key));
    for (const [bytes, data] of kv(ctx).iterate(rangeOf(name, under, within(from), within(before), reverse)))
      yield [partOf(bytes, under.length), def.key.decode(partOf(bytes, 1), env), scanned(data)];
  }
  function* scan(ctx: ReadCtx, first: FirstPart<K> | undefined, { from, before, reverse }: EntryRange<K>): Iterable<readonly [K, V]> {
    const under = scanPrefix(first);
    const within = (k: K | undefined): Uint8Array | undefined =>
      k === undefined ? undefined : concatBytes(under, rawKey(k).subarray(under.length));
    for (const [bytes, data] of kv(ctx).iterate(rangeOf(name, under, within(from), within(before), reverse)))
      yield [def.key.decode(partOf(bytes, 1), env), scanned(data)];
  }
  return {
    get(ctx, k) {
      const v = find(ctx, k);
      if (v === undefined) throw sdkError.notFound(`${name} has no entry ${JSON.stringify(def.key.toJson(k))}`);
      return v;
    },
    find,
    has(ctx, k) {
      const at = keyOf(k);
      return kv(ctx).has(at.bytes, at.text);
    },
    stored: (ctx, k) => kv(ctx).get(rawKey(k)),
    set(ctx, k, v) {
      const at = keyOf(k);
      if (indexes.length > 0) moveIndexes(kv(ctx), indexes, def.key.encode(k, env), find(ctx, k), v);
      kv(ctx).set(at.bytes, codec.encode(v), at.text);
    },
    delete(ctx, k) {
      if (indexes.length > 0) moveIndexes(kv(ctx), indexes, def.key.encode(k, env), find(ctx, k), undefined);
      kv(ctx).delete(rawKey(k));
    },
    entries: (ctx, range = {}) => scan(ctx, undefined, range),
    first: derived([{ stamp }], (ctx) => firstOf(keysIn(ctx))),
    keys: derived([{ stamp }], (ctx) => [...keysIn(ctx)]),
    under: (ctx, first, range = {}) => scan(ctx, first, range),
    by: bindLookups(def, env, kv, find),
    stamp,
    raw,
    changed: createChanged(store, def, (raw) => def.key.decode(raw, env), scanned),
  };
}

/**
 * The range of a store for what stands under a prefix.
 * @param from first key, with its prefix; the last one when reversed, inclusive both
 * @throws sdk/35 for a reversed range that ends before a key
 */
function rangeOf(name: string, under: Uint8Array, from?: Uint8Array, before?: Uint8Array, reverse?: boolean): Range {
  if (!reverse) return { start: from ?? under, end: before ?? prefixEnd(under) };
  if (before !== undefined) throw sdkError.logic(`${name}: expected a reversed range without an end, got one that ends before a key`);
  return { start: under, end: from === undefined ? prefixEnd(under) : concatBytes(from, ZERO), reverse };
}

function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

/** Reads a block's changes of a map once, however many rules look at them. */
function createChanged<K, V, I>(
  store: string,
  { prefix }: MapDef<K, V, I>,
  keyOf: (raw: Uint8Array) => K,
  readValue: (bytes: Uint8Array) => V,
): BoundMap<K, V, I>["changed"] {
  let last: ChangeSet | undefined;
  let rows: readonly (readonly [string, K, V | undefined])[] = [];
  return (changes) => {
    if (changes === last) return rows;
    last = changes;
    rows = underPrefix(changes.get(store) ?? [], prefix).map(([bytes, data]) => [
      formatKeyText(bytes, 1),
      keyOf(partOf(bytes, 1)),
      data === undefined ? undefined : readValue(data),
    ]);
    return rows;
  };
}

/** Binds a single value to a module's store. */
export function bindItem<V>(store: string, name: string, def: ItemDef<V>): BoundItem<V> {
  const codec = valueCodec(def.value);
  const at = Uint8Array.of(def.prefix);
  const text = formatKeyText(at);
  const find = (ctx: ReadCtx): V | undefined => {
    const bytes = stateOf(ctx).kv(store).get(at, text);
    return bytes === undefined ? undefined : codec.decode(bytes);
  };
  return {
    find,
    get(ctx) {
      const v = find(ctx) ?? def.initial;
      if (v === undefined) throw sdkError.notFound(`${name} is not set`);
      return v;
    },
    set: (ctx, v) => stateOf(ctx).kv(store).set(at, codec.encode(v), text),
    stamp: (ctx) => stateOf(ctx).kv(store).stamp?.(def.prefix),
  };
}

const ZERO = Uint8Array.of(0);
/** Value of index rows: the tree refuses empty values. */
const PRESENT = Uint8Array.of(1);

interface BoundIndex<V> {
  /** Index row of a value: prefix, index key, primary key. */
  row(v: V, primary: Uint8Array): Uint8Array;
}

function bindIndexes<K, V, I>(def: MapDef<K, V, I>, env: KeyEnv): BoundIndex<V>[] {
  const rows = Object.values(def.index) as (readonly [number, KeyCodec<unknown>, (v: V) => unknown])[];
  return rows.map(([prefix, codec, of]) => ({
    row: (v, primary) => concatBytes(Uint8Array.of(prefix), codec.encodePart(of(v), env), primary),
  }));
}

/** INVARIANT: every index has exactly one row for every entry of the map. */
function moveIndexes<V>(
  store: KVStore,
  indexes: readonly BoundIndex<V>[],
  primary: Uint8Array,
  before: V | undefined,
  after: V | undefined,
): void {
  for (const index of indexes) {
    const old = before === undefined ? undefined : index.row(before, primary);
    const next = after === undefined ? undefined : index.row(after, primary);
    if (old !== undefined && next !== undefined && equalBytes(old, next)) continue;
    if (old !== undefined) store.delete(old);
    if (next !== undefined) store.set(next, PRESENT);
  }
}

function bindLookups<K, V, I>(
  def: MapDef<K, V, I>,
  env: KeyEnv,
  kv: (ctx: ReadCtx) => KVStore,
  find: (ctx: ReadCtx, k: K) => V | undefined,
): BoundMap<K, V, I>["by"] {
  const by: Record<string, (ctx: ReadCtx, at: unknown) => Iterable<readonly [K, V]>> = {};
  for (const [name, row] of Object.entries(def.index)) {
    const [prefix, codec] = row as readonly [number, KeyCodec<unknown>];
    by[name] = function* (ctx, at) {
      const start = concatBytes(Uint8Array.of(prefix), codec.encodePart(at, env));
      for (const [bytes] of kv(ctx).iterate({ start, end: prefixEnd(start) })) {
        const k = def.key.decode(partOf(bytes, start.length), env);
        const v = find(ctx, k);
        if (v !== undefined) yield [k, v];
      }
    };
  }
  return by as BoundMap<K, V, I>["by"];
}

/** Of sorted changes those of the keys that begin with a byte. */
function underPrefix(changes: readonly Change[], prefix: number): readonly Change[] {
  const firstFrom = (byte: number): number => {
    let [low, high] = [0, changes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle]?.[0][0] ?? 0) < byte) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return changes.slice(firstFrom(prefix), firstFrom(prefix + 1));
}

/** The self-delimiting bytes of a composite key's first part. */
function firstPartOf<K>(codec: KeyCodec<K>, first: FirstPart<K>, env: KeyEnv): Uint8Array {
  if (codec.encodeFirst === undefined) throw sdkError.logic("only composite keys have a first part");
  return codec.encodeFirst(first, env);
}

/** The least byte string above everything that begins with `prefix`; `prefix` must not be all 0xff (declared prefixes are below it). */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  for (let i = end.length - 1; i >= 0; i--) {
    const byte = end[i] ?? 0;
    if (byte < 0xff) {
      end[i] = byte + 1;
      return i + 1 === end.length ? end : end.slice(0, i + 1);
    }
  }
  throw sdkError.logic("a prefix below 0xff… expected");
}
