// Processes that die, or stand still: at every named moment of the store, at CometBFT's own fail points, and at any other moment.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type Failpoint, failpoints } from "../../../app/store/failpoint.ts";
import { killComet } from "../../e2e/harness/nodeProcess.ts";
import { waitForHeight } from "../../e2e/harness/rpc.ts";
import { editHighestRecord, removeCheckpoint } from "./damageFaults.ts";
import { type FaultChain, PATIENCE_MS } from "./faultChain.ts";
import type { FaultKind } from "./faultKind.ts";

/** Fail points of the stock CometBFT: six in the consensus state, four in the execution of a block. */
const COMET_FAILPOINTS = 10;
/** Moments of every block may be passed so often before the fault, those of a checkpoint fewer times. */
const PASSES = { block: 12, checkpoint: 3 };
/** Blocks within which there is a checkpoint. */
const CHECKPOINT_BLOCKS = 8;
/** Starts in search of one that replays something: three of four do. */
const MOST_STARTS = 10;
const ofProof = /Proof/;
const ofCheckpoints = /Checkpoint|Sync|Rename|Removal|Prune/;

/**
 * Recovery replays what lies above the last checkpoint: three heights at most, and none where the node was killed right behind one, so that the
 * start passes no such moment. Then it is killed and started once more, a block later.
 */
async function dieInReplay(chain: FaultChain): Promise<void> {
  for (let start = 0; start < MOST_STARTS; start++) {
    await chain.grow(1);
    await chain.kill();
    const node = await chain.spawn({ FAIL_TEST_POINT: "beforeReplay:0" });
    const isUp = await node.ready().then(
      () => true,
      () => false,
    );
    if (!isUp) return;
  }
  assert.fail(`beforeReplay: ${MOST_STARTS} starts had nothing to replay:\n${chain.output}`);
}

/** The node dies by itself at a moment of its store. */
function ownFault(point: Failpoint): FaultKind {
  return {
    name: `own:${point}`,
    async run(chain, random) {
      if (point === "beforeTruncate" || point === "afterTruncate") return truncationFault(chain, point);
      // It begins with a checkpoint that is to be proven.
      if (ofProof.test(point)) await chain.grow(CHECKPOINT_BLOCKS);
      const passes = ofProof.test(point) ? 0 : random.below(ofCheckpoints.test(point) ? PASSES.checkpoint : PASSES.block);
      await chain.load(random, async () => {
        if (point === "beforeReplay") return dieInReplay(chain);
        await chain.spawn({ FAIL_TEST_POINT: `${point}:${passes}` });
        await chain.ended(`${point} after ${passes}`);
      });
      requireKilledAt(chain, point);
      return "survived";
    },
  };
}

/** The last record is torn, and the node dies while it takes it back. */
async function truncationFault(chain: FaultChain, point: Failpoint): Promise<"healed"> {
  await chain.kill(true);
  const torn = await editHighestRecord(chain, (bytes) => bytes.subarray(0, bytes.length - 2));
  // A checkpoint of the same height would make the record needless.
  await removeCheckpoint(chain, torn);
  await chain.spawn({ FAIL_TEST_POINT: `${point}:0` });
  await chain.ended(point);
  requireKilledAt(chain, point);
  return "healed";
}

function requireKilledAt(chain: FaultChain, point: Failpoint): void {
  assert.equal(chain.node.child.signalCode, "SIGKILL", `${point}: the node ended in another way:\n${chain.output}`);
  assert.ok(chain.output.includes(`fail point ${point} reached`), chain.output);
}

/** CometBFT dies at one of its own fail points and is started again by the node. @param index counts the fail points that it passes */
function cometFault(point: number): FaultKind {
  return {
    name: `comet:${point}`,
    async run(chain, random) {
      const index = point + COMET_FAILPOINTS * random.below(4);
      await chain.load(random, async () => {
        const node = await chain.spawn({}, ["--comet", await chain.cometFailing(index)]);
        await restarted(chain);
        assert.equal(node.child.exitCode, null, chain.output);
      });
      return "survived";
    },
  };
}

