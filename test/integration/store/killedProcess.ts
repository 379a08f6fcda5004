// A process that commits blocks until it is killed: by itself at a named moment, or from outside. It says each height once it is acknowledged.
// Arguments: folder, seed, name of the moment (or "none"), how many times it is passed before.

import { writeSync } from "node:fs";
import { openCommitStore } from "../../../app/store/commitStore.ts";
import { runWorkloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";

/** How the store of this test is opened: checkpoints and pruning every few blocks, the state proven behind the start. */
export const killSettings = {
  stores: workloadStores,
  checkpointInterval: 3n,
  keepVersions: 4n,
  proveBehind: {
    fromBytes: 0,
    refuted(error: Error) {
      throw error;
    },
  },
};

const [, script, path, seed, moment, passes] = process.argv;
if (path !== undefined && script?.includes("killedProcess")) {
  let left = Number(passes);
  const store = await openCommitStore({
    ...killSettings,
    path,
    failpoint(name) {
      if (name !== moment) return;
      if (left === 0) process.kill(process.pid, "SIGKILL");
      left -= 1;
    },
  });
  writeSync(1, "open\n");
  // The proof begins now, beside the blocks.
  void store.settle();
  for (;;) {
    const height = await runWorkloadBlock(store, Number(seed));
    writeSync(1, `${height}\n`);
  }
}
