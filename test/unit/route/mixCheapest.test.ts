import assert from "node:assert/strict";
import { test } from "node:test";
import { mixCheapest } from "../../../app/route/mixCheapest.ts";

const column = (cost: number, ...excess: number[]) => ({ cost, excess: Float64Array.from(excess) });

test("without limits the cheapest column is taken whole", () => {
  const { cost, shares } = mixCheapest([column(3), column(1), column(2)]);
  assert.equal(cost, 1);
  assert.deepEqual([...shares], [[1, 1]]);
});

test("two columns mix so that a limit is met exactly, at the price of the limit", () => {
  const { cost, shares, prices } = mixCheapest([column(10, -1), column(2, 3), column(4, -1)]);
  assert.ok(Math.abs(cost - 3.5) < 1e-12);
  assert.ok(Math.abs((shares.get(1) ?? 0) - 0.25) < 1e-12 && Math.abs((shares.get(2) ?? 0) - 0.75) < 1e-12);
  // From excess 3 to −1 the cost rises by 2.
  assert.ok(Math.abs((prices[0] ?? 0) - 0.5) < 1e-12);
});

test("a search that goes on from an earlier basis ends where a fresh one does", () => {
  const columns = [
    column(10, -1, -1),
    column(1, 2, -1),
    column(2, -1, 2),
    column(5, -0.5, -0.5),
    column(3, 1, -0.2),
    column(2.5, -0.3, 0.9),
  ];
  let basis: readonly number[] | undefined;
  for (let count = 2; count <= columns.length; count++) {
    const some = columns.slice(0, count);
    const step = mixCheapest(some, basis);
    ({ basis } = step);
    assert.ok(Math.abs(step.cost - mixCheapest(some).cost) < 1e-12, `${count} columns`);
    let [sum, first, second] = [0, 0, 0];
    for (const [index, share] of step.shares) {
      sum += share;
      first += share * (columns[index]?.excess[0] ?? 0);
      second += share * (columns[index]?.excess[1] ?? 0);
    }
    assert.ok(Math.abs(sum - 1) < 1e-12 && first <= 1e-12 && second <= 1e-12);
  }
});
