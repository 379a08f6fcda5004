import type { Application } from "./application.ts";

/** Snapshot calls of a node that makes and takes none: it has nothing to list, and refuses what is offered. */
export const noSnapshots: Pick<Application, "listSnapshots" | "offerSnapshot" | "loadSnapshotChunk" | "applySnapshotChunk"> = {
  listSnapshots: () => ({ snapshots: [] }),
  // 3 REJECT
  offerSnapshot: () => ({ result: 3 }),
  loadSnapshotChunk: () => ({ chunk: new Uint8Array(0) }),
  // 2 ABORT
  applySnapshotChunk: () => ({ result: 2, refetchChunks: [], rejectSenders: [] }),
};
