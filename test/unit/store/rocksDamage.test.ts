import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Range } from "../../../app/store/kv.ts";
import { type Database, openRocks } from "../../../app/store/rocks.ts";
import { within } from "../../../app/threads/within.ts";

const rows = 3000;
const key = (index: number): Buffer => Buffer.from(String(10_000 + index));
/** Of keys whose blocks are damaged. */
const damaged: Range = { start: key(1000), end: key(2000) };

/** A database whose rows lie in a table of which the middle is damaged. The package keeps the folder until the process ends. */
async function withDamage(use: (db: Database) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "rocks-damage-"));
  try {
    const db = await openRocks(path);
    await db.write(
      Array.from({ length: rows }, (_, index) => [key(index), Buffer.alloc(400, key(index))] as const),
      true,
    );
    await db.close();
    // A start writes what was in the log into a table.
    await (await openRocks(path)).close();
    const [table] = (await readdir(path)).filter((name) => name.endsWith(".sst"));
    const file = join(path, table ?? assert.fail("a table"));
    const bytes = await readFile(file);
    // The mark of a compressed block is the only byte that says the same as before: the package ends the process at one that it does not know.
    bytes.fill(1, Math.floor(bytes.length * 0.2), Math.floor(bytes.length * 0.8));
    await writeFile(file, bytes);
    await use(await openRocks(path));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

const count = async (db: Database, range: Range): Promise<number> => {
  let found = 0;
  for await (const _ of db.iterate(range)) found += 1;
  return found;
};
const unreadable = { codespace: "store", code: 18 };

// The package never says that an iterator which failed has ended: the start of a node on a damaged table did not end, either.
test("An iteration over a damaged table ends with an error, and so does the close behind it", async () => {
  await withDamage(async (db) => {
    const soon = async (doing: Promise<unknown>): Promise<unknown> => within(doing, 5000, "an iteration");
    assert.equal(await soon(count(db, { end: key(100) })), 100);
    await assert.rejects(soon(count(db, {})), unreadable);
    await assert.rejects(soon(db.firstKey(damaged)), unreadable);
    await assert.rejects(soon(count(db, { reverse: true })), unreadable);
    assert.equal(await soon(count(db, { start: key(2900) })), 100);
    await soon(db.close());
    await assert.rejects(db.get(key(1)), { codespace: "store", code: 17 });
  });
});

test("A range whose upper end cannot be read is not taken for an empty one", async () => {
  await withDamage(async (db) => {
    const upTo = { end: key(1000), reverse: true };
    await assert.rejects(db.firstKey(upTo), unreadable);
    await assert.rejects(count(db, upTo), unreadable);
    assert.equal(await db.firstKey({ start: Buffer.from("2"), reverse: true }), undefined);
    await db.close();
  });
});

// The package ended the process when it cleaned up behind a collection.
test("What an iteration over a damaged table leaves is never collected", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await withDamage(async (db) => {
    await assert.rejects(count(db, {}), unreadable);
    await db.close();
  });
  for (let turn = 0; turn < 5; turn++) {
    collect();
    await nextTurn();
  }
});
