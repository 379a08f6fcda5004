import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChangeSet, Overlay, Range } from "../../../app/store/kv.ts";
import { createOverlay } from "../../../app/store/overlay.ts";
import { type Model, modelKey, modelPairs, readModels } from "../../conformance/modelReader.ts";
import { fc } from "../../harness/fastCheck.ts";

const key = fc.uint8Array({ minLength: 1, maxLength: 2, max: 3 });
const value = fc.uint8Array({ minLength: 1, maxLength: 2 });
const bound = fc.option(fc.uint8Array({ maxLength: 3, max: 4 }), { nil: undefined });
const range = fc
  .record({ start: bound, end: bound, reverse: fc.boolean() })
  .map(({ start, end, reverse }): Range => ({ ...(start && { start }), ...(end && { end }), reverse }));
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ op: fc.constant("set" as const), store: fc.nat(1), key, value }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("delete" as const), store: fc.nat(1), key }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("open" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant("close" as const),
      how: fc.constantFrom("release" as const, "rollback" as const),
      depth: fc.nat(3),
    }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("look" as const), store: fc.nat(1), key, range }) },
);
const base = fc.array(fc.tuple(key, value), { maxLength: 15, size: "max" });
const names = ["first", "second"] as const;

function buildModel(pairs: readonly (readonly [Uint8Array, Uint8Array])[]): Model {
  return new Map(pairs.map(([at, held]) => [modelKey(at), held]));
}

test("An overlay with random nesting of savepoints reads, iterates and sums up like a copied map", () => {
  fc.assert(
    fc.property(base, base, fc.array(step, { maxLength: 120, size: "max" }), (one, two, steps) => {
      const below = [buildModel(one), buildModel(two)];
      let models = below.map((model) => new Map(model));
      let touched = new Set<string>();
      const saved: { mark: number; models: Model[]; touched: Set<string> }[] = [];
      const overlay = createOverlay(readModels(new Map(names.map((name, index) => [name, below[index] ?? new Map()]))));
      for (const move of steps) {
        if (move.op === "open") {
          saved.push({ mark: overlay.savepoint(), models: models.map((model) => new Map(model)), touched: new Set(touched) });
        } else if (move.op === "close") {
          const at = saved.length - 1 - move.depth;
          const level = saved[at];
          if (level === undefined) continue;
          saved.length = at;
          overlay[move.how](level.mark);
          if (move.how === "rollback") ({ models, touched } = level);
        } else {
          const store = overlay.store(names[move.store] ?? "");
          const model = models[move.store] ?? new Map();
          if (move.op === "look") {
            assert.deepEqual(store.get(move.key), model.get(modelKey(move.key)));
            assert.equal(store.has(move.key), model.has(modelKey(move.key)));
            assert.deepEqual([...store.iterate(move.range)], modelPairs(model, move.range));
            continue;
          }
          touched.add(`${move.store}${modelKey(move.key)}`);
          if (move.op === "set") {
            store.set(move.key, move.value);
            model.set(modelKey(move.key), move.value);
          } else {
            store.delete(move.key);
            model.delete(modelKey(move.key));
          }
        }
      }
      const changes = overlay.changes();
      names.forEach((name, index) => {
        const model = models[index] ?? new Map();
        assert.deepEqual([...overlay.store(name).iterate()], modelPairs(model));
        const expected = [...touched]
          .filter((mark) => mark.startsWith(String(index)))
          .map((mark) => mark.slice(1))
          .filter((at) => model.has(at) || below[index]?.has(at))
          .sort()
          .map((at) => [new Uint8Array(Buffer.from(at, "hex")), model.get(at)]);
        assert.deepEqual(changes.get(name) ?? [], expected);
      });
    }),
    { seed: 20261124, numRuns: 400 },
  );
});

