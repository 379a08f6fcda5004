// What collections remember between reads, transactions, blocks and stores can only save time: they answer as plain maps that remember nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Ctx,
  coll,
  createAddressCodec,
  createCtx,
  createGasMeter,
  derived,
  FREE_GAS,
  type GasMeter,
  key,
  memoized,
  type ValueCodec,
  value,
} from "#sdk";
import { bindItem, bindMap } from "../../../app/sdk/collections.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import type { KVReader, Overlay } from "../../../app/store/kv.ts";
import { fc } from "../../harness/fastCheck.ts";

/** A value with parts; its letters make it too large to be remembered, or not. */
interface Note {
  count: number;
  readonly parts: { group: number; readonly letters: string };
}

const note: ValueCodec<Note> = {
  encode: (v) => new TextEncoder().encode(JSON.stringify(v)),
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Note,
  json: { proto: "test.Note" },
};

const STORE = "notes";
const NAMES = ["a", "name", "names"];
const NUMBERS = [0n, 1n, 256n];
const GROUPS = [0, 1];

/** Collections of every kind of key and value; two of them have the same keys. */
function bindNotes() {
  const env = { address: createAddressCodec("test") };
  const pair = key.pair(key.string, key.uint64);
  const named = bindMap(
    STORE,
    env,
    "named",
    coll.map(1, key.string, memoized(note), { byGroup: [2, key.uint64, (v) => BigInt(v.parts.group)] }),
  );
  const placed = bindMap(STORE, env, "placed", coll.map(3, pair, memoized(note)));
  const counted = bindMap(STORE, env, "counted", coll.map(4, pair, value.int));
  const last = bindItem(STORE, "last", coll.item(5, memoized(note)));
  const sum = derived([named, placed, counted, last], (ctx) => {
    const counts = [...named.entries(ctx), ...placed.entries(ctx)].map(([, v]) => BigInt(v.count));
    const numbers = [...counted.entries(ctx)].map(([, v]) => v);
    return [...counts, ...numbers, BigInt(last.find(ctx)?.count ?? 0)].reduce((total, n) => total + n, 0n);
  });
  return { named, placed, counted, last, sum };
}

type Place = readonly [string, bigint];

/** The same state in maps that are copied. */
class Model {
  readonly named = new Map<string, Note>();
  readonly placed = new Map<string, Note>();
  readonly counted = new Map<string, bigint>();
  last: Note | undefined;

  copy(): Model {
    const model = new Model();
    for (const kind of ["named", "placed", "counted"] as const)
      for (const [k, v] of this[kind]) (model[kind] as Map<string, unknown>).set(k, v);
    model.last = this.last;
    return model;
  }

  sum(): bigint {
    const counts = [...this.named.values(), ...this.placed.values(), ...(this.last === undefined ? [] : [this.last])];
    return counts.reduce((total, { count }) => total + BigInt(count), 0n) + [...this.counted.values()].reduce((total, n) => total + n, 0n);
  }
}

const textOf = ([name, number]: Place): string => `${name}/${number}`;
/** Places as handlers hold them: one list for a read and the write after it, and others with the same parts. */
const HELD: readonly Place[] = NAMES.flatMap((name) => NUMBERS.map((number): Place => [name, number]));

const name = fc.constantFrom(...NAMES);
const place = fc
  .record({ at: fc.nat(HELD.length - 1), fresh: fc.boolean() })
  .map(({ at, fresh }): Place => (fresh ? [...(HELD[at] as Place)] : (HELD[at] as Place)));
const noted = fc
  .record({ count: fc.nat(5), group: fc.constantFrom(...GROUPS), size: fc.constantFrom(1, 1, 5000) })
  .map(({ count, group, size }): Note => ({ count, parts: { group, letters: "x".repeat(size) } }));
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 2 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant("named" as const), k: name, v: maybe(noted) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("placed" as const), k: place, v: maybe(noted) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("counted" as const), k: place, v: maybe(fc.bigInt(0n, 5n)) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("last" as const), v: noted }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("open" as const) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("close" as const), how: fc.constantFrom("release" as const, "rollback" as const) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom("commit" as const, "drop" as const, "check" as const, "reopen" as const) }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constantFrom("look" as const, "lookPast" as const, "lookPaid" as const) }) },
);

