// The calls of state sync on the real state machine: one node makes and serves a snapshot, another takes it, under every kind of trouble.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { RequestApplySnapshotChunk, RequestOfferSnapshot, type Snapshot } from "#proto/tendermint/abci/types";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import { silentLog } from "../../../app/runtime/ports.ts";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import { SnapshotTaker } from "../../../app/statesync/snapshotThread.ts";
import { APPLY, OFFER, withSnapshots } from "../../../app/statesync/withSnapshots.ts";
import { createMemoryCommitStore, type DurableCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const INTERVAL = 3n;
const request = (index: number, chunk: Uint8Array, sender = "peer") => RequestApplySnapshotChunk.fromPartial({ index, chunk, sender });

describe("state sync", () => {
  const root = mkdtempSync(join(tmpdir(), "hz-sync-"));
  let chain: TestChain;
  let snapshot: Snapshot;
  let chunk: Uint8Array;
  let appHash: Uint8Array;
  let taker: SnapshotTaker;

  before(async () => {
    const folder = new SnapshotFolder(join(root, "source"));
    const store = createMemoryCommitStore({ stores: hanzoStores });
    taker = new SnapshotTaker({ store, folder, interval: INTERVAL, keepRecent: 2, log: silentLog });
    chain = await createTestChain({
      app: { store, retainBlocks: 2n },
      staked: true,
      wrap: (app) =>
        withSnapshots(app, {
          store: { restore: () => Promise.reject(new Error("it has a state")) },
          stores: hanzoStores,
          folder,
          taker,
          blocksToKeep: 6n,
          keepRestored: true,
          maxStateBytes: 1e9,
          log: silentLog,
        }),
    });
    for (let height = 1n; height <= 3n * INTERVAL; height++) {
      await chain.deliver();
      await taker.idle();
    }
    const { snapshots } = chain.app.listSnapshots({});
    assert.deepEqual(
      snapshots.map(({ height }) => height),
      [9n, 6n],
    );
    snapshot = snapshots[0] ?? assert.fail("no snapshot");
    chunk = (await chain.app.loadSnapshotChunk({ height: 9n, format: 3, chunk: 0 })).chunk;
    appHash = chain.app.info({ version: "", blockVersion: 0n, p2pVersion: 0n, abciVersion: "" }).lastBlockAppHash;
  });
  after(async () => {
    await taker.close();
    rmSync(root, { recursive: true, force: true });
  });

  let path: string;
  let store: DurableCommitStore;
  let app: App;
  let keepRestored = false;

  async function open(): Promise<void> {
    store = await openCommitStore({ path: join(path, "app"), stores: hanzoStores });
    const folder = new SnapshotFolder(join(path, "snapshots"));
    folder.clean();
    const parts = { store, stores: hanzoStores, folder, blocksToKeep: undefined, keepRestored, maxStateBytes: 1e9, log: silentLog };
    const own = new SnapshotTaker({ store, folder, interval: 0n, keepRecent: 2, log: silentLog });
    app = withSnapshots(await createHanzoApp({ store, minGasPrices: "" }), { ...parts, taker: own });
  }
  const offer = (over: Partial<Snapshot> = {}, hash = appHash) =>
    app.offerSnapshot(RequestOfferSnapshot.fromPartial({ snapshot: { ...snapshot, ...over }, appHash: hash })).result;
  const requireEmpty = async (): Promise<void> => {
    assert.equal(app.height, 0n);
    assert.deepEqual(existsSync(join(path, "snapshots")) ? readdirSync(join(path, "snapshots")) : [], []);
    assert.deepEqual(readdirSync(join(path, "app", "checkpoints")), []);
    await store.close();
    await open();
    assert.equal(app.height, 0n);
  };

  beforeEach(async () => {
    keepRestored = false;
    path = mkdtempSync(join(root, "target-"));
    await open();
  });
  afterEach(() => store.close());

  it("takes a snapshot and stands where the other node stood, also after a restart", async () => {
    assert.equal(offer(), OFFER.accept);
    assert.equal(app.height, 0n);
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.accept);
    for (let again = 0; again < 2; again++) {
      const info = app.info({ version: "", blockVersion: 0n, p2pVersion: 0n, abciVersion: "" });
      assert.deepEqual([info.lastBlockHeight, info.lastBlockAppHash], [9n, appHash]);
      assert.equal(app.chainId, chain.chainId);
      assert.deepEqual(app.validators, chain.app.validators);
      assert.deepEqual(app.exportGenesis(), chain.app.exportGenesis());
      assert.deepEqual(app.brokenInvariants(), []);
      await store.close();
      await open();
    }
    const next = chain.nextBlock();
    const [own, theirs] = await Promise.all([app.finalizeBlock(next), chain.app.finalizeBlock(next)]);
    assert.deepEqual(own.appHash, theirs.appHash);
    await app.commit();
    assert.equal(app.height, 10n);
  });

  it("keeps a restored snapshot for others where it makes snapshots itself", async () => {
    keepRestored = true;
    await store.close();
    await open();
    offer();
    await app.applySnapshotChunk(request(0, chunk));
    assert.deepEqual(app.listSnapshots({}).snapshots, [snapshot]);
  });

  it("judges an offer before it asks for a chunk", async () => {
    assert.equal(offer({ format: 2 }), OFFER.rejectFormat);
    assert.equal(offer({ chunks: 0 }), OFFER.reject);
    assert.equal(offer({ metadata: new Uint8Array(3) }), OFFER.reject);
    assert.equal(offer({}, new Uint8Array(0)), OFFER.reject);
    assert.equal(app.offerSnapshot(RequestOfferSnapshot.fromPartial({ appHash })).result, OFFER.reject);
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.abort, "nothing was accepted");
    await requireEmpty();
  });

  it("fetches a wrong chunk again, from somebody else", async () => {
    offer();
    for (const wrong of [chunk.subarray(1), new Uint8Array(0), new Uint8Array(100)])
      assert.deepEqual(await app.applySnapshotChunk(request(0, wrong, "liar")), {
        result: APPLY.retry,
        refetchChunks: [0],
        rejectSenders: ["liar"],
      });
    assert.deepEqual((await app.applySnapshotChunk(request(0, new Uint8Array(1), ""))).rejectSenders, []);
    assert.equal((await app.applySnapshotChunk(request(1, chunk))).result, APPLY.abort, "no such chunk");
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.accept);
    assert.equal(app.height, 9n);
  });

  it("takes chunks in any order, and twice", async () => {
    const parts = [chunk.slice(0, 1000), chunk.slice(1000, 1001), chunk.slice(1001)];
    const { describeChunks } = await import("../../harness/snapshotParts.ts");
    const { toAbciSnapshot } = await import("../../../app/statesync/snapshotInfo.ts");
    const cut = toAbciSnapshot(describeChunks(9n, parts).info);
    assert.equal(offer(cut), OFFER.accept);
    for (const index of [2, 0, 2, 0])
      assert.equal((await app.applySnapshotChunk(request(index, parts[index] ?? chunk))).result, APPLY.accept);
    assert.equal(app.height, 0n);
    await app.applySnapshotChunk(request(1, parts[1] ?? chunk));
    assert.equal(app.height, 9n);
  });

  it("refuses a state of another app hash, and nothing of it stays", async () => {
    offer({}, new Uint8Array(32).fill(1));
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.rejectSnapshot);
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.abort, "the offer is over");
    await requireEmpty();
    assert.equal(offer(), OFFER.accept, "another one may be right");
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.accept);
  });

  it("refuses a state that claims another height", async () => {
    offer({ height: 8n });
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.rejectSnapshot);
    await requireEmpty();
  });

  it("drops half a snapshot when another is offered, and when the node starts again", async () => {
    const { describeChunks } = await import("../../harness/snapshotParts.ts");
    const { toAbciSnapshot } = await import("../../../app/statesync/snapshotInfo.ts");
    const parts = [chunk.slice(0, 10), chunk.slice(10)];
    const cut = toAbciSnapshot(describeChunks(9n, parts).info);
    offer(cut);
    await app.applySnapshotChunk(request(0, parts[0] ?? chunk));
    offer(cut);
    await app.applySnapshotChunk(request(1, parts[1] ?? chunk));
    assert.equal(app.height, 0n, "the first half belonged to the offer before");
    await store.close();
    await open();
    await requireEmpty();
  });

  it("takes none over a state that there is", async () => {
    offer();
    await app.applySnapshotChunk(request(0, chunk));
    assert.equal(offer(), OFFER.abort);
    assert.equal(app.height, 9n);
  });

  it("leaves an empty store when the disk fails in the middle, and takes a snapshot later", async () => {
    await store.close();
    for (const moment of ["beforeCheckpointPage", "beforeRename", "afterRename"] as const) {
      store = await openCommitStore({
        path: join(path, "app"),
        stores: hanzoStores,
        failpoint: (name) => {
          if (name === moment) throw new Error("the disk is full");
        },
      });
      const folder = new SnapshotFolder(join(path, "snapshots"));
      const own = new SnapshotTaker({ store, folder, interval: 0n, keepRecent: 2, log: silentLog });
      const parts = {
        store,
        stores: hanzoStores,
        folder,
        taker: own,
        blocksToKeep: undefined,
        keepRestored,
        maxStateBytes: 1e9,
        log: silentLog,
      };
      app = withSnapshots(await createHanzoApp({ store, minGasPrices: "" }), parts);
      offer();
      await assert.rejects(Promise.resolve(app.applySnapshotChunk(request(0, chunk))), /the disk is full/, moment);
      await store.close();
      await open();
      await requireEmpty();
      await store.close();
    }
    await open();
    offer();
    assert.equal((await app.applySnapshotChunk(request(0, chunk))).result, APPLY.accept);
  });

  it("keeps the blocks that whoever restores the oldest snapshot fetches", async () => {
    const next = chain.nextBlock();
    await chain.app.finalizeBlock(next);
    assert.equal((await chain.app.commit()).retainHeight, next.height - 6n + 1n);
  });

  it("serves nothing where there is nothing", async () => {
    for (const [height, format, index] of [
      [9n, 3, 1],
      [8n, 3, 0],
      [9n, 1, 0],
    ] as const)
      assert.equal((await chain.app.loadSnapshotChunk({ height, format, chunk: index })).chunk.length, 0);
    assert.deepEqual(app.listSnapshots({}).snapshots, []);
  });
});
