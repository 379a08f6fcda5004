// What the tests of pools and liquidity read off a market.
import assert from "node:assert/strict";
import type { QueryTwapResponse } from "#proto/hanzo/hmm/v1/query";
import { moduleAddress } from "#sdk";
import { type PoolState, type PositionState, poolFromProto, positionFromProto } from "../../../modules/hmm/records.ts";
import { accountOf, address, CHAIN, type MemoryMarket, type MemoryMarketOptions, openMarket, testClass } from "./memoryMarket.ts";

export const alice = accountOf("alice");
export const bob = accountOf("bob");
export const carol = accountOf("carol");
export const provider = accountOf("provider");
/** The account that may change pools. */
export const AUTHORITY = address.format(moduleAddress(CHAIN.authorityModule));
export const E18 = 10n ** 18n;

/** A market of one pool of 10¹² and 3·10¹² base units, in which Alice and Bob own credit and resource. */
export function openSmall(options: MemoryMarketOptions = {}): MemoryMarket {
  const m = openMarket({
    native: 10n ** 13n,
    genesis: { classes: [testClass(10n ** 12n, 3n * 10n ** 12n)] },
    holders: [
      [alice, "gpu", 10n ** 12n],
      [bob, "gpu", 10n ** 12n],
    ],
    ...options,
  });
  for (const sender of [alice, bob]) m.send("MintCredit", { sender, amount: (9n * 10n ** 12n).toString() });
  return m;
}

/** Stored state of a pool. */
export function poolOf(m: MemoryMarket, id = "gpu"): PoolState {
  return poolFromProto(m.exportGenesis().pools.find((pool) => pool.id === id) ?? assert.fail(id));
}

/** Stored state of a position, if there is one. */
export function positionOf(m: MemoryMarket, owner: string, poolId = "gpu"): PositionState | undefined {
  const found = m.exportGenesis().positions.find((position) => position.owner === owner && position.poolId === poolId);
  return found && positionFromProto(found);
}

/** Average price of the pool. */
export const twapOf = (m: MemoryMarket, blocks = 0n): QueryTwapResponse => m.query("Twap", { poolId: "gpu", blocks });

/** Ends some blocks. */
export function endBlocks(m: MemoryMarket, count: number): void {
  for (let i = 0; i < count; i++) m.endBlock();
}
