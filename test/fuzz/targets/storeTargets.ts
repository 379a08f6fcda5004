// What the store reads from its own disk: commit records and the pages of a checkpoint, checksums put right so that the content is met.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { proveCheckpoint } from "../../../app/store/checkpointProof.ts";
import { readCheckpoint } from "../../../app/store/checkpointReader.ts";
import { decodeCommitRecord, encodeCommitRecord, sealBytes, unseal } from "../../../app/store/commitRecord.ts";
import { openCommitStore } from "../../../app/store/commitStore.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { mendCheckpoint } from "../../conformance/checkpointBytes.ts";
import { runWorkloadBlock, workloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";
import { type FuzzTarget, isAccepted } from "../target.ts";

const folder = mkdtempSync(join(tmpdir(), "hz-fuzz-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const records = [1, 2, 3].map((height) => {
  const roots = new Map(workloadStores.map((name, index) => [name, new Uint8Array(32).fill(index)]));
  const { changes } = workloadBlock(3, height, 4);
  return encodeCommitRecord({ version: BigInt(height), appHash: new Uint8Array(32).fill(height), roots, changes });
});

const record: FuzzTarget = {
  name: "commitRecord",
  share: 250,
  seeds: records,
  mend: (bytes) => sealBytes(bytes.subarray(0, Math.max(0, bytes.length - 4))),
  run(bytes) {
    for (const version of [1n, 2n, 3n]) isAccepted(() => decodeCommitRecord(bytes, version), StoreError);
    isAccepted(() => unseal(bytes, "fuzz"), StoreError);
  },
};

async function makeCheckpoint(): Promise<Uint8Array> {
  const store = await openCommitStore({ path: join(folder, "home"), stores: workloadStores });
  for (let block = 0; block < 3; block++) await runWorkloadBlock(store, 3, 4);
  await store.checkpoint();
  await store.close();
  await setTimeout(0);
  return new Uint8Array(readFileSync(join(folder, "home", "checkpoints", `checkpoint-${"3".padStart(20, "0")}`)));
}

const path = join(folder, "checkpoint");
const checkpoint: FuzzTarget = {
  name: "checkpoint",
  share: 20,
  seeds: [await makeCheckpoint()],
  mend: mendCheckpoint,
  run(bytes) {
    writeFileSync(path, bytes);
    const isRight = isAccepted(() => readCheckpoint({ version: 3n, path }), StoreError);
    const isTaken = isAccepted(() => readCheckpoint({ version: 3n, path }, true), StoreError);
    const isProven = isAccepted(() => [...proveCheckpoint({ version: 3n, path })], StoreError);
    if (isTaken && isProven && !isRight) throw new Error("a checkpoint is proven whose nodes do not have its roots");
  },
};

/** Targets of this file. */
export const storeTargets: readonly FuzzTarget[] = [record, checkpoint];
