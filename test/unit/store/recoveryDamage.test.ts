import assert from "node:assert/strict";
import { readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type CommitRecord, encodeCommitRecord } from "../../../app/store/commitRecord.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { flatPrefix, flatValueKey, lastKey, recordKey, responseKey } from "../../../app/store/rocksKeys.ts";
import { RocksLog } from "../../../app/store/rocksLog.ts";
import type { StoreError } from "../../../app/store/storeError.ts";
import { homeSeed, withHome } from "../../conformance/storeHome.ts";
import { runWorkloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";
import { firstFlatKey, flipFile, refusal } from "./storeDamage.ts";

test("A damaged or missing last record is taken back, for the consensus engine to replay it", async () => {
  for (const torn of ["flipped", "cut", "missing"] as const) {
    for (const checkpoints of [[], [8]]) {
      await withHome(async (home) => {
        await home.fill(12, checkpoints);
        await home.touch(async (db) => {
          const bytes = Buffer.from((await db.get(recordKey(12n))) ?? assert.fail("no record"));
          if (torn === "flipped") bytes[40] = (bytes[40] ?? 0) ^ 1;
          const left = torn === "missing" ? undefined : torn === "cut" ? bytes.subarray(0, bytes.length - 9) : bytes;
          await db.write([[recordKey(12n), left]], true);
        });
        await home.requireTwin(11);
        await home.requireTwin(14);
      });
    }
  }
});

test("The first record may be taken back too", async () => {
  await withHome(async (home) => {
    await home.fill(1);
    await home.flip(recordKey(1n), 30);
    await home.requireTwin(0);
  });
});

test("A damaged last record below a checkpoint of its height does no harm", async () => {
  await withHome(async (home) => {
    await home.fill(12, [12]);
    await home.flip(recordKey(12n), 40);
    await home.requireTwin(12);
  });
});

test("A damaged record inside the log is refused by height, unless a checkpoint is above it", async () => {
  await withHome(async (home) => {
    await home.fill(20, [10]);
    await home.flip(recordKey(15n), -1);
    await assert.rejects(home.open(), refusal(13, /cs\/15/, /crc32c/));
  });
  await withHome(async (home) => {
    await home.fill(20, [10, 16]);
    await home.flip(recordKey(15n), 3);
    await home.requireTwin(20);
  });
});

test("A damaged note of the last height is healed from the records", async () => {
  await withHome(async (home) => {
    await home.fill(12, [8]);
    await home.flip(lastKey, 4);
    await home.requireTwin(12);
    await home.touch((db) => db.write([[lastKey, undefined]], true));
    await home.requireTwin(15);
  });
});

test("A damaged checkpoint is named, and the older one or the whole log is taken", async () => {
  const damages: readonly (readonly [string, (path: string) => Promise<void>])[] = [
    ["first bytes", (path) => flipFile(path, 1)],
    ["checksum", (path) => flipFile(path, 6)],
    ["a root", (path) => flipFile(path, 90)],
    ["a node", (path) => flipFile(path, 900)],
    ["last byte", (path) => flipFile(path, -1)],
    ["torn end", async (path) => truncate(path, (await readFile(path)).length - 3)],
    ["torn page", async (path) => truncate(path, 1000)],
    ["empty", (path) => truncate(path, 0)],
  ];
  await withHome(async (home) => {
    await home.fill(20, [8, 16]);
    const newest = await readFile(home.checkpointPath(16));
    for (const [label, damage] of damages) {
      await damage(home.checkpointPath(16));
      const store = await home.open();
      assert.equal(store.version, 20n, label);
      assert.equal(home.notices[0]?.kind, "checkpointDropped", label);
      assert.match(home.notices[0]?.detail ?? "", /checkpoint-0+16/, label);
      await store.close();
      await writeFile(home.checkpointPath(16), newest);
    }
    await flipFile(home.checkpointPath(16), 900);
    await flipFile(home.checkpointPath(8), 900);
    await home.requireTwin(20);
    assert.equal(home.notices.length, 2);
  });
});

test("Without a good checkpoint and without the first heights the store is refused", async () => {
  await withHome(async (home) => {
    await home.fill(20, [16]);
    await home.touch((db) => new RocksLog(db, () => undefined).prune(1n, 10n));
    await flipFile(home.checkpointPath(16), 900);
    await assert.rejects(home.open(), refusal(13, /checkpoint-0+16/));
    await rm(home.checkpointPath(16));
    await assert.rejects(home.open(), refusal(13, /starts at 11/));
  });
});

test("A record that leads to another root is refused with height, store and both hashes", async () => {
  const forgeries: readonly (readonly [RegExp, (record: CommitRecord) => CommitRecord])[] = [
    [
      /store "bank"/,
      (record) => ({ ...record, changes: new Map([...record.changes, ["bank", [[Buffer.from("forged"), Buffer.from("1")]]]]) }),
    ],
    [/app hash/, (record) => ({ ...record, appHash: Buffer.alloc(32, 7) })],
  ];
  for (const [where, forge] of forgeries) {
    await withHome(async (home) => {
      await home.fill(12, [5]);
      await home.touch(async (db) => {
        const record = (await new RocksLog(db, () => undefined).record(9n)) ?? assert.fail("no record");
        await db.write([[recordKey(9n), encodeCommitRecord(forge(record))]], true);
      });
      await assert.rejects(home.open(), refusal(14, /height 9/, where, /expected [0-9a-f]{64}, got [0-9a-f]{64}/));
    });
  }
});

test("A checkpoint of another chain is dropped, one above the log's end is removed", async () => {
  await withHome(async (other) => {
    const foreign = await other.open();
    while (foreign.version < 8n) await runWorkloadBlock(foreign, homeSeed + 1);
    await foreign.checkpoint();
    await foreign.close();
    await withHome(async (home) => {
      await home.fill(12, [4]);
      await writeFile(home.checkpointPath(8), await readFile(other.checkpointPath(8)));
      await home.requireTwin(12);
      assert.equal(home.notices[0]?.kind, "checkpointDropped");
      assert.match(home.notices[0]?.detail ?? "", /app hash of height 8/);
    });
    await withHome(async (home) => {
      await home.fill(6);
      await writeFile(home.checkpointPath(8), await readFile(other.checkpointPath(8)));
      await home.requireTwin(6);
      assert.match(home.notices[0]?.detail ?? "", /above the last height 6/);
    });
  });
});

test("Flat values follow the log, damaged ones are found and healed", async () => {
  await withHome(async (home) => {
    await home.fill(20);
    const key = flatValueKey(flatPrefix("bank"), await firstFlatKey(home));
    await home.flip(key, 1);
    await home.touch((db) => db.write([[flatValueKey(flatPrefix("acc"), Buffer.from("acc/~extra")), Buffer.from("never written")]], true));
    const store = await home.open();
    assert.deepEqual({ ...(await store.auditFlat()), keys: 0 }, { version: 20n, keys: 0, healed: 2 });
    assert.equal((await store.auditFlat()).healed, 0);
    await store.close();
  });
});

test("A bad checkpoint stays to be looked at until a new one is written", async () => {
  await withHome(async (home) => {
    await home.fill(20, [8, 16]);
    await flipFile(home.checkpointPath(16), 900);
    await home.requireTwin(20);
    assert.equal((await home.checkpoints()).length, 2);
    await home.fill(24, [24]);
    assert.deepEqual(
      await home.checkpoints(),
      [8, 24].map((height) => home.checkpointPath(height).split("/").at(-1)),
    );
    await home.requireTwin(24);
    assert.deepEqual(home.notices, []);
  });
});

test("Damage inside the database's own files leads to an earlier state that is right, or to a refusal", async () => {
  for (const ending of [".log", ".sst"]) {
    for (const part of [0.2, 0.5, 0.8, 0.99]) {
      await withHome(async (home) => {
        await home.fill(40, ending === ".sst" ? [30] : []);
        if (ending === ".sst") await home.touch(async () => undefined);
        const folder = join(home.path, "log");
        const sized = await Promise.all(
          (await readdir(folder))
            .filter((name) => name.endsWith(ending))
            .map(async (name) => [name, (await stat(join(folder, name))).size] as const),
        );
        const [name, size] = sized.sort(([, a], [, b]) => b - a)[0] ?? assert.fail(`no ${ending} file`);
        assert.ok(size > 1000);
        await flipFile(join(folder, name), Math.floor(size * part));
        const store = await home.open().catch((error: StoreError) => error.code);
        if (typeof store === "number") {
          assert.ok([13, 14, 18].includes(store));
          return;
        }
        const twin = createMemoryCommitStore({ stores: workloadStores });
        while (twin.version < store.version) await runWorkloadBlock(twin, homeSeed);
        assert.deepEqual(store.appHash, twin.appHash);
        await store.close();
      });
    }
  }
});

test("A damaged block response is refused, not answered", async () => {
  await withHome(async (home) => {
    await home.fill(4);
    await home.flip(responseKey(3n), 2);
    const store = await home.open();
    await assert.rejects(store.response(3n), refusal(13, /res\/3/));
    assert.ok((await store.response(4n)) !== undefined);
    await store.close();
  });
});

test("An unfinished checkpoint is removed at the next start", async () => {
  await withHome(async (home) => {
    await home.fill(4, [4]);
    await writeFile(`${home.checkpointPath(9)}.tmp`, "half");
    await home.requireTwin(4);
    assert.equal(
      (await home.checkpoints()).some((name) => name.endsWith(".tmp")),
      false,
    );
  });
});
