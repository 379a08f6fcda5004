import assert from "node:assert/strict";
import { test } from "node:test";
import { Walks } from "../../../cmd/hanzod/sim/chain/walks.ts";
import { fc } from "../../harness/fastCheck.ts";

type Row = readonly [text: string, key: number, value: string | undefined];

/** A collection as operations see it: read from the model, changed by a list of rows. */
function collectionOf(model: ReadonlyMap<number, string>) {
  const textOf = (key: number): string => String.fromCharCode(key);
  let changes: readonly Row[] = [];
  let reads = 0;
  return {
    reads: () => reads,
    block: (rows: ReadonlyMap<number, string | undefined>) => {
      changes = [...rows].sort(([a], [b]) => a - b).map(([key, value]) => [textOf(key), key, value]);
    },
    rows: {
      *raw(): Iterable<readonly [Uint8Array, number, string]> {
        reads++;
        for (const [key, value] of [...model].sort(([a], [b]) => a - b)) yield [Uint8Array.of(key), key, value];
      },
      changed: () => changes,
    },
  };
}

const block = fc.dictionary(fc.nat(120).map(String), fc.option(fc.string({ maxLength: 2 }), { nil: undefined }), { maxKeys: 8 });

test("what operations draw from is the collection as each block leaves it, read once", () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 40 }), fc.nat(5), (blocks, start) => {
      const model = new Map<number, string>();
      const { rows, block, reads } = collectionOf(model);
      const walks = new Walks();
      for (const [height, written] of blocks.entries()) {
        const changed = new Map(Object.entries(written).map(([key, value]) => [Number(key), value]));
        for (const [key, value] of changed) {
          if (value === undefined) model.delete(key);
          else model.set(key, value);
        }
        block(changed);
        walks.follow(new Map());
        // Looked at only now and then, and first when there is something.
        if (height < start || height % 2 === 1) continue;
        const kept = walks.of("rows", rows as never, {} as never);
        const expected = [...model].sort(([a], [b]) => a - b);
        assert.deepEqual(kept.entries(), expected);
        assert.deepEqual(
          kept.values(),
          expected.map(([, value]) => value),
        );
        assert.deepEqual(
          kept.keys(),
          expected.map(([key]) => key),
        );
        assert.equal(reads(), 1);
      }
    }),
    { seed: 20261130, numRuns: 300 },
  );
});
