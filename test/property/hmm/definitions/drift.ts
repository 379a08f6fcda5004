// Random swaps in all four directions on random pools: H is compared after every single one.

import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { h2, inPsi, inTheta, outPsi, outTheta } from "../../../../modules/hmm/curve/math.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool } from "../pools.ts";

/** Outcome of a campaign. */
export interface Drift {
  readonly swaps: number;
  readonly pools: number;
  /** First swap that lowered H, if any. */
  readonly fall: string | undefined;
  /** Swaps that raised H, the others kept it exactly. */
  readonly rises: number;
}

/** Draws are reproducible from the seed: a 32-bit generator with good mixing (Mulberry). */
function createDraw(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** The four directions as changes of the reserves. */
const SWAPS: readonly ((pool: QuotePool, amount: (of: bigint) => bigint) => QuotePool)[] = [
  (pool, amount) => {
    const y = amount(pool.psi);
    return { ...pool, psi: pool.psi - y, theta: pool.theta + inTheta(pool, y) };
  },
  (pool, amount) => {
    const t = amount(pool.theta);
    return { ...pool, psi: pool.psi - outPsi(pool, t), theta: pool.theta + t };
  },
  (pool, amount) => {
    const y = amount(pool.psi);
    return { ...pool, psi: pool.psi + y, theta: pool.theta - outTheta(pool, y) };
  },
  (pool, amount) => {
    const t = amount(pool.theta);
    return { ...pool, psi: pool.psi + inPsi(pool, t), theta: pool.theta - t };
  },
];

/** Keeps Θ/(cΨ) within 30 (3 where the curve ends early): beyond, only swaps back are drawn. */
function sideOf({ psi, theta, centreE18, lambdaE18, wE18 }: QuotePool): "dear" | "cheap" | "middle" {
  const ratio = 10n * lambdaE18 > wE18 ? 3n : 30n;
  const [x, t] = [centreE18 * psi, 10n ** 18n * theta];
  return t > ratio * x ? "dear" : x > ratio * t ? "cheap" : "middle";
}

/**
 * Swaps until the count is reached or H falls.
 * @param perPool swaps on one pool before the next is drawn
 * @param progress called after every pool
 */
export function searchDrift(swaps: number, seed: number, perPool: number, progress: (done: number) => void = () => undefined): Drift {
  const draw = createDraw(seed);
  const pools = Math.ceil(swaps / perPool);
  let done = 0;
  let rises = 0;
  for (let i = 0; i < pools; i++) {
    let [pool] = fc.sample(anyPool, { seed: seed + i, numRuns: 1 });
    if (pool === undefined) break;
    let h = h2(pool);
    for (const last = Math.min(swaps, done + perPool); done < last; done++) {
      const side = sideOf(pool);
      const direction = side === "dear" ? 2 + (draw() & 1) : side === "cheap" ? draw() & 1 : draw() & 3;
      // Amounts from a millionth to 6 % of a reserve, evenly over their orders of magnitude.
      const width = BigInt(1 << (draw() % 17));
      const millionths = (BigInt(draw() % 65536) * width) >> 16n;
      const after: QuotePool | undefined = SWAPS[direction]?.(pool, (of) => (of * millionths) / 1_000_000n + 1n);
      if (after === undefined) break;
      const value = h2(after);
      if (value < h) {
        const text = JSON.stringify({ pool, after, direction }, (_key, v: unknown) => (typeof v === "bigint" ? v.toString() : v));
        return { swaps: done + 1, pools: i + 1, fall: `seed ${seed}, pool ${i}: H fell in ${text}`, rises };
      }
      if (value > h) rises++;
      pool = after;
      h = value;
    }
    progress(done);
  }
  return { swaps: done, pools, fall: undefined, rises };
}
