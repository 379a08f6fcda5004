import assert from "node:assert/strict";
import { test } from "node:test";
import { sealBytes } from "../../../app/store/commitRecord.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { everyVersion } from "../../../app/store/recovery.ts";
import { flatRange, homeKey, recordKey, responseKey } from "../../../app/store/rocksKeys.ts";
import { RocksLog } from "../../../app/store/rocksLog.ts";
import { homeSeed, withHome } from "../../conformance/storeHome.ts";
import { runWorkloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";
import { refusal } from "./storeDamage.ts";

test("A home without checkpoints is replayed from its first height", async () => {
  await withHome(async (home) => {
    await home.fill(30);
    await home.requireTwin(30);
    assert.deepEqual(home.notices, []);
  });
});

test("A home is recovered from its newest checkpoint and the heights above it", async () => {
  await withHome(async (home) => {
    await home.fill(30, [10, 20]);
    await home.touch((db) => new RocksLog(db, () => undefined).prune(1n, 19n));
    await home.requireTwin(30);
    assert.deepEqual(home.notices, []);
  });
});

test("Kept versions and proofs reach back to the checkpoint after a restart, and no further", async () => {
  await withHome(async (home) => {
    await home.fill(30, [20]);
    const store = await home.open({ keepVersions: 5n });
    const twin = createMemoryCommitStore({ stores: workloadStores, keepVersions: 5n });
    while (twin.version < 30n) await runWorkloadBlock(twin, homeSeed);
    for (let version = 26n; version <= 30n; version += 1n) {
      const key = [...twin.at(version).store("bank").iterate()][3]?.[0] ?? assert.fail("too few keys");
      assert.deepEqual(store.prove("bank", key, version), twin.prove("bank", key, version));
    }
    assert.throws(() => store.at(25n), refusal(7));
    await store.close();
    const wide = await home.open();
    assert.equal(wide.at(20n).version, 20n);
    assert.throws(() => wide.at(19n), refusal(7));
    await wide.close();
  });
});

const archive = { checkpointInterval: 5n, keepVersions: everyVersion };

test("A store that keeps every version reads and proves all of them, also after restarts and checkpoints", async () => {
  await withHome(async (home) => {
    await home.fill(30, [], archive);
    const twin = createMemoryCommitStore({ stores: workloadStores, keepVersions: everyVersion });
    while (twin.version < 30n) await runWorkloadBlock(twin, homeSeed);
    for (let restart = 0; restart < 2; restart++) {
      const store = await home.open(archive);
      assert.deepEqual(home.notices, []);
      assert.equal(store.stats().versions, 30);
      for (let version = 1n; version <= 30n; version += 1n) {
        const entries = [...twin.at(version).store("bank").iterate()];
        assert.deepEqual([...store.at(version).store("bank").iterate()], entries);
        const key = entries[0]?.[0];
        if (key !== undefined) assert.deepEqual(store.prove("bank", key, version), twin.prove("bank", key, version));
      }
      await store.close();
    }
    await home.requireTwin(30, archive);
  });
});

test("A store that is to keep every version says which ones its log has forgotten, and keeps those from its older checkpoint on", async () => {
  await withHome(async (home) => {
    await home.fill(30, [10, 20]);
    await home.touch((db) => new RocksLog(db, () => undefined).prune(1n, 9n));
    const store = await home.open(archive);
    assert.deepEqual(
      home.notices.map(({ kind }) => kind),
      ["historyLost"],
    );
    assert.match(home.notices[0]?.detail ?? "", /below height 10 cannot be read any more: the log begins at height 10/);
    assert.equal(store.at(10n).version, 10n);
    assert.throws(() => store.at(9n), refusal(7));
    await store.close();
  });
});

test("A store that keeps every version starts from a checkpoint when an old record is damaged, and takes a torn end back", async () => {
  await withHome(async (home) => {
    await home.fill(30, [10, 20]);
    await home.touch((db) => db.write([[recordKey(5n), Uint8Array.of(1)]], true));
    const store = await home.open(archive);
    assert.deepEqual(
      home.notices.map(({ kind }) => kind),
      ["historyLost"],
    );
    assert.throws(() => store.at(9n), refusal(7));
    assert.equal(store.at(10n).version, 10n);
    await store.close();
  });
  await withHome(async (home) => {
    await home.fill(12, [6]);
    await home.touch((db) => db.write([[recordKey(12n), Uint8Array.of(1)]], true));
    const store = await home.open(archive);
    assert.deepEqual(
      home.notices.map(({ kind }) => kind),
      ["tailDropped", "flatHealed"],
    );
    assert.deepEqual([store.version, store.stats().versions], [11n, 11]);
    await store.close();
  });
});

test("Checkpoints come at their interval, two of them stay, and the log behind the older one is forgotten", async () => {
  await withHome(async (home) => {
    await home.fill(50, [], { checkpointInterval: 10n, keepVersions: 5n });
    assert.deepEqual(
      await home.checkpoints(),
      [home.checkpointPath(40), home.checkpointPath(50)].map((path) => path.split("/").at(-1)),
    );
    await home.touch(async (db) => {
      for (const height of [1n, 39n, 40n]) {
        assert.equal(await db.get(recordKey(height)), undefined);
        assert.equal(await db.get(responseKey(height)), undefined);
      }
      assert.ok((await db.get(recordKey(41n))) !== undefined);
      assert.ok((await db.get(responseKey(41n))) !== undefined);
    });
    await home.requireTwin(50, { checkpointInterval: 10n, keepVersions: 5n });
  });
});

test("The log keeps the records of the kept versions even behind the older checkpoint", async () => {
  await withHome(async (home) => {
    await home.fill(50, [], { checkpointInterval: 5n, keepVersions: 30n });
    await home.touch(async (db) => {
      assert.equal(await db.get(recordKey(20n)), undefined);
      assert.ok((await db.get(recordKey(21n))) !== undefined);
    });
  });
});

test("A store that is added later starts empty, before and after a restart", async () => {
  await withHome(async (home) => {
    await home.fill(12, [6]);
    const stores = [...workloadStores, "hmm"];
    for (let restart = 0; restart < 2; restart += 1) {
      const store = await home.open({ stores });
      assert.deepEqual([...store.latest().store("hmm").iterate()].length, restart);
      if (restart === 0) {
        store.apply(13n, new Map([["hmm", [[Buffer.from("pool"), Buffer.from("1")]]]]));
        await store.commit();
        assert.equal([...store.at(12n).store("hmm").iterate()].length, 0);
        assert.throws(() => store.prove("hmm", Buffer.from("pool"), 12n), refusal(6));
      }
      assert.equal(Buffer.from(store.prove("hmm", Buffer.from("pool"), 13n).value ?? []).toString(), "1");
      await store.close();
    }
  });
});

test("A store on disk that is not named is refused by name", async () => {
  for (const checkpoints of [[], [9]]) {
    await withHome(async (home) => {
      await home.fill(9, checkpoints);
      await assert.rejects(home.open({ stores: ["acc", "bank"] }), refusal(6, /"staking"/, /height/));
    });
  }
});

test("A home that is open is refused to others", async () => {
  await withHome(async (home) => {
    const store = await home.open();
    await assert.rejects(home.open(), refusal(12, /log is locked/));
    await store.close();
    await home.requireTwin(0);
  });
});

test("A home of another initial version is refused", async () => {
  await withHome(async (home) => {
    await home.fill(3);
    await assert.rejects(home.open({ initialVersion: 2n }), refusal(19, /initial version 1/));
  });
});

test("A home of the former format is read and has the new one from then on; one of a later format is refused", async () => {
  await withHome(async (home) => {
    await home.fill(3);
    const note = (format: number): Buffer => sealBytes(Buffer.from([format, 0, 0, 0, 0, 0, 0, 0, 1]));
    await home.touch((db) => db.write([[homeKey, note(1)]], true));
    await assert.rejects(home.open({ initialVersion: 2n }), refusal(19, /initial version 1/));
    await home.touch(async (db) => assert.deepEqual(await db.get(homeKey), note(1)));
    await home.requireTwin(3);
    await home.touch(async (db) => {
      assert.deepEqual(await db.get(homeKey), note(2));
      await db.write([[homeKey, note(3)]], true);
    });
    await assert.rejects(home.open(), refusal(19, /expected format 2, initial version 1; got format 3/));
  });
});

test("Lost flat values are written again from the state when the log no longer holds them", async () => {
  await withHome(async (home) => {
    await home.fill(20, [10, 18]);
    await home.touch(async (db) => {
      await new RocksLog(db, () => undefined).prune(1n, 10n);
      const rows: [Uint8Array, undefined][] = [[Buffer.from("meta/flat"), undefined]];
      for await (const [key] of db.iterate(flatRange, 5)) rows.push([key, undefined]);
      await db.write(rows, true);
    });
    const store = await home.open();
    assert.deepEqual(
      home.notices.map(({ kind }) => kind),
      ["flatHealed"],
    );
    assert.equal((await store.auditFlat()).healed, 0);
    await store.close();
  });
});
