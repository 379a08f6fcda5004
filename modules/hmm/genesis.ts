import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import type { Params } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, type GenesisHandlers, isDenom, MathError, type ReadCtx } from "#sdk";
import { hmmError } from "./errors.ts";
import { accountCoversLedger, positionsMatchPools, vaultIdentity } from "./invariants.ts";
import { type Market, setPool } from "./market.ts";
import { DEFAULT_CREDIT_DENOM, DEFAULT_PARAMS, minReserveOf, validateParams } from "./params.ts";
import {
  type PoolState,
  type PositionState,
  poolFromProto,
  poolToProto,
  positionFromProto,
  positionToProto,
  type VaultState,
  vaultFromProto,
  vaultToProto,
} from "./records.ts";
import { LOCKED_SHARES } from "./shares.ts";
import { validatePool } from "./validatePool.ts";

interface ParsedGenesis {
  readonly params: Params;
  readonly pools: readonly PoolState[];
  readonly positions: readonly PositionState[];
  readonly vault: VaultState;
}

function refuse(detail: string): never {
  throw hmmError.invalidGenesis(detail);
}

/** Reads and checks a genesis as far as it goes without the bank. @throws hmm/9, hmm/15, hmm/16, hmm/17 */
function parseGenesis(market: Market, genesis: GenesisState): ParsedGenesis {
  const params = genesis.params ?? refuse("params: expected parameters, got none");
  validateParams(params);
  try {
    const parsed = {
      params,
      pools: genesis.pools.map(poolFromProto),
      positions: genesis.positions.map(positionFromProto),
      vault: vaultFromProto(genesis.vault ?? refuse("vault: expected a vault, got none")),
    };
    checkPools(market, parsed);
    checkPositions(market, parsed);
    return parsed;
  } catch (cause) {
    if (cause instanceof MathError) refuse(cause.detail);
    throw cause;
  }
}

function checkPools({ chain }: Market, { params, pools, vault }: ParsedGenesis): void {
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

function checkPositions({ address, account }: Market, { pools, positions }: ParsedGenesis): void {
  const growth = new Map(pools.map((pool) => [pool.id, pool.feeGrowthQ128]));
  const seen = new Set<string>();
  for (const { owner, poolId, shares, feeGrowthQ128, feesOwed } of positions) {
    const at = `positions.${owner}.${poolId}`;
    address.parse(owner);
    const top = growth.get(poolId) ?? refuse(`${at}: expected a pool "${poolId}", got none`);
    if (seen.has(at)) refuse(`${at}: expected one position, got two`);
    if (feeGrowthQ128 > top) refuse(`${at}.fee_growth_q128: expected at most the pool's ${top}, got ${feeGrowthQ128}`);
    if (shares === 0n && feesOwed === 0n) refuse(`${at}: expected shares or fees, got neither`);
    seen.add(at);
  }
  for (const pool of pools) {
    const locked = positions.find((p) => p.poolId === pool.id && p.owner === account)?.shares ?? 0n;
    if (locked < LOCKED_SHARES)
      refuse(`pools.${pool.id}: expected the market's account ${account} to hold at least ${LOCKED_SHARES} shares, got ${locked}`);
  }
}

/** Genesis of the market. The bank's genesis comes first: reserves, fees and vault must lie on the market's account. */
export function marketGenesis(
  market: Market & { readonly params: { set(ctx: Ctx, params: Params): void } },
): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ params: DEFAULT_PARAMS, pools: [], positions: [], vault: { creditDenom: DEFAULT_CREDIT_DENOM, locked: "0" } }),
    validate: (genesis) => void parseGenesis(market, genesis),
    init(ctx: Ctx, genesis: GenesisState): void {
      const { params, pools, positions, vault } = parseGenesis(market, genesis);
      market.params.set(ctx, params);
      market.state.vault.set(ctx, vault);
      for (const pool of pools) setPool(market, ctx, undefined, pool);
      for (const position of positions) market.state.positions.set(ctx, [position.owner, position.poolId], position);
      if (pools.length > 0 && market.needs.bank.isSendEnabled(ctx, vault.creditDenom)) {
        refuse(
          `bank.send_enabled: expected {"denom":"${vault.creditDenom}","enabled":false}, because credit does not change hands between users`,
        );
      }
      const wrong = vaultIdentity(market, ctx) ?? accountCoversLedger(market, ctx) ?? positionsMatchPools(market, ctx);
      if (wrong !== undefined) refuse(wrong);
    },
    export: (ctx: ReadCtx): GenesisState => ({
      params: market.params.get(ctx),
      pools: Array.from(market.state.pools.entries(ctx), ([, pool]) => poolToProto(pool)),
      positions: Array.from(market.state.positions.entries(ctx), ([, position]) => positionToProto(position)),
      vault: vaultToProto(market.state.vault.get(ctx)),
    }),
  };
}
