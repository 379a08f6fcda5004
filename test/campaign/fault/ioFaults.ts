// A disk that fails while the node runs: errors of the store's log and of its checkpoints, and fsync that takes its time.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { waitForHeight } from "../../e2e/harness/rpc.ts";
import { type FaultChain, PATIENCE_MS } from "./faultChain.ts";
import type { FaultKind } from "./faultKind.ts";
import type { Random } from "./load.ts";

/** Moments of a checkpoint and of what follows it at which the disk may fail; four blocks lie between two checkpoints. */
const BACKGROUND = [
  "beforeFlat",
  "beforeCheckpointPage",
  "afterCheckpointPage",
  "beforeSync",
  "beforeRename",
  "beforeRemoval",
  "beforePrune",
] as const;

/** A commit that fails, with the batch on the disk or without: the node ends, says why, and the next start knows which of the two it was. */
function commitFault(how: "eio" | "unsure"): FaultKind {
  return {
    name: `io:sync-${how}`,
    async run(chain, random) {
      await chain.load(random, async () => {
        await chain.spawn({ FAIL_TEST_IO: `sync:${how}:${3 + random.below(10)}` });
        const code = await chain.ended("a failed commit");
        assert.ok(code !== 0 && code !== null, `a failed commit stops the node with a code, got ${code}:\n${chain.output}`);
      });
      assert.match(chain.output, /HZN-\w+.*EIO/s, "the operator is told of the disk");
      return "survived";
    },
  };
}

/** What is written in the background fails once: the node goes on and tries again. */
async function goesOn(chain: FaultChain, random: Random, env: Readonly<Record<string, string>>): Promise<"survived"> {
  await chain.start(env);
  const { height } = await chain.head();
  await chain.load(random, async () => {
    await waitForHeight(chain.chain.rpc, height + 16, PATIENCE_MS);
    // What is written in the background may be blocks behind.
    for (const late = performance.now() + PATIENCE_MS; !/store backgroundFailed: .*EIO/.test(chain.output); await sleep(50))
      assert.ok(performance.now() < late, `it was told:\n${chain.output}`);
  });
  await chain.kill(random.below(2) === 0);
  return "survived";
}

/** A read fails while the store is opened: it is refused by name, or the read was of something that another copy replaces. */
const readFault: FaultKind = {
  name: "io:read",
  async run(chain, random) {
    await chain.kill(random.below(2) === 0);
    const node = await chain.spawn({ FAIL_TEST_IO: `read:eio:${random.below(8)}` });
    const isReady = await node.ready().then(
      () => true,
      () => false,
    );
    if (isReady) return /store \w+(Healed|Dropped)/.test(chain.output) ? "healed" : "survived";
    assert.match(chain.output, /HZN-STORE.*store\/18.*EIO/s, `a refusal names the error:\n${chain.output}`);
    return "refused";
  },
};

/** Every synced write of the database takes time, while the node's own thread goes on; then it is killed. */
const slowSyncFault: FaultKind = {
  name: "io:slow",
  async run(chain, random) {
    await chain.start({ FAIL_TEST_IO: `sync:slow:0:${50 + random.below(350)}` });
    const { height } = await chain.head();
    await chain.load(random, () => waitForHeight(chain.chain.rpc, height + 4, PATIENCE_MS));
    await chain.kill(random.below(2) === 0);
    return "survived";
  },
};

/** Everything that a failing disk does to a running node. */
export const ioFaults: readonly FaultKind[] = [
  commitFault("eio"),
  commitFault("unsure"),
  readFault,
  slowSyncFault,
  { name: "io:write", run: (chain, random) => goesOn(chain, random, { FAIL_TEST_IO: `write:eio:${random.below(6)}` }) },
  ...BACKGROUND.map(
    (moment): FaultKind => ({
      name: `io:${moment}`,
      run: (chain, random) => goesOn(chain, random, { FAIL_TEST_POINT: `${moment}:${random.below(2)}:eio` }),
    }),
  ),
];
