// Words for the scripts of the market's load: messages with their types, pools as a trader sees them, rounds of sealed orders.
import type { DeliverTxResponse } from "@cosmjs/stargate";
import type { PoolView } from "#proto/hanzo/hmm/v1/query";
import type { Trader } from "./marketTrader.ts";

/** One credit, or one AI, in base units. */
export const AI = 10n ** 18n;
/** Scale of prices. */
export const E18 = 10n ** 18n;

/** What the scripts know of the chain and of each other. */
export interface Scene {
  readonly chainId: string;
  /** Blocks of a round of sealed orders. */
  readonly commitBlocks: number;
  readonly revealBlocks: number;
  /** Addresses of all accounts of the load. */
  readonly addresses: readonly string[];
  /** Whether the load has lasted long enough. */
  readonly isOver: () => boolean;
  /** A waiting order of somebody, for others to try their hands on. */
  waiting?: { readonly orderId: bigint; readonly owner: string };
  /** Capacity that was committed, with the height at whose beginning it expires. */
  readonly commitments: { readonly id: bigint; readonly poolId: string; readonly expires: number }[];
}

/** A market message by its short name. */
export const hmmMessage = (name: string, value: object): { readonly typeUrl: string; readonly value: object } => ({
  typeUrl: `/hanzo.hmm.v1.Msg${name}`,
  value,
});

/** A pool with its figures as integers. */
export interface SeenPool {
  readonly id: string;
  readonly denom: string;
  readonly psi: bigint;
  readonly priceE18: bigint;
}

/** The pool as the trader's node knows it now. */
export async function seePool({ client }: Trader, poolId: string): Promise<SeenPool> {
  const { pool: view } = await client.query.hmm.pool(poolId);
  return readView(view, poolId);
}

function readView(view: PoolView | undefined, poolId: string): SeenPool {
  if (view?.pool === undefined) throw new Error(`a pool ${poolId} expected`);
  return { id: poolId, denom: view.pool.denom, psi: BigInt(view.pool.psi), priceE18: BigInt(view.priceE18) };
}

/** A part of a pool's reserve, in ten-thousandths from `least` to `most`. */
export const partOf = ({ psi }: SeenPool, { random }: Trader, least: number, most: number): bigint =>
  (psi * BigInt(least + random.below(most - least + 1))) / 10_000n;

/** What an amount is worth at a part of the price, in credit base units. @param percent of the price */
export const worth = ({ priceE18 }: SeenPool, amount: bigint, percent: bigint): bigint => (amount * priceE18 * percent) / (100n * E18) + 1n;

/** A limit at a part of the price. @param percent of the price */
export const limitAt = ({ priceE18 }: SeenPool, percent: bigint): string => ((priceE18 * percent) / 100n).toString();

/** What the trader owns of a coin. */
export async function balanceOf({ client, address }: Trader, denom: string): Promise<bigint> {
  return BigInt((await client.query.bank.balance(address, denom)).amount);
}

/** The answer to the first message of a transaction; undefined when it failed. */
export function answerOf<T>({ code, msgResponses }: DeliverTxResponse, codec: { decode(bytes: Uint8Array): T }): T | undefined {
  const [first] = msgResponses;
  return code === 0 && first !== undefined ? codec.decode(first.value) : undefined;
}

/** Round of sealed orders that holds a height. */
export const roundOf = ({ commitBlocks, revealBlocks }: Scene, height: number): number =>
  Math.floor((height - 1) / (commitBlocks + revealBlocks)) + 1;

/** Whether a height takes reveals. */
export const isRevealing = ({ commitBlocks, revealBlocks }: Scene, height: number): boolean =>
  (height - 1) % (commitBlocks + revealBlocks) >= commitBlocks;

/** One of a list. */
export function pick<T>({ random }: Trader, list: readonly T[]): T {
  const found = list[random.below(list.length)];
  if (found === undefined) throw new Error("a list with something in it expected");
  return found;
}

/** The list in a random order. */
export function shuffled<T>({ random }: Trader, list: readonly T[]): readonly T[] {
  return list
    .map((item) => ({ item, at: random.below(1 << 30) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
