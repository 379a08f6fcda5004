import { demandAt, type Flow, supplyAt } from "./flow.ts";

/** What people want in one block at a price of the pool before fees, in centre prices; resource base units, never negative. */
export interface Crowd {
  /** Falls with the price. */
  buys(price: number): number;
  /** Rises with the price. */
  sells(price: number): number;
}

/**
 * The crowd of a block.
 * @param unit the resource reserve that flows are parts of, base units
 * @param fee f_m, 0 … below 1
 * @param noise orders that come at any price, in reserves: buys above zero, sales below
 */
export function crowdOf(unit: number, fee: number, flow: Flow, noise = 0): Crowd {
  return {
    buys: (price) => unit * (demandAt(flow, price / (1 - fee)) + Math.max(noise, 0)),
    sells: (price) => unit * (supplyAt(flow, price * (1 - fee)) + Math.max(-noise, 0)),
  };
}
