// Deposits of one side, baskets and first deposits.
import assert from "node:assert/strict";
import type { MsgAddSingleSidedResponse } from "#proto/hanzo/hmm/v1/tx";
import { h2 } from "../../../../modules/hmm/curve/math.ts";
import { quoteBuyExactOut, quoteSell } from "../../../../modules/hmm/curve/quote.ts";
import { largestFraction } from "../../../../modules/hmm/liquidity/addBasket.ts";
import {
  firstShares,
  MIN_FIRST_SHARES,
  proportionalAdd,
  proportionalRemove,
  proportionOf,
} from "../../../../modules/hmm/liquidity/shares.ts";
import type { PoolState } from "../../../../modules/hmm/records.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { alice, bob, E18, openSmall, poolOf } from "../../../unit/hmm/liquidityMarket.ts";
import { define, type Property } from "../../hmm/definitions/property.ts";
import { anyPool, spread } from "../../hmm/pools.ts";

interface OneSided {
  readonly side: "credit" | "resource";
  readonly offer: bigint;
  /** Trade of the same block before, part of the reserve in ppm. */
  readonly before: bigint;
  /** Another split of the offer, in ppm. */
  readonly other: bigint;
}

const oneSided: fc.Arbitrary<OneSided> = fc.record({
  side: fc.constantFrom("credit" as const, "resource" as const),
  offer: fc.bigInt({ min: 10n, max: 3n * 10n ** 9n }),
  before: fc.bigInt({ min: 0n, max: 1000n }),
  other: fc.bigInt({ min: 1n, max: 999_999n }),
});

/** Shares of trading a part of an offer and adding the rest, by hand. */
function sharesByHand(pool: PoolState, side: OneSided["side"], offer: bigint, traded: bigint): bigint {
  const quote = side === "credit" ? quoteBuyExactOut(pool, traded) : quoteSell(pool, traded);
  const sign = side === "credit" ? 1n : -1n;
  const reserves = { psi: pool.psi - sign * traded, theta: pool.theta + sign * quote.curve };
  const rest = side === "credit" ? { psi: traded, theta: offer - quote.credit } : { psi: offer - traded, theta: quote.credit };
  return rest.psi < 0n || rest.theta < 0n ? 0n : proportionalAdd(reserves, pool.shares, rest).shares;
}

function sameAsApart({ side, offer, before, other }: OneSided): void {
  const m = openSmall();
  const amountOut = (10n ** 6n * before).toString();
  if (before > 0n) m.send("BuyExactOut", { sender: bob, poolId: "gpu", amountOut, maxCredit: "9000000000000" });
  const pool = poolOf(m);
  const spent = { credit: m.balance(alice, "credit"), resource: m.balance(alice, "ngpu") };
  const { trade, shares } = m.send<MsgAddSingleSidedResponse>("AddSingleSided", { sender: alice, poolId: "gpu", [side]: offer.toString() });
  const traded = BigInt(trade?.resource ?? "");
  assert.equal(BigInt(shares), sharesByHand(pool, side, offer, traded));
  const cost = spent[side] - m.balance(alice, side === "credit" ? "credit" : "ngpu");
  assert.ok(cost <= offer);
  // No other split of the offer brings more shares, but for the rounding of one unit of resource.
  const most = side === "credit" ? (traded * 2n * other) / 1_000_000n : (offer * other) / 1_000_000n;
  const slack = pool.shares / pool.psi + 2n;
  assert.ok(sharesByHand(pool, side, offer, most) <= BigInt(shares) + slack, `trading ${most} instead of ${traded} brings more`);
  m.requireInvariants();
}

const basket = fc.record({
  pools: fc.array(fc.tuple(anyPool, spread(20, 100), spread(1, 100)), { minLength: 1, maxLength: 16 }),
  maxTheta: spread(1, 104),
});

function basketsFit({
  pools,
  maxTheta,
}: {
  readonly pools: readonly (readonly [object, bigint, bigint])[];
  readonly maxTheta: bigint;
}): void {
  const parts = pools.map(([pool, shares, maxPsi]) => ({ pool: { ...(pool as PoolState), shares }, maxPsi }));
  const fraction = largestFraction(parts, maxTheta);
  let theta = 0n;
  for (const { pool, maxPsi } of parts) {
    const added = proportionOf(pool, pool.shares, (fraction * pool.shares) / E18);
    assert.ok(added.psi <= maxPsi);
    theta += added.theta;
  }
  assert.ok(theta <= maxTheta);
}

interface Inflation {
  readonly psi: bigint;
  readonly theta: bigint;
  readonly lambda: bigint;
  readonly moves: readonly (readonly [add: boolean, millionths: bigint])[];
  readonly victim: bigint;
}

const inflation: fc.Arbitrary<Inflation> = fc.record({
  psi: spread(16, 40),
  theta: spread(21, 40),
  lambda: fc.constantFrom(0n, E18 / 20n, E18 / 2n),
  moves: fc.array(fc.tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 1_000_000n })), { maxLength: 60 }),
  victim: spread(10, 40),
});

function nobodyInflates({ psi, theta, lambda, moves, victim }: Inflation): void {
  let reserves = { psi, theta };
  const curve = { centreE18: (theta * E18) / psi, wE18: E18, lambdaE18: lambda };
  let shares = firstShares({ ...curve, ...reserves });
  fc.pre(shares >= MIN_FIRST_SHARES);
  const before = { h: h2({ ...curve, ...reserves }), shares };
  for (const [add, m] of moves) {
    // All shares but the locked ones are the attacker's. It withdraws and deposits as it likes.
    const part = ((shares - 1000n) * m) / 1_000_000n;
    const moved = add ? proportionOf(reserves, shares, part) : proportionalRemove(reserves, shares, part);
    const sign = add ? 1n : -1n;
    const next = { psi: reserves.psi + sign * moved.psi, theta: reserves.theta + sign * moved.theta };
    if (next.psi < 1000n || next.theta < 1000n || next.psi >> 100n > 0n || next.theta >> 100n > 0n) continue;
    reserves = next;
    shares += sign * part;
  }
  // A share's worth, √H per share, grew by the units that rounding left, no more: fewer than two per move on reserves above a thousand.
  const h = h2({ ...curve, ...reserves });
  const bound = 1000n + 2n * BigInt(moves.length);
  assert.ok(h * before.shares ** 2n * 1000n ** 2n <= before.h * shares ** 2n * bound ** 2n);
  const got = proportionalAdd(reserves, shares, { psi: victim * reserves.psi, theta: victim });
  const after = { psi: reserves.psi + got.psi, theta: reserves.theta + got.theta };
  const back = proportionalRemove(after, shares + got.shares, got.shares);
  assert.ok(got.theta - back.theta <= 1n && got.psi - back.psi <= 1n, "the victim gets back what it brought");
}

/** Claims about deposits. */
export const depositProperties: readonly Property[] = [
  define(
    "L6",
    "a one-sided deposit is the best split into a trade and a proportional deposit, and never better than those",
    60,
    oneSided,
    sameAsApart,
  ),
  define("L7", "a basket stays within all its maxima", 300, basket, basketsFit),
  define("L8", "who deposits first cannot make shares so dear that the next deposit loses", 300, inflation, nobodyInflates),
];
