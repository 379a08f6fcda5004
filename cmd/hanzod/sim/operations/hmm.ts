import type { Any } from "#proto/google/protobuf/any";
import {
  MsgAddLiquidity,
  MsgAddSingleSided,
  MsgBuyExactOut,
  MsgCancelOrder,
  MsgCollectFees,
  MsgCommitCapacity,
  MsgDeliverCapacity,
  MsgMintCredit,
  MsgOfferCapacity,
  MsgPlaceOrder,
  MsgRedeemCredit,
  MsgReleaseCapacity,
  MsgRemoveLiquidity,
  MsgSell,
  MsgSellExactOut,
  MsgSwap,
} from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { encodeMessage, type ProtoCodec } from "../../../../app/sdk/index.ts";
import { bank } from "../../../../modules/bank/index.ts";
import { hmm } from "../../../../modules/hmm/index.ts";
import type { Actor } from "../chain/actors.ts";
import type { World } from "../chain/world.ts";
import { type Operation, operation } from "./operation.ts";

const E18 = 10n ** 18n;
const POOLS = ["gpu", "vram", "ram", "net", "disk"] as const;
/** What a trader puts into the market in its first message, atomic units. */
const STAKE = 10_000n * E18;

const owned = ({ facet, ctx }: World, owner: string, denom: string): bigint => facet(bank, "view").spendable(ctx, owner, denom);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
/** Credit for a trade that a pool can bear, as far as somebody has it. */
const credit = (world: World, owner: string): string =>
  String(1n + least(owned(world, owner, "credit"), (E18 * BigInt(1 + world.draws.below(900))) / 100n));
const denomOf = (pool: string): string => `n${pool}`;
/** Units of a resource, as far as somebody has them. */
const resource = (world: World, owner: string, pool: string): string =>
  String(1n + least(owned(world, owner, denomOf(pool)), BigInt(world.draws.below(2_000_000))));
/** A pool whose resource somebody has, if there is one. */
const poolOf = (world: World, owner: string): string =>
  world.draws.pick([...POOLS.filter((pool) => owned(world, owner, denomOf(pool)) > 0n), world.draws.pick(POOLS)]);

/** One of the entries of the market's books that belong to somebody; mostly none is nobody's. */
function own(world: World, collection: "orders" | "commitments", owner: string): bigint {
  const ids = world.entries(hmm.name, collection).flatMap(([id, value]) => {
    const { owner: holder, worker } = value as { readonly owner?: string; readonly worker?: string };
    return holder === owner || worker === owner ? [id as bigint] : [];
  });
  return ids.length === 0 || world.draws.once(10) ? BigInt(1 + world.draws.below(100)) : world.draws.pick(ids);
}

/** A pool that somebody gave liquidity to, and shares of it. */
function ownShares(world: World, owner: string): { readonly poolId: string; readonly shares: string } {
  const all = world.entries(hmm.name, "positions").filter(([key]) => (key as readonly [string, string])[0] === owner);
  if (all.length === 0) return { poolId: world.draws.pick(POOLS), shares: "1" };
  const [key, value] = world.draws.pick(all);
  return { poolId: (key as readonly [string, string])[1], shares: String(1n + (value as { readonly shares: bigint }).shares / 3n) };
}

/** What gives an actor something to trade with. */
export function enterMarket({ address }: Actor): readonly Any[] {
  const pack = <M>(type: ProtoCodec<M>, fields: Partial<M>): Any => ({
    typeUrl: `/${type.$type}`,
    value: encodeMessage(type, type.fromPartial(fields)),
  });
  return [
    pack(MsgMintCredit, { sender: address, amount: String(STAKE) }),
    ...POOLS.map((poolId) => pack(MsgSwap, { sender: address, poolId, creditIn: String(E18), minOut: "" })),
  ];
}

/** Operations of x/hmm: what makes a market with trades. Its other messages are drawn from their descriptors. */
export const hmmOperations: readonly Operation[] = [
  operation(MsgMintCredit, 8, (world, { address }) => ({
    sender: address,
    amount: String(1n + world.draws.amount(owned(world, address, world.baseDenom) / 100n)),
  })),
  operation(MsgRedeemCredit, 3, (world, { address }) => ({ sender: address, amount: credit(world, address) })),
  operation(MsgSwap, 12, (world, { address }) => ({
    sender: address,
    poolId: world.draws.pick(POOLS),
    creditIn: credit(world, address),
    minOut: "",
  })),
  operation(MsgBuyExactOut, 6, (world, { address }) => ({
    sender: address,
    poolId: world.draws.pick(POOLS),
    amountOut: String(1000 + world.draws.below(200_000)),
    maxCredit: String(owned(world, address, "credit") + 1n),
  })),
  operation(MsgSell, 8, (world, { address }) => {
    const poolId = poolOf(world, address);
    return { sender: address, poolId, amountIn: resource(world, address, poolId), minCredit: "" };
  }),
  operation(MsgSellExactOut, 3, (world, { address }) => {
    const poolId = poolOf(world, address);
    return { sender: address, poolId, creditOut: String(1n + world.draws.amount(E18 / 1000n)), maxIn: resource(world, address, poolId) };
  }),
  operation(MsgAddLiquidity, 4, (world, { address }) => {
    const poolId = poolOf(world, address);
    return { sender: address, poolId, maxResource: resource(world, address, poolId), maxCredit: credit(world, address), minShares: "" };
  }),
  operation(MsgAddSingleSided, 2, (world, { address }) => ({
    sender: address,
    poolId: world.draws.pick(POOLS),
    credit: credit(world, address),
    resource: "",
    minShares: "",
  })),
  operation(MsgRemoveLiquidity, 3, (world, { address }) => ({
    sender: address,
    ...ownShares(world, address),
    minResource: "",
    minCredit: "",
  })),
  operation(MsgCollectFees, 1, ({ draws }, { address }) => ({ sender: address, poolId: draws.pick(POOLS) })),
  operation(MsgPlaceOrder, 5, (world, { address }) => {
    const poolId = poolOf(world, address);
    return {
      sender: address,
      poolId,
      side: world.draws.pick([Side.SIDE_BUY, Side.SIDE_SELL]),
      resource: resource(world, address, poolId),
      limitE18: String(world.draws.once(2) ? 1n : E18 * 1_000_000n),
      blocks: BigInt(world.draws.below(12)),
    };
  }),
  operation(MsgCancelOrder, 2, (world, { address }) => ({ sender: address, orderId: own(world, "orders", address) })),
  operation(MsgCommitCapacity, 3, (world, { address }) => ({
    sender: address,
    poolId: world.draws.pick(POOLS),
    resource: String(1 + world.draws.below(2_000_000)),
    bond: String(world.draws.once(8) ? 1n : 1000n * E18),
    blocks: BigInt(3 + world.draws.below(60)),
    askE18: world.draws.once(4) ? String(E18) : "",
  })),
  operation(MsgOfferCapacity, 1, (world, { address }) => ({
    sender: address,
    commitmentId: own(world, "commitments", address),
    resource: String(1 + world.draws.below(1000)),
    askE18: String(E18),
  })),
  operation(MsgDeliverCapacity, 2, (world, { address }) => ({
    sender: address,
    commitmentId: own(world, "commitments", address),
    resource: String(1 + world.draws.below(1000)),
  })),
  operation(MsgReleaseCapacity, 1, (world, { address }) => ({
    sender: address,
    commitmentId: own(world, "commitments", address),
    resource: String(1 + world.draws.below(1000)),
  })),
];
