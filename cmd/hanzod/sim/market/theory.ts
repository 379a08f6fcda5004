// What the continuous theory (Eq. 4) says, in floats and by other formulas than the simulation uses: an oracle for it, not a second market.
// Normalised as in the whitepaper's appendix: w = 1, centre price 1, both reserves 1 at the start.
import { E18 } from "#sdk";
import { maxReserveRatio } from "../../../../modules/hmm/curve/limits.ts";
import { excessAt, type Flow, flowIn, type Phase } from "./flow.ts";

/** How much less the price moves than on a curve without λ: (w − λ)/(w + λ). */
export function stiffness(lambda: number): number {
  return (1 - lambda) / (1 + lambda);
}

/** Prices at which the chain stops trading away from the centre: 95 % of the band. @returns centre prices, the lower one 1/upper */
export function highestPrice(lambda: number): number {
  const lambdaE18 = BigInt(Math.round(lambda * 1e18));
  const { num, den } = maxReserveRatio({ wE18: E18, lambdaE18: lambdaE18 === 0n ? 1n : lambdaE18 });
  const ratio = Number((num * E18) / den) / 1e18;
  return (ratio + lambda) / (1 + lambda * ratio);
}

/** Speed of the price per block under a flow: what is wanted over the depth −V″(p) of the pool, V = √(2κ·g/(w² − λ²)), 2κ = 2(w + λ). */
function priceSpeed(lambda: number, flow: Flow, fee: number, price: number): number {
  const g = 2 * price - lambda * (1 + price * price);
  if (g <= 0) return 0;
  const depth = Math.sqrt(2 * (1 + lambda) * (1 - lambda * lambda)) / g ** 1.5;
  return excessAt(flow, price, fee) / depth;
}

/** The price's course by Eq. (4) in continuous time, one Runge–Kutta step of the fourth order per block. @returns one price per block, from 1 */
export function continuousPrices(lambda: number, phases: readonly Phase[], fee: number, blocks: number): number[] {
  const [top, prices] = [highestPrice(lambda), [1]];
  let price = 1;
  for (let block = 0; block < blocks; block++) {
    const flow = flowIn(phases, block);
    const speed = (p: number): number => priceSpeed(lambda, flow, fee, p);
    const k1 = speed(price);
    const k2 = speed(price + k1 / 2);
    const k3 = speed(price + k2 / 2);
    const k4 = speed(price + k3);
    price = Math.min(Math.max(price + (k1 + 2 * k2 + 2 * k3 + k4) / 6, 1 / top), top);
    prices.push(price);
  }
  return prices;
}

/** τ = (w + λ)/(2(w − λ)·φ·(ε_d + ε_s)): blocks in which a small distance from rest falls by a factor e. */
export function relaxationBlocks(lambda: number, flow: Flow): number {
  return 1 / (stiffness(lambda) * 2 * flow.share * (flow.demandElasticity + flow.supplyElasticity));
}

/** What holding a pool loses against holding its reserves when the price moves from 1: √(2g/(w − λ))/(1 + p) − 1. @returns ≤ 0 */
export function impermanentLoss(lambda: number, price: number): number {
  const inBand = lambda === 0 || (price > lambda && price < 1 / lambda);
  const value = inBand
    ? Math.sqrt((2 * (2 * price - lambda * (1 + price * price))) / (1 - lambda))
    : Math.sqrt((2 * (1 + lambda)) / lambda) * Math.min(price, 1);
  return value / (1 + price) - 1;
}

/** Largest victim of a sandwich that does not pay, in parts of the reserve: f_m·(w + λ)/(w − λ). */
export function sandwichThreshold(lambda: number, fee: number): number {
  return fee / stiffness(lambda);
}
