/**
 * Largest argument whose cost stays within a budget, for a cost that never falls. The answer depends on the cost alone, not on the way it is
 * found: chords and extrapolated secants for speed (a convex cost crosses the budget between the two), halving for the worst case.
 * @param upper largest argument that can be the answer, ≥ 0
 * @param budget ≥ cost(0)
 * @param cost non-decreasing on 0 … upper; the cost of 0 is 0
 * @param nextCost bound from below of cost(y + 1), of a y whose cost was just asked for: ends the search without looking further
 * @returns the largest y ≤ upper with cost(y) ≤ budget
 */
export function searchLargest(
  upper: bigint,
  budget: bigint,
  cost: (y: bigint) => bigint,
  nextCost: (y: bigint, cost: bigint) => bigint = (_, c) => c,
): bigint {
  let low = 0n;
  let lowCost = 0n;
  let high = upper;
  let highCost = cost(upper);
  if (highCost <= budget) return upper;
  let before: { readonly y: bigint; readonly cost: bigint } | undefined;
  // INVARIANT: cost(low) ≤ budget < cost(high).
  for (let round = 0; high - low > 1n; round++) {
    const guess = nextGuess(round % 4, budget, { low, lowCost, high, highCost, before });
    const y = guess <= low ? low + 1n : guess >= high ? high - 1n : guess;
    const c = cost(y);
    if (c <= budget) {
      before = { y: low, cost: lowCost };
      low = y;
      lowCost = c;
      if (nextCost(y, c) > budget) return y;
    } else {
      high = y;
      highCost = c;
    }
  }
  return low;
}

interface Bracket {
  readonly low: bigint;
  readonly lowCost: bigint;
  readonly high: bigint;
  readonly highCost: bigint;
  /** The low end before the last one. */
  readonly before: { readonly y: bigint; readonly cost: bigint } | undefined;
}

function nextGuess(kind: number, budget: bigint, { low, lowCost, high, highCost, before }: Bracket): bigint {
  if (kind === 3) return (low + high) >> 1n;
  if (kind === 1 && before !== undefined && lowCost > before.cost) {
    return low + ((low - before.y) * (budget - lowCost)) / (lowCost - before.cost) + 1n;
  }
  return low + ((high - low) * (budget - lowCost)) / (highCost - lowCost);
}
