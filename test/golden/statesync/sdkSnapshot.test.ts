// A snapshot made by the Cosmos SDK's own writer (cosmossdk.io/store v1.1.2, compressed as it compresses).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { decodeSnapshotInfo, encodeSnapshotInfo, parseAbciSnapshot, toAbciSnapshot } from "../../../app/statesync/snapshotInfo.ts";
import { readMemory, snapshotOf } from "../../harness/snapshotParts.ts";

interface Vector {
  readonly height: number;
  readonly format: number;
  readonly hash: string;
  readonly metadata: string;
  readonly snapshot: string;
  readonly appHash: string;
  readonly chunks: readonly string[];
}

const vector = JSON.parse(readFileSync(new URL("../../../../test/golden/statesync/sdkSnapshot.json", import.meta.url), "utf8")) as Vector;
const chunks = vector.chunks.map(fromHex);
const stores = ["bank", "empty", "staking"];

test("the SDK's description of a snapshot is read and written byte for byte", () => {
  const info = decodeSnapshotInfo(fromHex(vector.snapshot));
  assert.deepEqual([info.height, info.format, toHex(info.hash)], [BigInt(vector.height), vector.format, vector.hash]);
  assert.equal(toHex(encodeSnapshotInfo(info)), vector.snapshot);
  const abci = toAbciSnapshot(info);
  assert.equal(toHex(abci.metadata), vector.metadata);
  assert.deepEqual(parseAbciSnapshot(abci), info);
});

test("the state in the SDK's chunks has the SDK's app hash, and the same nodes come out again", async () => {
  const info = decodeSnapshotInfo(fromHex(vector.snapshot));
  const { trees, at } = await readMemory({ info, chunks }, { stores, appHash: fromHex(vector.appHash) });
  assert.equal(toHex(at.appHash), vector.appHash);
  assert.deepEqual([...trees.keys()], stores);
  const own = snapshotOf(info.height, new Map(Array.from(trees, ([name, tree]) => [name, tree.exportNodes(info.height)])));
  const again = await readMemory(own, { stores, appHash: fromHex(vector.appHash) });
  assert.deepEqual(again.at, at);
  assert.ok((trees.get("bank")?.size().keys ?? 0) > 50);
});
