import type { BatchOrder, ClearingOptions } from "../../../../modules/hmm/curve/batch.ts";
import { grossOf, type QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { priceE18 } from "../../../../modules/hmm/curve/math.ts";
import { quoteSell } from "../../../../modules/hmm/curve/quote.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part, spread } from "../pools.ts";

const E18 = 10n ** 18n;

/** A batch and the pool that it is cleared against. */
export interface Batch {
  readonly pool: QuotePool;
  readonly orders: readonly BatchOrder[];
  readonly options: ClearingOptions;
}

const tinyReserve = fc.bigInt({ min: 1000n, max: 1100n });
const hugeReserve = fc.bigInt({ min: 1n << 110n, max: (1n << 111n) + 1n });

/** Reserves at the ends of their range: a thousand units, where every unit of rounding counts, and 2^111. */
const extremePool: fc.Arbitrary<QuotePool> = fc
  .record({
    pool: anyPool,
    psi: fc.oneof(tinyReserve, hugeReserve),
    theta: fc.oneof(tinyReserve, hugeReserve),
    risk: fc.constantFrom(0n, E18 / 10n, E18 / 3n - 1n),
    marketFee: fc.constantFrom(0n, 3n * 10n ** 15n, E18 / 20n),
    reference: fc.constantFrom(1000n, 500n, 667n, 999n, 1001n, 3000n),
  })
  .map(({ pool, psi, theta, risk, marketFee, reference }) => {
    const centre = (theta * E18) / psi;
    const centreE18 = centre === 0n ? 1n : centre >= 1n << 112n ? (1n << 112n) - 1n : centre;
    return { ...pool, psi, theta, centreE18, riskE18: risk, marketFeeE18: marketFee, psiRef: (psi * reference) / 1000n };
  });

/** Pools for batches: the ordinary ones, and those at the ends of the range. */
export const batchPool: fc.Arbitrary<QuotePool> = fc.oneof({ arbitrary: anyPool, weight: 3 }, { arbitrary: extremePool, weight: 1 });

type Size = (pool: QuotePool) => bigint;
type Limit = (price: bigint) => bigint;

const anySize: fc.Arbitrary<Size> = fc.oneof(
  fc.bigInt({ min: 1n, max: 50_000n }).map(
    (m): Size =>
      ({ psi }) =>
        part(psi, m),
  ),
  fc.bigInt({ min: 1n, max: 5n }).map(
    (units): Size =>
      () =>
        units,
  ),
);
/** Up to the width of an amount, thousands of times any pool. */
const hostileSize: fc.Arbitrary<Size> = fc.oneof(
  anySize,
  spread(1, 128).map(
    (units): Size =>
      () =>
        units,
  ),
  fc.constant<Size>(({ psi }) => psi),
);

const scaled =
  (thousandths: bigint): Limit =>
  (price) =>
    (price * thousandths) / 1000n + 1n;
const anyLimit: fc.Arbitrary<Limit> = fc.oneof(
  fc.constantFrom(700n, 900n, 970n, 1000n, 1030n, 1100n, 1300n).map(scaled),
  fc.bigInt({ min: 500n, max: 1500n }).map(scaled),
  // Neighbours: limits a few parts in 10¹⁸ apart, where rounding decides.
  fc.bigInt({ min: -6n, max: 6n }).map(
    (d): Limit =>
      (price) =>
        price + d > 0n ? price + d : 1n,
  ),
);
const hostileLimit: fc.Arbitrary<Limit> = fc.oneof(
  anyLimit,
  spread(1, 192).map(
    (limit): Limit =>
      () =>
        limit,
  ),
  fc.constantFrom(1n, 2n, (1n << 192n) - 1n).map(
    (limit): Limit =>
      () =>
        limit,
  ),
);

const anySides = fc.constantFrom("both", "both", "buys", "sales", "crossed", "apart");

function sideOf(sides: string, buy: boolean): BatchOrder["side"] {
  if (sides === "buys") return "buy";
  if (sides === "sales") return "sell";
  return buy ? "buy" : "sell";
}

/** Crossed: buys far above and sales far below the price. Apart: the other way, so that nothing should trade. */
function shifted(sides: string, side: BatchOrder["side"], limit: bigint): bigint {
  if (sides !== "crossed" && sides !== "apart") return limit;
  const moved = (side === "buy") === (sides === "crossed") ? (limit * 5n) / 4n : (limit * 4n) / 5n;
  return moved > 0n ? moved : 1n;
}

const part1000 = fc.bigInt({ min: 0n, max: 1000n });
/** All of the defaults, limits on the net trade, or a pool that trades less than what keeps its invariant. */
const anyOptions: fc.Arbitrary<(pool: QuotePool) => ClearingOptions> = fc.oneof(
  fc.constant(() => ({})),
  fc.tuple(part1000, part1000).map(([out, into]) => ({ psi }: QuotePool) => ({ maxOut: (psi * out) / 2000n, maxIn: (psi * into) / 1000n })),
  fc.bigInt({ min: E18 / 2n, max: E18 }).map((etaE18) => () => ({ etaE18 })),
  part1000.map((out) => ({ psi }: QuotePool) => ({ etaE18: E18 / 2n, maxOut: (psi * out) / 1000n, maxIn: psi })),
);

interface Shape {
  readonly sizes: fc.Arbitrary<Size>;
  readonly limits: fc.Arbitrary<Limit>;
  readonly options: fc.Arbitrary<(pool: QuotePool) => ClearingOptions>;
  readonly most: number;
}

function batches({ sizes, limits, options, most }: Shape): fc.Arbitrary<Batch> {
  return fc
    .record({
      pool: batchPool,
      sides: anySides,
      rows: fc.array(fc.tuple(fc.boolean(), sizes, limits), { minLength: 1, maxLength: most }),
      /** How many orders in a row share a limit. */
      equal: fc.constantFrom(1, 1, 2, 3),
      options,
    })
    .map(({ pool, sides, rows, equal, options: terms }) => {
      const price = priceE18(pool);
      const orders = rows.map(([buy, size], i): BatchOrder => {
        const side = sideOf(sides, buy);
        const limit = rows[i - (i % equal)]?.[2] ?? ((p: bigint): bigint => p);
        const limitE18 = shifted(sides, side, limit(price));
        return { id: BigInt(i + 1), side, psi: size(pool), limitE18: limitE18 >> 192n === 0n ? limitE18 : 1n << 191n };
      });
      return { pool, orders, options: terms(pool) };
    });
}

const noOptions = fc.constant(() => ({}));

/** Sizes up to 5 % of the reserve, limits around the price, the pool at its defaults. */
export const anyBatch = batches({ sizes: anySize, limits: anyLimit, options: noOptions, most: 12 });
/** The same with every way in which the pool can take part. */
export const batchWithOptions = batches({ sizes: anySize, limits: anyLimit, options: anyOptions, most: 10 });
/** Sizes and limits of any width, on pools of any size. */
export const hostileBatch = batches({ sizes: hostileSize, limits: hostileLimit, options: anyOptions, most: 10 });

/**
 * Sales into a pool above its reference, near twice of which the risk potential's distance stops growing: the mean price that the pool bids
 * falls up to there and rises a little after, so that two ranges of amounts can hold at one price.
 */
export const cappedBatch: fc.Arbitrary<Batch> = fc
  .record({
    pool: anyPool.filter(({ psi, theta }) => psi > 1n << 20n && theta > 1n << 20n),
    reference: fc.bigInt({ min: 510n, max: 999n }),
    /** Where the mean price is taken, in parts of the way to the cap. */
    at: fc.bigInt({ min: 500n, max: 2500n }),
    size: fc.bigInt({ min: 500n, max: 4000n }),
    nudge: fc.bigInt({ min: -3n, max: 3n }),
  })
  .map(({ pool: any, reference, at, size, nudge }) => {
    // Without curvature no sale is too large to price.
    const pool = { ...any, lambdaE18: 0n, riskE18: E18 / 3n - 1n, psiRef: (any.psi * reference) / 1000n };
    const way = 2n * pool.psiRef - pool.psi + 1n;
    const reached = (way * at) / 1000n + 1n;
    const psi = (way * size) / 1000n + 1n;
    const { curve, riskFee } = quoteSell(pool, reached);
    const mean = ((curve - riskFee) * E18) / reached;
    // The least limit whose price before the fee is that mean, or a neighbour.
    const limitE18 = (mean * (E18 - pool.marketFeeE18)) / E18 + nudge;
    const orders: BatchOrder[] = [{ id: 1n, side: "sell", psi, limitE18: limitE18 > 0n ? limitE18 : grossOf(pool, 1n) }];
    return { pool, orders, options: {} };
  });
