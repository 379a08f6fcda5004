import type { Metadata } from "#proto/cosmos/bank/v1beta1/bank";
import type { QueryDefinition } from "#proto/cosmos/bank/v1beta1/query";
import type { PageRequest, PageResponse } from "#proto/cosmos/base/query/v1beta1/pagination";
import { AddressError, amountOf, encodeCoin, invalidArgument, isDenom, notFound, paginate, type QueryHandlers, type ReadCtx } from "#sdk";
import { balanceOf, spendableOf } from "./balances.ts";
import type { Bank } from "./bank.ts";
import { supplyOf } from "./supply.ts";

type Queries = QueryHandlers<typeof QueryDefinition>;
type BalanceQueries = Pick<Queries, "balance" | "allBalances" | "spendableBalances" | "spendableBalanceByDenom">;
type DenomQueries = Omit<Queries, keyof BalanceQueries>;

/** Handlers of `cosmos.bank.v1beta1.Query`; `Params` follows from the declaration. */
export function createQueries(bank: Bank): Queries {
  return { ...balanceQueries(bank), ...denomQueries(bank) };
}

/** What somebody has. An account that does not exist has nothing. */
function balanceQueries(bank: Bank): BalanceQueries {
  const { state } = bank;
  return {
    balance(ctx, { address, denom }) {
      requireDenom(denom);
      requireAddress(bank, address);
      return { balance: encodeCoin({ denom, amount: balanceOf(bank, ctx, address, denom) }) };
    },
    allBalances(ctx, { address, pagination: page, resolveDenom }) {
      requireAddress(bank, address);
      const { items, pagination } = paginate(ctx, state.balances, page, { first: address, refusal: "paginate: " });
      const shown = (denom: string): string => (resolveDenom ? state.metadata.find(ctx, denom)?.display : undefined) ?? denom;
      return { balances: items.map(([[, denom], amount]) => encodeCoin({ denom: shown(denom), amount })), pagination };
    },
    spendableBalances(ctx, { address, pagination: page }) {
      requireAddress(bank, address);
      const { items, pagination } = paginate(ctx, state.balances, page, { first: address, refusal: "paginate: " });
      const locked = bank.needs.auth.lockedCoins(ctx, address);
      // As in the SDK, where one denomination has more locked than there is, nothing counts as spendable.
      const overdrawn = locked.some(({ denom, amount }) => balanceOf(bank, ctx, address, denom) < amount);
      const spendable = (denom: string, balance: bigint): bigint => (overdrawn ? 0n : balance - amountOf(locked, denom));
      return { balances: items.map(([[, denom], balance]) => encodeCoin({ denom, amount: spendable(denom, balance) })), pagination };
    },
    spendableBalanceByDenom(ctx, { address, denom }) {
      requireAddress(bank, address);
      requireDenom(denom);
      return { balance: encodeCoin({ denom, amount: spendableOf(bank, ctx, address, denom) }) };
    },
  };
}

/** What there is of a denomination, who has it, how it is shown, whether it moves. */
function denomQueries(bank: Bank): DenomQueries {
  const { state } = bank;
  const metadataOf = (ctx: ReadCtx, { denom }: { readonly denom: string }): { metadata: Metadata } => {
    requireDenom(denom);
    const metadata = state.metadata.find(ctx, denom);
    if (metadata === undefined) throw notFound(`client metadata for denom ${denom}`);
    return { metadata };
  };
  const ownersOf = (
    ctx: ReadCtx,
    { denom, pagination: page }: { readonly denom: string; readonly pagination: PageRequest | undefined },
  ): DenomOwners => {
    requireDenom(denom);
    const { items, pagination } = paginate(ctx, state.owners, page, { first: denom });
    return {
      denomOwners: items.map(([[, address]]) => ({
        address,
        balance: encodeCoin({ denom, amount: balanceOf(bank, ctx, address, denom) }),
      })),
      pagination,
    };
  };
  return {
    totalSupply(ctx, { pagination: page }) {
      const { items, pagination } = paginate(ctx, state.supply, page);
      return { supply: items.map(([denom, amount]) => encodeCoin({ denom, amount })), pagination };
    },
    supplyOf(ctx, { denom }) {
      requireDenom(denom);
      return { amount: encodeCoin({ denom, amount: supplyOf(bank, ctx, denom) }) };
    },
    denomsMetadata(ctx, { pagination: page }) {
      const { items, pagination } = paginate(ctx, state.metadata, page, { countsBehindEnd: true });
      return { metadatas: items.map(([, metadata]) => metadata), pagination };
    },
    denomMetadata: metadataOf,
    denomMetadataByQueryString: metadataOf,
    denomOwners: ownersOf,
    denomOwnersByQuery: ownersOf,
    sendEnabled(ctx, { denoms, pagination: page }) {
      if (denoms.length === 0) {
        const { items, pagination } = paginate(ctx, state.sendEnabled, page);
        return { sendEnabled: items.map(([denom, enabled]) => ({ denom, enabled })), pagination };
      }
      const found = denoms.map((denom) => ({ denom, enabled: state.sendEnabled.find(ctx, denom) }));
      return { sendEnabled: found.flatMap(({ denom, enabled }) => (enabled === undefined ? [] : [{ denom, enabled }])) };
    },
  };
}

interface DenomOwners {
  readonly denomOwners: { address: string; balance: { denom: string; amount: string } }[];
  readonly pagination: PageResponse;
}

function requireDenom(denom: string): void {
  if (!isDenom(denom)) throw invalidArgument(`invalid denom: ${denom}`);
}

function requireAddress({ address }: Bank, text: string): void {
  try {
    address.parse(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw invalidArgument(`invalid address: ${cause.message}`);
    throw cause;
  }
}
