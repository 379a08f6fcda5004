// A pool of a problem with what both its price and its bound need: pools of a problem do not change, so each figure is worked out once, square
// roots above all. Held by the pool itself and not in a map of all pools, whose upkeep would cost more than it saves.

import { E18 } from "#sdk";
import { grossOf, type QuotePool, thetaReference } from "../curve/fees.ts";
import { inTheta, type Level, levelOf } from "../curve/math.ts";
import { quoteBuyAt } from "../curve/quote.ts";

/** A pool as routes see it. The pool state of the market with one more figure fits. */
export interface RoutePool extends QuotePool {
  readonly id: string;
  readonly resourceClass: string;
  readonly service: {
    readonly group: string;
    readonly region: string;
    readonly tier: number;
    readonly latencyUs: bigint;
    readonly jitterUs: bigint;
  };
  /** Largest amount that can be bought from the pool at once now, resource base units, below psi. 0 leaves the pool out. */
  readonly cap: bigint;
}

/** A price as a fraction: credit base units per resource base unit. */
export class Fraction {
  readonly num: bigint;
  readonly den: bigint;

  constructor(num: bigint, den: bigint) {
    this.num = num;
    this.den = den;
  }
}

/** What slopes of a pool's cost have in common. */
export class SlopeTerms {
  /** 1 − f_m, times 10¹⁸. */
  readonly net: bigint;
  /** Ψ_ref, times 10¹⁸. */
  readonly reference: bigint;
  /** Both multiplied. */
  readonly netReference: bigint;
  /**
   * Credit base units that rounding adds to a cost at most: δ (1 unit, which also raises the potential by less than one third), the potential (1),
   * and the gross.
   */
  readonly rounding: bigint;

  constructor(pool: QuotePool) {
    this.net = E18 - pool.marketFeeE18;
    this.reference = E18 * pool.psiRef;
    this.netReference = this.net * this.reference;
    this.rounding = grossOf(pool, 3n) + 1n;
  }
}

/** A pool that remembers. */
export class KnownPool implements RoutePool {
  readonly id: string;
  readonly resourceClass: string;
  readonly service: RoutePool["service"];
  readonly cap: bigint;
  readonly psi: bigint;
  readonly theta: bigint;
  readonly centreE18: bigint;
  readonly wE18: bigint;
  readonly lambdaE18: bigint;
  readonly marketFeeE18: bigint;
  readonly riskE18: bigint;
  readonly psiRef: bigint;
  /** Place among the pools that it came with. */
  readonly place: number;
  private first: Fraction | undefined;
  private terms: SlopeTerms | undefined;
  private thetaRef: bigint | undefined;
  private level: Level | undefined;
  private amount = 0n;
  private curve = 0n;
  /** Of the amount; undefined until asked for. */
  private credit: bigint | undefined;

  constructor(pool: RoutePool, place: number) {
    this.id = pool.id;
    this.resourceClass = pool.resourceClass;
    this.service = pool.service;
    this.cap = pool.cap;
    this.psi = pool.psi;
    this.theta = pool.theta;
    this.centreE18 = pool.centreE18;
    this.wE18 = pool.wE18;
    this.lambdaE18 = pool.lambdaE18;
    this.marketFeeE18 = pool.marketFeeE18;
    this.riskE18 = pool.riskE18;
    this.psiRef = pool.psiRef;
    this.place = place;
  }

  /** Credit reserve at the pool's reference, as {@link thetaReference}. */
  reference(): bigint {
    this.thetaRef ??= thetaReference(this);
    return this.thetaRef;
  }

  /** What slopes of the pool's cost have in common, see {@link SlopeTerms}. */
  slopeTerms(): SlopeTerms {
    this.terms ??= new SlopeTerms(this);
    return this.terms;
  }

  /** What one more unit costs at least, market fee included and risk fee not (Eq. 3), exact. */
  firstPrice(): Fraction {
    if (this.first === undefined) {
      // As priceFraction, with what its terms and the fee have in common left out: most options are dismissed by this fraction.
      const { centreE18, wE18, lambdaE18 } = this;
      const x = centreE18 * this.psi;
      const t = E18 * this.theta;
      this.first = new Fraction(centreE18 * (wE18 * t + lambdaE18 * x), (wE18 * x + lambdaE18 * t) * (E18 - this.marketFeeE18));
    }
    return this.first;
  }

  /**
   * Credit that the curve asks for an amount, as {@link inTheta}; the last one is remembered.
   * @param near a guess ≥ 0 of what comes out, where there is one
   * @throws hmm/8 when the amount is the whole reserve or more
   */
  curveCost(amount: bigint, near?: bigint): bigint {
    if (amount !== this.amount) {
      this.level ??= levelOf(this);
      this.curve = inTheta(this, amount, this.level, near);
      this.amount = amount;
      this.credit = undefined;
    }
    return this.curve;
  }

  /**
   * Credit base units for an amount with all fees, as of quoteBuyExactOut; the last one is remembered.
   * @throws hmm/8 when the amount is the whole reserve or more
   */
  cost(amount: bigint): bigint {
    const curve = this.curveCost(amount);
    this.credit ??= quoteBuyAt(this, () => this.reference(), amount, curve).credit;
    return this.credit;
  }
}

const known = new WeakMap<readonly RoutePool[], readonly KnownPool[]>();

/**
 * The pools of a list, knowing what was worked out of them when the same list came before.
 * CONTRACT: neither the list nor its pools change afterwards.
 */
export function knownPools(pools: readonly RoutePool[]): readonly KnownPool[] {
  let list = known.get(pools);
  if (list === undefined) {
    list = pools.map((pool, place) => new KnownPool(pool, place));
    known.set(pools, list);
  }
  return list;
}
