import type { KVReader, KVStore, Range } from "../store/kv.ts";
import type { ProtoCodec } from "./codec.ts";
import { sdkError } from "./errors.ts";
import { type ChainEvent, createEvent, type EventAttribute } from "./events.ts";
import { isFatal } from "./fatal.ts";
import { FREE_GAS, type GasMeter, KV_GAS } from "./gas.ts";

declare const writable: unique symbol;

/** What every handler may know: nothing ambient, no clock, no randomness. */
export interface ReadCtx {
  /** Height of the block being executed; for queries the committed height that is read; in genesis that of the first block, 0 where it is 1. */
  readonly height: bigint;
  /** Block time in nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: bigint;
  readonly chainId: string;
  /** Charges gas for work that the store does not see. @throws sdk/11 */
  gas(units: bigint, why: string): void;
}

/** The context of messages and block hooks: may write and emit. Only the runtime makes one. */
export interface Ctx extends ReadCtx {
  readonly [writable]: true;
  /** Whether events go anywhere. In the mempool they do not, so that what every transaction says need not be put into words there. */
  readonly isHeard: boolean;
  /** Emits a typed event: its type is the message's full name, its attributes are the fields as JSON (ADR-032 of the Cosmos SDK). */
  emit<M>(event: ProtoCodec<M>, value: M): void;
  /** Emits an untyped event with text attributes, in the order given. */
  event(type: string, attributes: readonly (readonly [key: string, value: string])[]): void;
}

/** Where a context keeps its state; collections reach it through {@link stateOf}, modules cannot. */
export interface CtxState {
  /** Gas-metered store of a module. */
  kv(store: string): KVStore;
  /** The same context without gas. */
  free(): ReadCtx;
  /** The context again with an event list of its own, without a mark on what is emitted again; undefined where nothing can be undone (queries). */
  readonly branch: { readonly savepoints: Savepoints; readonly stores: CtxOptions["stores"]; child(events: ChainEvent[]): Ctx } | undefined;
}

/** Marks in the writes of a block that can be gone back to; they nest. */
export interface Savepoints {
  savepoint(): number;
  /** Undoes the writes since `to`. */
  rollback(to: number): void;
  /** Keeps the writes since `to`. */
  release(to: number): void;
}

const states = Symbol("state");
interface WithState {
  readonly [states]: CtxState;
}

/** Turns a typed event into text attributes, a mark behind them; the runtime derives it from the descriptor image. */
export type EventFormatter = <M>(event: ProtoCodec<M>, value: M, mark?: EventAttribute) => ChainEvent;

/** What the runtime gives to make a context. */
export interface CtxOptions {
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly chainId: string;
  readonly gas: GasMeter;
  /** Unmetered stores: of an overlay, or read-only ones for queries. */
  readonly stores: (name: string) => KVReader | KVStore;
  /** Events are appended here in order; undefined where nobody hears them. */
  readonly events: ChainEvent[] | undefined;
  readonly formatEvent: EventFormatter;
  /** Of the overlay that the stores belong to; left out where nobody undoes a part of the work. */
  readonly savepoints?: Savepoints | undefined;
}

/**
 * Makes a writable context. DETERMINISM: everything in it comes from the block or the committed state.
 * @param events where they go instead: those of one message, of one attempt
 * @param mark last attribute of each of them: which message emitted it
 */
export function createCtx(options: CtxOptions, events = options.events, mark?: EventAttribute): Ctx {
  return new Context(options, events, options.gas, mark) as unknown as Ctx;
}

/** A store of a context, and the one that was opened before it. Not an array: most contexts open two or three, and the first push makes room for 17. */
interface OpenedStore {
  readonly name: string;
  readonly store: KVStore;
  readonly before: OpenedStore | undefined;
}

/** A context and the state behind it. One class and few objects: every transaction makes several. */
class Context implements ReadCtx, CtxState {
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly chainId: string;
  readonly isHeard: boolean;
  readonly #options: CtxOptions;
  readonly #events: ChainEvent[] | undefined;
  readonly #mark: EventAttribute | undefined;
  readonly #gas: GasMeter;
  #opened: OpenedStore | undefined = undefined;

  constructor(options: CtxOptions, events: ChainEvent[] | undefined, gas: GasMeter, mark: EventAttribute | undefined) {
    this.#options = options;
    this.#events = events;
    this.#mark = mark;
    this.#gas = gas;
    this.isHeard = events !== undefined;
    this.height = options.height;
    this.timeNs = options.timeNs;
    this.chainId = options.chainId;
  }

  get [states](): CtxState {
    return this;
  }

  gas(units: bigint, why: string): void {
    this.#gas.consume(units, why);
  }

  emit<M>(event: ProtoCodec<M>, value: M): void {
    this.#events?.push(this.#options.formatEvent(event, value, this.#mark));
  }

  event(type: string, attributes: readonly (readonly [key: string, value: string])[]): void {
    this.#events?.push(createEvent(type, attributes, this.#mark));
  }