/** CometBFT dies before its log says that a height is over, and again when it has signed the next one: its log has to be mended. */
const lostEndFault: FaultKind = {
  name: "comet:lostEnd",
  async run(chain, random) {
    // 3: the block is stored; the start that follows passes 4 fail points in its handshake and 2 before its precommit, and dies behind it.
    const comet = await chain.cometFailing(3, 6);
    await chain.load(random, async () => {
      const node = await chain.spawn({}, ["--comet", comet]);
      await restarted(chain, 2);
      assert.equal(node.child.exitCode, null, chain.output);
    });
    // Where CometBFT died before the next height was in its log, it finds its way by itself; the campaign then sees the chain go on.
    return /write-ahead log: CometBFT died between storing block/.test(chain.output) ? "healed" : "survived";
  },
};

/** Waits for as many lines that say that CometBFT ended, and for the last successor. @param said what the node had printed before */
async function restarted(chain: FaultChain, times = 1, said = ""): Promise<void> {
  const started = performance.now();
  const deadline = performance.now() + PATIENCE_MS;
  while (chain.output.slice(said.length).split("is started again").length <= times) {
    assert.ok(performance.now() < deadline && chain.node.child.exitCode === null, `CometBFT did not fail:\n${chain.output}`);
    await sleep(20);
  }
  await chain.node.ready();
  chain.readyMs.push(performance.now() - started);
}

function killFault(name: "app" | "comet" | "both"): FaultKind {
  return {
    name: `kill:${name}`,
    async run(chain, random) {
      await chain.load(random, async () => {
        await sleep(random.below(1500));
        if (name === "comet") {
          const said = chain.output;
          assert.ok(await killComet(chain.chain), "CometBFT ran");
          await restarted(chain, 1, said);
        } else {
          await chain.kill(name === "both");
        }
      });
      return "survived";
    },
  };
}

/** The node is killed while it starts. */
const startFault: FaultKind = {
  name: "kill:start",
  async run(chain, random) {
    await chain.kill(random.below(2) === 0);
    await chain.spawn();
    await sleep(random.below(1800));
    await chain.kill(random.below(2) === 0);
    return "survived";
  },
};

/** Lines about CometBFT's process; others may come late from a start. */
function ofComet(output: string): readonly string[] {
  return output.split("\n").filter((line) => / comet: /.test(line));
}

/** One of the processes stands still and goes on; nothing may have to be started again. */
function pauseFault(name: "app" | "comet"): FaultKind {
  return {
    name: `pause:${name}`,
    async run(chain, random) {
      const pid = name === "app" ? chain.node.child.pid : await chain.cometPid();
      assert.ok(pid !== undefined);
      const { height } = await chain.head();
      const said = ofComet(chain.output);
      await chain.load(random, async () => {
        for (let pause = 0; pause < 3; pause++) {
          await sleep(random.below(300));
          process.kill(pid, "SIGSTOP");
          try {
            await sleep(200 + random.below(1500));
          } finally {
            process.kill(pid, "SIGCONT");
          }
        }
        await waitForHeight(chain.chain.rpc, height + 3, PATIENCE_MS);
      });
      assert.equal(chain.node.child.exitCode, null, chain.output);
      assert.deepEqual(ofComet(chain.output), said, "nothing had to be started again");
      return "survived";
    },
  };
}

/** Every synced write of the node is slow; then it is killed. */
const slowDiskFault: FaultKind = {
  name: "disk:slow",
  async run(chain, random) {
    await chain.start({ FAIL_TEST_POINT: `beforeBatch:0:${100 + random.below(300)}` });
    const { height } = await chain.head();
    await chain.load(random, () => waitForHeight(chain.chain.rpc, height + 4, PATIENCE_MS));
    await chain.kill(random.below(2) === 0);
    return "survived";
  },
};

/** Everything that ends, stops or slows processes. */
export const killFaults: readonly FaultKind[] = [
  ...failpoints.map(ownFault),
  ...Array.from({ length: COMET_FAILPOINTS }, (_, point) => cometFault(point)),
  lostEndFault,
  killFault("app"),
  killFault("comet"),
  killFault("both"),
  startFault,
  pauseFault("app"),
  pauseFault("comet"),
  slowDiskFault,
];