test("Writing while iterating yields the next key beyond the last one as the store is then", () => {
  const write = fc.record({ key, value: fc.option(value, { nil: undefined }) });
  const writes = fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 20, size: "max" });
  fc.assert(
    fc.property(base, fc.array(write, { maxLength: 10 }), writes, range, fc.boolean(), (pairs, before, during, within, nested) => {
      const model = buildModel(pairs);
      const overlay = createOverlay(readModels(new Map([["first", new Map(model)]])));
      const store = overlay.store("first");
      const apply = (batch: readonly { key: Uint8Array; value: Uint8Array | undefined }[], track: boolean): void => {
        for (const { key: at, value: held } of batch) {
          if (held === undefined) store.delete(at);
          else store.set(at, held);
          if (track && held === undefined) model.delete(modelKey(at));
          else if (track && held !== undefined) model.set(modelKey(at), held);
        }
      };
      apply(before, true);
      let last: Uint8Array | undefined;
      let turn = 0;
      for (const [at, held] of store.iterate(within)) {
        const ahead = modelPairs(model, within).find(([candidate]) => {
          if (last === undefined) return true;
          const order = Buffer.compare(candidate, last);
          return within.reverse === true ? order < 0 : order > 0;
        });
        assert.deepEqual([at, held], ahead);
        last = at;
        const batch = during[turn] ?? [];
        turn += 1;
        if (nested && turn % 2 === 0) {
          const mark = overlay.savepoint();
          apply(batch, false);
          overlay.rollback(mark);
        } else {
          apply(batch, true);
        }
      }
      const rest = modelPairs(model, within).filter(([candidate]) => {
        if (last === undefined) return true;
        const order = Buffer.compare(candidate, last);
        return within.reverse === true ? order < 0 : order > 0;
      });
      assert.deepEqual(rest, []);
    }),
    { seed: 20261124, numRuns: 400 },
  );
});

test("Who follows an overlay has what it has, whenever it began and however often it asks", () => {
  const write = fc.record({ op: fc.constant("write" as const), store: fc.nat(1), key, value: fc.option(value, { nil: undefined }) });
  const move = fc.oneof(
    { weight: 8, arbitrary: write },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("read" as const), store: fc.nat(1), key }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom("open" as const, "release" as const, "rollback" as const) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constantFrom("follow" as const, "take" as const) }) },
  );
  fc.assert(
    fc.property(base, base, fc.array(move, { maxLength: 80, size: "max" }), (one, two, moves) => {
      const state = readModels(new Map(names.map((name, index) => [name, buildModel(index === 0 ? one : two)])));
      const overlay = createOverlay(state);
      const followers: Overlay[] = [];
      const open: number[] = [];
      const tell = (writes: ChangeSet): void => {
        for (const follower of followers)
          for (const [name, changes] of writes)
            for (const [at, held] of changes) {
              if (held === undefined) follower.store(name).delete(at);
              else follower.store(name).set(at, held);
            }
      };
      const take = (): void => {
        tell(overlay.takeWrites());
        for (const follower of followers)
          for (const name of names) assert.deepEqual([...follower.store(name).iterate()], [...overlay.store(name).iterate()]);
      };
      for (const at of moves) {
        if (at.op === "write") {
          const store = overlay.store(names[at.store] ?? "");
          if (at.value === undefined) store.delete(at.key);
          else store.set(at.key, at.value);
        } else if (at.op === "read") overlay.store(names[at.store] ?? "").get(at.key);
        else if (at.op === "open") open.push(overlay.savepoint());
        else if (at.op === "take") take();
        else if (at.op === "follow") {
          // As a query thread that begins between two transactions, while others follow already.
          const follower = createOverlay(state);
          const others = followers.splice(0);
          followers.push(follower);
          tell(overlay.follow());
          followers.push(...others);
        } else {
          const mark = open.pop();
          if (mark !== undefined) overlay[at.op](mark);
        }
      }
      take();
    }),
    { seed: 20261130, numRuns: 400 },
  );
});
