// The plainest store that can be right: a map, sorted at every look. Everything else is compared with it.

import type { KVReader, Range, StateReader } from "../../app/store/kv.ts";

/** Keys as lower-case hex (which sorts like the bytes) with their values. */
export type Model = Map<string, Uint8Array>;

/** `key` as the model spells it. */
export function modelKey(key: Uint8Array): string {
  return Buffer.from(key).toString("hex");
}

/** The pairs of `range` in order. */
export function modelPairs(model: Model, { start, end, reverse }: Range = {}): (readonly [Uint8Array, Uint8Array])[] {
  const low = start === undefined ? "" : modelKey(start);
  const pairs = [...model]
    .filter(([key]) => key >= low && (end === undefined || key < modelKey(end)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [new Uint8Array(Buffer.from(key, "hex")), value] as const);
  return reverse === true ? pairs.reverse() : pairs;
}

/** A reader over the model as it is at each call. */
export function readModel(model: Model): KVReader {
  return {
    get: (key) => model.get(modelKey(key)),
    has: (key) => model.has(modelKey(key)),
    *iterate(range) {
      yield* modelPairs(model, range);
    },
  };
}

/** A state of models by store name, at `version`. */
export function readModels(models: ReadonlyMap<string, Model>, version = 0n): StateReader {
  return { version, store: (name) => readModel(models.get(name) ?? new Map()) };
}