function contextOf(stores: (name: string) => KVReader, gas: GasMeter = FREE_GAS): Ctx {
  return createCtx({ height: 1n, timeNs: 0n, chainId: "test", gas, stores, events: [], formatEvent: () => assert.fail() });
}

/** A chain of blocks that are written, thrown away or committed, beside its model. */
class Run {
  readonly bound = bindNotes();
  /** What the entries were where a stamp was found, by collection. */
  readonly #seen = { named: new Map<number, string>(), placed: new Map<number, string>(), counted: new Map<number, string>() };
  #store: CommitStore = createMemoryCommitStore({ stores: [STORE] });
  readonly #versions = new Map<bigint, Model>();
  #overlay: Overlay = this.#store.overlay();
  #checked = this.#store.overlay();
  #model = new Model();
  #saved: { readonly mark: number; readonly model: Model }[] = [];

  get ctx(): Ctx {
    return contextOf((at) => this.#overlay.store(at));
  }

  write(of: "named" | "placed" | "counted", k: string | Place, v: unknown): void {
    const map = this.bound[of] as {
      find(ctx: Ctx, k: unknown): unknown;
      set(ctx: Ctx, k: unknown, v: unknown): void;
      delete(ctx: Ctx, k: unknown): void;
    };
    const model = this.#model[of] as Map<string, unknown>;
    const text = typeof k === "string" ? k : textOf(k);
    assert.deepEqual(map.find(this.ctx, k), model.get(text));
    if (v === undefined) {
      map.delete(this.ctx, k);
      model.delete(text);
    } else {
      map.set(this.ctx, k, v);
      model.set(text, v);
    }
    assert.deepEqual(map.find(this.ctx, k), v);
  }

  setLast(v: Note): void {
    this.bound.last.set(this.ctx, v);
    this.#model.last = v;
  }

  open(): void {
    this.#saved.push({ mark: this.#overlay.savepoint(), model: this.#model.copy() });
  }

  close(how: "release" | "rollback"): void {
    const level = this.#saved.pop();
    if (level === undefined) return;
    this.#overlay[how](level.mark);
    if (how === "rollback") this.#model = level.model;
  }

  /** Ends the block: committed, or executed and thrown away as a proposal that nobody decided on. */
  async end(committed: boolean): Promise<void> {
    const { version } = this.#store;
    this.#store.apply(version + 1n, this.#overlay.changes());
    if (committed) {
      await this.#store.commit();
      this.#versions.set(version + 1n, this.#model.copy());
    } else this.#model = this.#versions.get(version)?.copy() ?? new Model();
    this.#begin();
  }

  /** Goes on with the same state in another store, as after a start, a restore, an import. */
  async reopen(): Promise<void> {
    await this.end(true);
    const old = this.#store;
    this.#store = createMemoryCommitStore({ stores: [STORE], initialVersion: old.version });
    const overlay = this.#store.overlay();
    for (const [k, v] of old.latest().store(STORE).iterate()) overlay.store(STORE).set(k.slice(), v.slice());
    this.#store.apply(old.version, overlay.changes());
    await this.#store.commit();
    for (const version of this.#versions.keys()) if (version < old.version) this.#versions.delete(version);
    this.#begin();
  }

  #begin(): void {
    this.#overlay = this.#store.overlay();
    this.#checked = this.#store.overlay();
    this.#saved = [];
  }

  /** Writes to the state of the mempool what no block writes. */
  check(): void {
    const { named, placed, counted, last, sum } = this.bound;
    const ctx = contextOf((at) => this.#checked.store(at));
    const v: Note = { count: 100, parts: { group: 0, letters: "mempool" } };
    for (const k of NAMES) named.set(ctx, k, v);
    for (const k of HELD) {
      placed.set(ctx, k, v);
      counted.set(ctx, k, 100n);
    }
    last.set(ctx, v);
    assert.equal(sum(ctx), 100n * BigInt(NAMES.length + 2 * HELD.length + 1));
  }

  look(): void {
    this.#compare(this.ctx, this.#model);
  }

  /** Where reads cost gas, every one of them is made. */
  lookPaid(): void {
    const gas = createGasMeter();
    const ctx = contextOf((at) => this.#overlay.store(at), gas);
    this.#compare(ctx, this.#model);
    const costs = [this.bound.sum, this.bound.sum, this.bound.counted.first, this.bound.counted.first].map((read) => {
      const before = gas.used;
      read(ctx);
      return gas.used - before;
    });
    assert.ok((costs[0] ?? 0n) > 0n);
    assert.deepEqual([costs[0], costs[2]], [costs[1], costs[3]]);
    assert.equal(this.bound.named.stamp(ctx), undefined);
  }

  lookPast(): void {
    for (const [version, model] of this.#versions) {
      const state = this.#store.at(version);
      this.#compare(
        contextOf((at) => state.store(at)),
        model,
      );
    }
    const latest = this.#store.latest();
    this.#compare(
      contextOf((at) => latest.store(at)),
      this.#versions.get(latest.version) ?? new Model(),
    );
  }

  #compare(ctx: Ctx, model: Model): void {
    const { named, placed, counted, last, sum } = this.bound;
    for (const k of NAMES) {
      const found = named.find(ctx, k);
      assert.deepEqual(found, model.named.get(k));
      assert.equal(named.has(ctx, k), found !== undefined);
      // Nobody can change what the next one reads.
      if (found !== undefined) assert.throws(() => found.parts.group++, TypeError);
    }
    for (const k of HELD) {
      assert.deepEqual(placed.find(ctx, k), model.placed.get(textOf(k)));
      assert.equal(counted.find(ctx, k), model.counted.get(textOf(k)));
      assert.equal(counted.has(ctx, [...k]), model.counted.has(textOf(k)));
    }
    assert.deepEqual(last.find(ctx), model.last);
    for (const group of GROUPS) {
      const expected = NAMES.filter((k) => model.named.get(k)?.parts.group === group);
      assert.deepEqual(
        Array.from(named.by.byGroup(ctx, BigInt(group)), ([k]) => k),
        expected,
      );
    }
    assert.equal(sum(ctx), model.sum());
    assert.equal(sum(ctx), model.sum());
    for (const map of [named, placed, counted]) {
      const expected = Array.from<readonly [unknown, unknown], unknown>(map.entries(ctx), ([k]) => k);
      assert.deepEqual([map.first(ctx), map.first(ctx)], [expected[0], expected[0]]);
      assert.deepEqual([map.keys(ctx), map.keys(ctx)], [expected, expected]);
    }
    this.#compareStamps(ctx, model);
  }

