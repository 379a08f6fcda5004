import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import type { Params } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, type GenesisHandlers, isDenom, MathError, type ReadCtx } from "#sdk";
import { type CheckedCommitments, checkCommitments, exportCommitments, initCommitments } from "./capacity/genesis.ts";
import { hmmError } from "./errors.ts";
import { MARKET_INVARIANTS } from "./invariants.ts";
import { LOCKED_SHARES } from "./liquidity/shares.ts";
import type { Market } from "./market.ts";
import { type CheckedOrders, checkOrders, exportOrders, initOrders } from "./orders/genesis.ts";
import { DEFAULT_CREDIT_DENOM, DEFAULT_PARAMS, minReserveOf, validateParams } from "./params.ts";
import { checkObservations, exportPools, initPools } from "./pool/genesis.ts";
import { validatePool } from "./pool/validatePool.ts";
import {
  type PoolState,
  type PositionState,
  poolFromProto,
  positionFromProto,
  positionToProto,
  type VaultState,
  vaultFromProto,
  vaultToProto,
} from "./records.ts";
import { type CheckedSealed, checkSealed, exportSealed, initSealed } from "./sealed/genesis.ts";
import { prepareZeroHeight } from "./zeroHeight.ts";

/** A genesis that was read. */
interface ParsedGenesis {
  readonly params: Params;
  readonly pools: readonly PoolState[];
  readonly positions: readonly PositionState[];
  readonly vault: VaultState;
  readonly orders: CheckedOrders;
  readonly commitments: CheckedCommitments;
  readonly sealed: CheckedSealed;
}

function refuse(detail: string): never {
  throw hmmError.invalidGenesis(detail);
}

/** Reads and checks a genesis as far as it goes without the bank. @throws hmm/9, hmm/15, hmm/16, hmm/17 */
function parseGenesis(market: Market, genesis: GenesisState): ParsedGenesis {
  const params = genesis.params ?? refuse("params: expected parameters, got none");
  validateParams(params);
  const poolIds = new Set(genesis.pools.map(({ id }) => id));
  try {
    const books = {
      params,
      pools: genesis.pools.map(poolFromProto),
      positions: genesis.positions.map(positionFromProto),
      vault: vaultFromProto(genesis.vault ?? refuse("vault: expected a vault, got none")),
    };
    checkPools(market, books);
    checkPositions(market, books);
    const parsed = {
      ...books,
      orders: checkOrders(market.address, poolIds, genesis),
      commitments: checkCommitments(market.address, poolIds, genesis),
      sealed: checkSealed({ address: market.address, params, poolIds }, genesis),
    };
    checkObservations(parsed.pools, genesis.observations);
    return parsed;
  } catch (cause) {
    if (cause instanceof MathError) refuse(cause.detail);
    throw cause;
  }
}

function checkPools({ chain }: Market, { params, pools, vault }: Pick<ParsedGenesis, "params" | "pools" | "vault">): void {
  if (!isDenom(vault.creditDenom) || vault.creditDenom === chain.baseDenom) {
    refuse(`vault.credit_denom: expected a denomination other than ${chain.baseDenom}, got "${vault.creditDenom}"`);
  }
  const denoms = new Set([vault.creditDenom, chain.baseDenom]);
  let previous = "";
  for (const pool of pools) {
    validatePool(pool, minReserveOf(params));
    if (pool.id <= previous) refuse(`pools: expected identifiers in rising order, got "${pool.id}" after "${previous}"`);
    if (denoms.has(pool.denom))
      refuse(`pools.${pool.id}.denom: expected one that no other pool, the credit or the native coin has, got ${pool.denom}`);
    previous = pool.id;
    denoms.add(pool.denom);
  }
}

function checkPositions({ address, account }: Market, { pools, positions }: Pick<ParsedGenesis, "pools" | "positions">): void {
  const growth = new Map(pools.map((pool) => [pool.id, pool.feeGrowthQ128]));
  const seen = new Set<string>();
  for (const { owner, poolId, shares, feeGrowthQ128, feesOwed, freshShares } of positions) {
    const at = `positions.${owner}.${poolId}`;
    address.parse(owner);
    const top = growth.get(poolId) ?? refuse(`${at}: expected a pool "${poolId}", got none`);
    if (seen.has(at)) refuse(`${at}: expected one position, got two`);
    if (feeGrowthQ128 > top) refuse(`${at}.fee_growth_q128: expected at most the pool's ${top}, got ${feeGrowthQ128}`);
    if (shares === 0n && feesOwed === 0n) refuse(`${at}: expected shares or fees, got neither`);
    if (freshShares !== 0n) refuse(`${at}.fresh_shares: expected none between blocks, got ${freshShares}`);
    seen.add(at);
  }
  for (const pool of pools) {
    if (pool.shares === 0n) continue;
    const locked = positions.find((p) => p.poolId === pool.id && p.owner === account)?.shares ?? 0n;
    if (locked < LOCKED_SHARES)
      refuse(`pools.${pool.id}: expected the market's account ${account} to hold at least ${LOCKED_SHARES} shares, got ${locked}`);
  }
}

/** Genesis of the market. The bank's genesis comes first: everything that the ledger counts must lie on the market's account. */
export function marketGenesis(
  market: Market & { readonly params: { set(ctx: Ctx, params: Params): void } },
): GenesisHandlers<GenesisState> {
  const { state } = market;
  return {
    default: () => ({ params: DEFAULT_PARAMS, pools: [], positions: [], vault: { creditDenom: DEFAULT_CREDIT_DENOM, locked: "0" } }),
    validate: (genesis) => void parseGenesis(market, genesis),
    init(ctx: Ctx, genesis: GenesisState): void {
      const { params, pools, positions, vault, orders, commitments, sealed } = parseGenesis(market, genesis);
      market.params.set(ctx, params);
      state.vault.set(ctx, vault);
      initPools(market, ctx, pools, genesis.observations);
      for (const position of positions) state.positions.set(ctx, [position.owner, position.poolId], position);
      initOrders(market, ctx, orders);
      initCommitments(market, ctx, commitments);
      initSealed(market, ctx, sealed);
      for (const allowance of genesis.routerAllowances) state.allowances.set(ctx, [allowance.owner, allowance.router], allowance);
      if (pools.length > 0 && market.needs.bank.isSendEnabled(ctx, vault.creditDenom)) {
        refuse(
          `bank.send_enabled: expected {"denom":"${vault.creditDenom}","enabled":false}, because credit does not change hands between users`,
        );
      }
      for (const [name, evaluate] of Object.entries(MARKET_INVARIANTS)) {
        const wrong = name === "movingIsExact" ? undefined : evaluate(market, ctx);
        if (wrong !== undefined) refuse(wrong);
      }
    },
    prepareZeroHeight: (ctx: Ctx) => prepareZeroHeight(market, ctx),
    export: (ctx: ReadCtx): GenesisState => ({
      params: market.params.get(ctx),
      positions: Array.from(state.positions.entries(ctx), ([, position]) => positionToProto(position)),
      vault: vaultToProto(state.vault.get(ctx)),
      routerAllowances: Array.from(state.allowances.entries(ctx), ([, allowance]) => allowance),
      ...exportPools(market, ctx),
      ...exportOrders(market, ctx),
      ...exportCommitments(market, ctx),
      ...exportSealed(market, ctx),
    }),
  };
}
