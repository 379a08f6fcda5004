/**
 * Who comes to the market in a block (Eq. 4): demand D(p) = φ·a_d·(p/c)^−ε_d and supply S(p) = φ·a_s·(p/c)^ε_s, as parts of the resource
 * reserve before the shock. Floating point: behaviour of people, not arithmetic of the market.
 */
export interface Flow {
  /** φ: part of the reserve that comes per block and side at the centre price; > 0. */
  readonly share: number;
  /** a_d: demand relative to before the shock; > 0. */
  readonly demand: number;
  /** a_s: supply relative to before the shock; > 0. */
  readonly supply: number;
  /** ε_d: demand falls by ε_d per cent when the price rises by 1 %; ≥ 0. */
  readonly demandElasticity: number;
  /** ε_s: supply rises by ε_s per cent when the price rises by 1 %; ≥ 0, and ε_d + ε_s > 0. */
  readonly supplyElasticity: number;
}

/** A flow from a block on. */
export interface Phase {
  readonly from: number;
  readonly flow: Flow;
}

/** What buyers ask for at an all-in price, in reserves per block. @param price in centre prices, > 0 */
export function demandAt(flow: Flow, price: number): number {
  return flow.share * flow.demand * price ** -flow.demandElasticity;
}

/** What sellers bring at a price after fees, in reserves per block. @param price in centre prices, > 0 */
export function supplyAt(flow: Flow, price: number): number {
  return flow.share * flow.supply * price ** flow.supplyElasticity;
}

/**
 * Demand less supply at a price of the pool, with the market fee that buyers pay above and sellers get below it.
 * @param price before fees, in centre prices, > 0
 * @param fee f_m, 0 … below 1
 * @returns reserves per block; falls with the price
 */
export function excessAt(flow: Flow, price: number, fee: number): number {
  return demandAt(flow, price / (1 - fee)) - supplyAt(flow, price * (1 - fee));
}

/** The price p* at which demand meets supply, in centre prices. @param fee f_m */
export function restPrice(flow: Flow, fee: number): number {
  const { demand, supply, demandElasticity, supplyElasticity } = flow;
  const tilt = Math.log(demand / supply) + (demandElasticity - supplyElasticity) * Math.log(1 - fee);
  return Math.exp(tilt / (demandElasticity + supplyElasticity));
}

/** The flow of a block. @param phases in the order of `from`, the first from block 0 */
export function flowIn(phases: readonly Phase[], block: number): Flow {
  const phase = phases.findLast(({ from }) => from <= block);
  if (phase === undefined) throw new Error(`expected a flow for block ${block}, the first begins later`);
  return phase.flow;
}