  #compareStamps(ctx: Ctx, model: Model): void {
    for (const of of ["named", "placed", "counted"] as const) {
      const stamp = this.bound[of].stamp(ctx);
      if (stamp === undefined) continue;
      const entries = JSON.stringify([...(model[of] as Map<string, unknown>)].sort(), (_, v: unknown) =>
        typeof v === "bigint" ? String(v) : v,
      );
      assert.equal(this.#seen[of].get(stamp) ?? entries, entries, `${of} had the stamp ${stamp} with other entries`);
      this.#seen[of].set(stamp, entries);
    }
  }
}

test("collections answer as maps through rollbacks, dropped blocks, the mempool, older versions and stores that are opened again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: "max" }), async (steps) => {
      const run = new Run();
      for (const move of steps) {
        if (move.op === "named" || move.op === "placed" || move.op === "counted") run.write(move.op, move.k, move.v);
        else if (move.op === "last") run.setLast(move.v);
        else if (move.op === "open") run.open();
        else if (move.op === "close") run.close(move.how);
        else if (move.op === "commit" || move.op === "drop") await run.end(move.op === "commit");
        else if (move.op === "check") run.check();
        else if (move.op === "reopen") await run.reopen();
        else if (move.op === "lookPast") run.lookPast();
        else if (move.op === "lookPaid") run.lookPaid();
        else run.look();
      }
      run.look();
      await run.end(true);
      run.lookPast();
    }),
    { seed: 20_261_129, numRuns: 200 },
  );
});
