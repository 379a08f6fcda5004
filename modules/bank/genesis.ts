import type { GenesisState } from "#proto/cosmos/bank/v1beta1/genesis";
import {
  AddressError,
  type Coin,
  type CoinAmount,
  type Ctx,
  compareDenoms,
  encodeCoin,
  encodeCoins,
  explainCoins,
  formatCoins,
  type GenesisHandlers,
  isDenom,
  type ReadCtx,
  sdkError,
} from "#sdk";
import { writeBalance } from "./balances.ts";
import type { Bank } from "./bank.ts";
import { explainMetadata } from "./metadata.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";

/** Genesis of x/bank in the format of the Cosmos SDK. */
export function createGenesis(bank: Bank): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ params: DEFAULT_PARAMS }),
    validate: (genesis) => {
      if (genesis.params !== undefined) validateParams(genesis.params);
      validateMetadata(genesis);
      validateGenesis(bank, genesis);
    },
    init: (ctx, genesis) => initGenesis(bank, ctx, genesis),
    export: (ctx) => exportGenesis(bank, ctx),
  };
}

function initGenesis(bank: Bank, ctx: Ctx, genesis: GenesisState): void {
  validateGenesis(bank, genesis);
  const { sendEnabled, ...params } = genesis.params ?? DEFAULT_PARAMS;
  bank.params.set(ctx, { ...params, sendEnabled: [] });
  // Chains that began before MsgSetSendEnabled have switches among the parameters; those of the list count more.
  for (const { denom, enabled } of [...sendEnabled, ...genesis.sendEnabled]) bank.state.sendEnabled.set(ctx, denom, enabled);
  for (const { address, coins } of genesis.balances) {
    for (const { denom, amount } of coins) writeBalance(bank, ctx, [address, denom], 0n, BigInt(amount));
  }
  for (const { denom, amount } of totalOf(genesis)) bank.state.supply.set(ctx, denom, amount);
  for (const metadata of genesis.denomMetadata) bank.state.metadata.set(ctx, metadata.base, metadata);
}

function exportGenesis({ state, params }: Bank, ctx: ReadCtx): GenesisState {
  const balances: { address: string; coins: Coin[] }[] = [];
  for (const [[address, denom], amount] of state.balances.entries(ctx)) {
    const last = balances.at(-1);
    if (last?.address === address) last.coins.push(encodeCoin({ denom, amount }));
    else balances.push({ address, coins: [encodeCoin({ denom, amount })] });
  }
  return {
    params: params.get(ctx),
    balances,
    supply: encodeCoins([...state.supply.entries(ctx)].map(([denom, amount]) => ({ denom, amount }))),
    denomMetadata: [...state.metadata.entries(ctx)].map(([, metadata]) => metadata),
    sendEnabled: [...state.sendEnabled.entries(ctx)].map(([denom, enabled]) => ({ denom, enabled })),
  };
}

/** @throws sdk/18 with the path of the entry that the state cannot have and what is wrong with it. */
function validateGenesis(bank: Bank, genesis: GenesisState): void {
  requireOnce(
    "bank.send_enabled",
    genesis.sendEnabled.map(({ denom }) => denom),
  );
  for (const [i, { denom }] of genesis.sendEnabled.entries())
    if (!isDenom(denom)) throw wrong(`bank.send_enabled[${i}]`, `invalid denom: ${denom}`);
  requireOnce(
    "bank.balances",
    genesis.balances.map(({ address }, i) => requireAddress(bank, address, `bank.balances[${i}].address`)),
  );
  for (const [i, { coins }] of genesis.balances.entries()) requireValid(`bank.balances[${i}].coins`, coins);
  requireValid("bank.supply", genesis.supply);
  const total = formatCoins(totalOf(genesis));
  const given = formatCoins(genesis.supply);
  if (given !== "" && given !== total)
    throw wrong("bank.supply", `genesis supply is incorrect, expected the sum of all balances ${total}, got ${given}`);
}

/**
 * Metadata that describes what it should. It only describes: a chain begins with any, as chains of the Cosmos SDK do.
 * @throws sdk/18 with the path of the entry and what is wrong with it
 */
function validateMetadata({ denomMetadata }: GenesisState): void {
  requireOnce(
    "bank.denom_metadata",
    denomMetadata.map(({ base }) => base),
  );
  for (const [i, metadata] of denomMetadata.entries()) {
    const reason = explainMetadata(metadata);
    if (reason !== undefined) throw wrong(`bank.denom_metadata[${i}]`, reason);
  }
}

/** Sum of all balances of a genesis whose coins are valid. @throws sdk/10 when it reaches 2^256 */
function totalOf({ balances }: GenesisState): CoinAmount[] {
  const sums = new Map<string, bigint>();
  for (const { coins } of balances) for (const { denom, amount } of coins) sums.set(denom, (sums.get(denom) ?? 0n) + BigInt(amount));
  const total = [...sums].map(([denom, amount]) => ({ denom, amount })).sort((a, b) => compareDenoms(a.denom, b.denom));
  requireValid("bank.balances", total);
  return total;
}

function requireAddress({ address }: Bank, text: string, path: string): string {
  try {
    return address.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw wrong(path, cause.message);
    throw cause;
  }
}

function requireValid(path: string, coins: readonly (Coin | CoinAmount)[]): void {
  const reason = explainCoins(coins);
  if (reason !== undefined) throw wrong(path, reason);
}

function requireOnce(path: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (seen.has(name)) throw wrong(`${path}[${i}]`, `${name} once expected, got it twice`);
    seen.add(name);
  }
}

function wrong(path: string, reason: string): Error {
  return sdkError.invalidRequest(`${path}: ${reason}`);
}
