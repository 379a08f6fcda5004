import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemoryKv } from "../../harness/memoryKv.ts";
import { createStakingBench, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

/** A chain whose people all withdraw and move stake in one block: each queue has one slot, far in the future. */
function withQueues(people: number): StakingBench {
  const names = Array.from({ length: people }, (_, i) => `person ${i}`);
  const chain = createStakingBench({ validators: { ann: 10n * UNIT, ben: 5n * UNIT }, accounts: names });
  chain.end();
  for (const name of names) {
    chain.delegate(name, "ann", 100n);
    chain.undelegate(name, "ann", 40n);
    chain.redelegate(name, "ann", "ben", 30n);
  }
  chain.end();
  chain.end();
  return chain;
}

/** Bytes of values that a store hands out while something runs. */
function bytesRead(store: MemoryKv, run: () => void): number {
  const { get, iterate } = store;
  let bytes = 0;
  store.get = (key) => {
    const found = get(key);
    bytes += found?.length ?? 0;
    return found;
  };
  store.iterate = function* (range) {
    for (const entry of iterate(range)) {
      bytes += entry[1].length;
      yield entry;
    }
  };
  try {
    run();
  } finally {
    Object.assign(store, { get, iterate });
  }
  return bytes;
}

test("a block reads nothing of queues whose slots are not due, however many delegators they hold", () => {
  const [few, many] = [withQueues(1), withQueues(40)].map((chain) => bytesRead(chain.bench.store("staking"), () => void chain.end()));
  assert.equal(many, few);
});

test("the block in which slots are due reads them, and pays everybody", () => {
  const chain = withQueues(40);
  const store = chain.bench.store("staking");
  const early = bytesRead(store, () => void chain.end(UNBONDING_NS));
  const due = bytesRead(store, () => void chain.end());
  assert.ok(due > early + 40 * 100, `expected the slots of 40 people, got ${due} bytes after ${early}`);
  assert.equal(chain.balance("person 7"), 10n ** 15n - 60n);
});
