// A state machine that starts anew on what is stored and then does something else than the one before is found, however it came to start.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { SimFailure } from "../../../cmd/hanzod/sim/chain/simFailure.ts";
import { simulateChain } from "../../../cmd/hanzod/sim/chain/simulateChain.ts";
import { slashing } from "../../../modules/slashing/index.ts";

/** With this seed the chain crashes once, is restarted once and is joined by one node. */
const [SEED, BLOCKS] = [4, 60];
const STARTS = 4;

const spec = slashing.spec as { beginBlock?: typeof slashing.spec.beginBlock };
const right = spec.beginBlock;
let starts = 0;
let wrongStart = 0;

before(() => {
  spec.beginBlock = (m) => {
    starts++;
    const isWrong = starts === wrongStart;
    const begin = right?.(m);
    return (ctx, block) => {
      begin?.(ctx, block);
      if (isWrong) ctx.event("rumour", []);
    };
  };
});
after(() => {
  if (right !== undefined) spec.beginBlock = right;
});

async function messageOf(wrong: number): Promise<string> {
  [starts, wrongStart] = [0, wrong];
  const failed = await simulateChain({ seed: SEED, blocks: BLOCKS, invariants: 1000 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failed instanceof SimFailure, String(failed));
  return failed.message;
}

it("after a crash, a restart and a snapshot", async () => {
  const tally = await simulateChain({ seed: SEED, blocks: BLOCKS, invariants: 1000 });
  assert.deepEqual([tally.crashes, tally.restarts, tally.snapshots, starts], [1, 1, 1, STARTS]);
  const told = [];
  for (let wrong = 2; wrong <= STARTS; wrong++) told.push(await messageOf(wrong));
  // A restarted one answers the last block out of the log; what it does in later blocks, nodes that join do not.
  const joined = "a node that began with a snapshot comes to other results";
  assert.deepEqual(told.sort(), [joined, joined, "executed again after a crash the block has other results"]);
});
