// Chains of several seeds, each in a process of its own.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { summary } from "../../../cmd/hanzod/sim/chain/chainReport.ts";
import { runManyChains } from "../../../cmd/hanzod/sim/chain/manyChains.ts";
import { simulateChain } from "../../../cmd/hanzod/sim/chain/simulateChain.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";

describe("chains of several seeds", () => {
  it("are the chains that the seeds make one by one, in the order of the seeds", async () => {
    const ended: number[] = [];
    const chains = await runManyChains({ seeds: [7, 8, 9], jobs: 2, words: ["--blocks", "6"], onEnd: ({ seed }) => ended.push(seed) });
    const alone = await Promise.all([7, 8, 9].map((seed) => simulateChain({ seed, blocks: 6 })));
    assert.deepEqual(
      chains.map(({ seed, app_hash }) => [seed, app_hash]),
      alone.map(({ appHash }, i) => [7 + i, appHash]),
    );
    assert.deepEqual(ended.sort(), [7, 8, 9]);
    const { blocks, text } = summary(chains, "changed", 9);
    assert.equal(blocks, 18);
    assert.match(text, /^3 chains, 18 blocks, \d+ transactions in them, every invariant held wherever/);
    assert.match(text, /^2 blocks\/s on the wall, \d+ per second of the processor$/m);
  });
  it("end with the error of the one that goes wrong, as it told it", async () => {
    await assert.rejects(runManyChains({ seeds: [3, 4], jobs: 1, words: ["--blocks", "0"] }), (thrown) => {
      assert.ok(thrown instanceof CliError);
      assert.match(thrown.message, /^seed 3: .*a whole number from 1 to 10000000 is expected/);
      assert.equal(thrown.next, "hanzod sim chain --help");
      return true;
    });
  });
  it("end when they are told to", async () => {
    const stop = new AbortController();
    const running = runManyChains({ seeds: [1, 2, 3], jobs: 2, words: ["--blocks", "1000000"], stop: stop.signal });
    setTimeout(() => stop.abort(), 500);
    await assert.rejects(running, /the simulated chains were stopped/);
  });
});