  kv(name: string): KVStore {
    for (let at = this.#opened; at !== undefined; at = at.before) if (at.name === name) return at.store;
    const gas = this.#gas;
    const opened = this.#options.stores(name);
    const store = gas === FREE_GAS ? (opened as KVStore) : new MeteredStore(opened, gas);
    this.#opened = { name, store, before: this.#opened };
    return store;
  }

  /** Made without a copy of the options: transactions ask for it. */
  free(): ReadCtx {
    return new Context(this.#options, this.#events, FREE_GAS, this.#mark);
  }

  get branch(): CtxState["branch"] {
    const [options, gas] = [this.#options, this.#gas];
    const { savepoints, stores } = options;
    return savepoints === undefined
      ? undefined
      : { savepoints, stores, child: (events) => new Context(options, events, gas, undefined) as unknown as Ctx };
  }

  /** The context as that of another height. */
  at(height: bigint): Ctx {
    return createCtx({ ...this.#options, height, gas: this.#gas }, this.#events, this.#mark);
  }
}

/** What an attempt came to: a value and the events of the work, or what it threw, with nothing written. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T; readonly events: readonly ChainEvent[] }
  | { readonly ok: false; readonly error: unknown };

/**
 * Does work that may fail without failing what is around it: messages of a proposal, of a grant. A failure undoes the writes of the work and
 * drops its events; gas stays used either way. Events of a success are handed back, not emitted. What must stop the node goes through.
 * @throws sdk/35 in a context that cannot undo (queries)
 */
export function attempt<T>(ctx: Ctx, work: (ctx: Ctx) => T): Attempt<T> {
  const { branch } = stateOf(ctx);
  if (branch === undefined) throw sdkError.logic("a context whose writes can be undone expected");
  const { savepoints, child } = branch;
  const events: ChainEvent[] = [];
  const before = savepoints.savepoint();
  try {
    const value = work(child(events));
    savepoints.release(before);
    return { ok: true, value, events };
  } catch (error) {
    if (isFatal(error)) throw error;
    savepoints.rollback(before);
    return { ok: false, error };
  }
}

/** The context as that of another height, with the same state and events: genesis stands before the first block. */
export function atHeight(ctx: Ctx, height: bigint): Ctx {
  return (ctx as unknown as Context).at(height);
}

/** In genesis: the height of the chain's first block. */
export function firstHeight(ctx: ReadCtx): bigint {
  return ctx.height === 0n ? 1n : ctx.height;
}

/**
 * The context without gas: for checks of rules that chains did not have when their gas was recorded, and for writing what a block put off.
 * CONTRACT: the work is small and bounded, since nobody pays for it.
 */
export function withoutGas<C extends ReadCtx>(ctx: C): C {
  return stateOf(ctx).free() as C;
}

/** The state behind a context. For collections only. */
export function stateOf(ctx: ReadCtx): CtxState {
  return (ctx as unknown as WithState)[states];
}

const [READ_FLAT, READ_PER_BYTE, HAS] = [Number(KV_GAS.readFlat), Number(KV_GAS.readPerByte), Number(KV_GAS.has)];
const [WRITE_FLAT, WRITE_PER_BYTE, DELETE] = [Number(KV_GAS.writeFlat), Number(KV_GAS.writePerByte), Number(KV_GAS.delete)];
const ITER_NEXT = Number(KV_GAS.iterNext);

/** A store whose accesses are paid for. */
class MeteredStore implements KVStore {
  readonly #store: KVReader | KVStore;
  readonly #gas: GasMeter;

  constructor(store: KVReader | KVStore, gas: GasMeter) {
    this.#store = store;
    this.#gas = gas;
  }

  get(key: Uint8Array, text?: string): Uint8Array | undefined {
    const gas = this.#gas;
    gas.count(READ_FLAT, "ReadFlat");
    const value = this.#store.get(key, text);
    gas.count(READ_PER_BYTE * (key.length + (value?.length ?? 0)), "ReadPerByte");
    return value;
  }

  has(key: Uint8Array, text?: string): boolean {
    this.#gas.count(HAS, "Has");
    return this.#store.has(key, text);
  }

  set(key: Uint8Array, value: Uint8Array, text?: string): void {
    const gas = this.#gas;
    gas.count(WRITE_FLAT, "WriteFlat");
    gas.count(WRITE_PER_BYTE * (key.length + value.length), "WritePerByte");
    (this.#store as KVStore).set(key, value, text);
  }

  delete(key: Uint8Array): void {
    this.#gas.count(DELETE, "Delete");
    (this.#store as KVStore).delete(key);
  }

  iterate(range?: Range): IterableIterator<readonly [Uint8Array, Uint8Array]> {
    return meteredIterate(this.#store, this.#gas, range);
  }
}

function* meteredIterate(store: KVReader, gas: GasMeter, range?: Range): IterableIterator<readonly [Uint8Array, Uint8Array]> {
  for (const entry of store.iterate(range)) {
    gas.count(READ_PER_BYTE * (entry[0].length + entry[1].length), "ValuePerByte");
    gas.count(ITER_NEXT, "IterNextFlat");
    yield entry;
  }
}
