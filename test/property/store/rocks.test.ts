import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Range } from "../../../app/store/kv.ts";
import { type Database, type DatabaseWrite, openRocks } from "../../../app/store/rocks.ts";
import { type Model, modelKey, modelPairs } from "../../conformance/modelReader.ts";
import { fc } from "../../harness/fastCheck.ts";

// Bytes on both sides of the sign bit and at the ends, short keys that are prefixes of each other.
const byte = fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff);
const key = fc.array(byte, { minLength: 1, maxLength: 3 }).map((bytes) => Uint8Array.from(bytes));
const value = fc.uint8Array({ maxLength: 40 });
const writes = fc.array(fc.tuple(key, fc.option(value, { nil: undefined, freq: 3 })), { maxLength: 25 });
const bound = fc.option(
  fc.array(byte, { maxLength: 3 }).map((bytes) => Uint8Array.from(bytes)),
  { nil: undefined },
);
const range = fc
  .record({ start: bound, end: bound, reverse: fc.boolean() })
  .map(({ start, end, reverse }): Range => ({ ...(start && { start }), ...(end && { end }), reverse }));

async function withFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rocks-"));
  try {
    await use(join(folder, "db"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function collect(db: Database, within: Range, limit?: number): Promise<(readonly [Uint8Array, Uint8Array])[]> {
  const pairs: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const [at, held] of db.iterate(within, limit)) pairs.push([new Uint8Array(at), new Uint8Array(held)]);
  return pairs;
}

function apply(model: Model, batch: readonly DatabaseWrite[]): void {
  for (const [at, held] of batch) {
    if (held === undefined) model.delete(modelKey(at));
    else model.set(modelKey(at), held);
  }
}

test("Batches, reads and ranges in both directions agree with a sorted map, across restarts", async () => {
  await withFolder(async (path) => {
    const model: Model = new Map();
    let db = await openRocks(path);
    try {
      await fc.assert(
        fc.asyncProperty(writes, fc.array(range, { maxLength: 6 }), key, fc.nat(4), async (batch, ranges, look, limit) => {
          await db.write(batch, limit === 0);
          apply(model, batch);
          if (limit === 0) {
            await db.close();
            db = await openRocks(path);
          }
          const held = await db.get(look);
          assert.deepEqual(held && new Uint8Array(held), model.get(modelKey(look)));
          for (const within of ranges) {
            assert.deepEqual(await collect(db, within), modelPairs(model, within));
            assert.deepEqual(await collect(db, within, limit), modelPairs(model, within).slice(0, limit));
          }
        }),
        { seed: 68, numRuns: 60 },
      );
    } finally {
      await db.close();
    }
  });
});

test("An iteration yields the pairs of its beginning, whatever is written meanwhile", async () => {
  await withFolder(async (path) => {
    const db = await openRocks(path);
    try {
      const pairs = Array.from({ length: 3000 }, (_, i): DatabaseWrite => [Buffer.from(String(10_000 + i)), Buffer.alloc(50, i)]);
      await db.write(pairs, false);
      const seen: string[] = [];
      for await (const [at] of db.iterate({})) {
        if (seen.length === 0) {
          await db.write(
            pairs.map(([gone]): DatabaseWrite => [gone, undefined]),
            true,
          );
          await db.write([[Buffer.from("10001a"), Buffer.from("new")]], true);
        }
        seen.push(Buffer.from(at).toString());
      }
      assert.deepEqual(
        seen,
        pairs.map(([at]) => Buffer.from(at).toString()),
      );
      assert.equal((await collect(db, {})).length, 1);
    } finally {
      await db.close();
    }
  });
});

test("Closing waits for the writes under way, and a closed database refuses everything", async () => {
  await withFolder(async (path) => {
    const db = await openRocks(path);
    const pending = Array.from({ length: 20 }, (_, i) => db.write([[Uint8Array.of(i), Buffer.alloc(10_000, i)]], true));
    await db.close();
    await Promise.all(pending);
    const closed = { codespace: "store", code: 17 };
    await assert.rejects(db.get(Uint8Array.of(1)), closed);
    await assert.rejects(db.write([], true), closed);
    await assert.rejects(db.iterate({}).next(), closed);
    await db.close();
    const again = await openRocks(path);
    assert.equal((await collect(again, {})).length, 20);
    await again.close();
  });
});
