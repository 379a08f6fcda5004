// An archive that the Cosmos SDK's `snapshots dump` wrote (0.53.8): the snapshot of sdkSnapshot.json, its stream cut into three chunks.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { toHex } from "../../../app/encoding/bytes.ts";
import { readSnapshot } from "../../../app/statesync/readSnapshot.ts";
import { archiveSnapshot, loadSnapshotArchive } from "../../../app/statesync/snapshotArchive.ts";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";

const golden = (name: string): Buffer => readFileSync(new URL(`../../../../test/golden/statesync/${name}`, import.meta.url));
const archive = golden("sdkArchive.tar.gz");
const { appHash } = JSON.parse(golden("sdkSnapshot.json").toString()) as { readonly appHash: string };
const path = mkdtempSync(join(tmpdir(), "hz-sdkarch-"));
after(() => rmSync(path, { recursive: true, force: true }));

test("the SDK's archive of a snapshot is loaded, holds its state, and is written again to the byte", async () => {
  const folder = new SnapshotFolder(join(path, "snapshots"));
  const info = await loadSnapshotArchive(Readable.from([archive]), folder, { maxBytes: 1 << 20 });
  assert.deepEqual([info.height, info.format, info.chunkHashes.length], [12n, 3, 3]);
  assert.deepEqual(folder.list(), [info]);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const index of info.chunkHashes.keys()) yield (await folder.chunk(12n, 3, index)) ?? assert.fail(`chunk ${index}`);
  }
  const { at } = await readSnapshot(info, chunks(), { stores: ["bank", "empty", "staking"], maxStateBytes: 1 << 20 });
  assert.equal(toHex(at.appHash), appHash);
  const own: Uint8Array[] = [];
  for await (const part of archiveSnapshot(folder, info)) own.push(part);
  assert.deepEqual(Buffer.concat(own), gunzipSync(archive));
});
