import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf, type ReadCtx, requireUint } from "#sdk";
import { AMOUNT_BITS } from "../curve/math.ts";
import { hmmError } from "../errors.ts";
import { getActivePool, getPool, type Market } from "../market.ts";
import { lastHeight, placeOrder } from "../orders/place.ts";
import { twapE18 } from "../pool/twap.ts";
import { SUPPLY_BITS } from "../records.ts";
import { leastBond, requireBond } from "./bond.ts";
import { getCommitment, requireLive, soldOf } from "./commitment.ts";
import { type Delivery, type DeliveryPayment, deliverUnits } from "./deliverUnits.ts";
import { type CommitmentTerms, openCommitment } from "./openCommitment.ts";
import type { CommitmentState } from "./record.ts";
import { type Release, releaseUnits } from "./releaseUnits.ts";

/** Weight of 1, ppm. */
const WEIGHT_ONE = 1_000_000;

/** Capacity that another module commits for a worker. */
export interface WeightedCapacity extends Omit<CommitmentTerms, "units"> {
  /** Capacity before it is weighted, resource base units, > 0. */
  readonly capacity: bigint;
}

/** Identifiers of a new commitment. */
export interface CommittedCapacity {
  readonly commitmentId: bigint;
  /** Resource base units minted: ⌊capacity·weight/10⁶⌋. */
  readonly units: bigint;
  readonly expiresHeight: bigint;
  /** Order of the offer; 0 for none. */
  readonly orderId: bigint;
}

/** Units that a job bought and did not use. */
export interface UnusedUnits {
  /** Account that holds them and is paid for them. */
  readonly owner: string;
  readonly poolId: string;
  /** Resource base units, > 0. */
  readonly resource: bigint;
  /** Most that the owner may get: what the units cost, credit base units. Liquidity providers get the rest: overbuying is no free option. */
  readonly creditCap: bigint;
}

/** Capacity as modules above the market use it: they know who is a worker, how good its work is, and whether it was done. */
export interface CapacityFacet {
  /** Least bond that MsgCommitCapacity would take now, native base units, rounded up. @throws hmm/3 */
  leastBond(ctx: ReadCtx, poolId: string, units: bigint): bigint;
  /**
   * Commits capacity for a worker with its quality weight, which stays with the tranche. A bond of 0 is kept by the calling module, which
   * then answers for it with {@link CapacityFacet.topUp}; any other must reach the least.
   * @throws hmm/2 when no unit remains, hmm/3, hmm/4, hmm/32 life or weight, hmm/33 bond, sdk/5 when the worker lacks it
   */
  commit(ctx: Ctx, capacity: WeightedCapacity): CommittedCapacity;
  /**
   * Confirms a delivery: burns the holder's units and pays for them in native tokens, to the worker or to a payee that splits the payment.
   * @throws hmm/31, hmm/32, hmm/34, sdk/5 when the holder lacks the units
   */
  deliver(ctx: Ctx, delivery: Delivery): DeliveryPayment;
  /**
   * Burns units that are neither sold nor on offer.
   * @returns native base units of the bond returned
   * @throws hmm/20, hmm/31, hmm/32, hmm/34
   */
  release(ctx: Ctx, release: Release): bigint;
  /** Adds native tokens of an account to the bond of a live commitment. @throws hmm/31, hmm/32, sdk/5 */
  topUp(ctx: Ctx, commitmentId: bigint, from: string, amount: bigint): void;
  /**
   * Takes at most an amount of a bond away from a worker that was found guilty. Buy-backs later have that much less.
   * @returns native base units taken, 0 when no bond is left
   * @throws hmm/31
   */
  slash(ctx: Ctx, commitmentId: bigint, to: string, amount: bigint): bigint;
  /** Sells unused units in the next batch at any price. @returns the waiting order @throws hmm/3, sdk/5 when the owner lacks the units */
  returnUnits(ctx: Ctx, unused: UnusedUnits): bigint;
  /** A commitment; undefined when it is unknown or everything of it was delivered, released or bought back. */
  find(ctx: ReadCtx, commitmentId: bigint): CommitmentState | undefined;
  /** Resource base units that a commitment sold and did not deliver yet; 0 when there is no such commitment. */
  soldOf(ctx: ReadCtx, commitmentId: bigint): bigint;
}

/** The market's capacity for other modules. */
export function capacityFacet(market: Market): CapacityFacet {
  return {
    leastBond: (ctx, poolId, units) => leastBond(market.params.get(ctx), units, twapE18(market, ctx, getPool(market, ctx, poolId))),
    commit: (ctx, capacity) => commitWeighted(market, ctx, capacity),
    deliver: (ctx, delivery) => deliverUnits(market, ctx, delivery),
    release: (ctx, release) => releaseUnits(market, ctx, release),
    topUp: (ctx, commitmentId, from, amount) => topUp(market, ctx, commitmentId, from, amount),
    slash: (ctx, commitmentId, to, amount) => slash(market, ctx, commitmentId, to, amount),
    returnUnits: (ctx, unused) => returnUnits(market, ctx, unused),
    find: (ctx, commitmentId) => market.state.commitments.find(ctx, commitmentId),
    soldOf(ctx, commitmentId) {
      const commitment = market.state.commitments.find(ctx, commitmentId);
      return commitment === undefined ? 0n : soldOf(commitment);
    },
  };
}

function commitWeighted(market: Market, ctx: Ctx, { capacity, ...terms }: WeightedCapacity): CommittedCapacity {
  const { poolId, weightPpm, bond } = terms;
  if (weightPpm < 1 || weightPpm > WEIGHT_ONE)
    throw hmmError.invalidCommitment(`weight_ppm: expected 1 to ${WEIGHT_ONE}, got ${weightPpm}`);
  const units = (capacity * BigInt(weightPpm)) / BigInt(WEIGHT_ONE);
  if (units === 0n || units >> BigInt(AMOUNT_BITS) !== 0n)
    throw hmmError.invalidAmount(`capacity: expected 1 to 2^${AMOUNT_BITS} - 1 resource base units at ${weightPpm} ppm, got ${units}`);
  if (bond > 0n) requireBond(market.params.get(ctx), units, twapE18(market, ctx, getActivePool(market, ctx, poolId)), bond);
  const { commitment, order } = openCommitment(market, ctx, { ...terms, units });
  return { commitmentId: commitment.id, units, expiresHeight: commitment.expiresHeight, orderId: order?.id ?? 0n };
}

function topUp(market: Market, ctx: Ctx, commitmentId: bigint, from: string, amount: bigint): void {
  const { state, needs, account, chain } = market;
  const commitment = getCommitment(market, ctx, commitmentId);
  requireLive(ctx, commitment);
  needs.bank.send(ctx, from, account, chain.baseDenom, amount);
  state.commitments.set(ctx, commitmentId, { ...commitment, bond: requireUint(commitment.bond + amount, SUPPLY_BITS, "bond") });
}

function slash(market: Market, ctx: Ctx, commitmentId: bigint, to: string, amount: bigint): bigint {
  const { state, needs, account, chain } = market;
  const commitment = getCommitment(market, ctx, commitmentId);
  const taken = minOf(amount, commitment.bond);
  if (taken === 0n) return 0n;
  needs.bank.send(ctx, account, to, chain.baseDenom, taken);
  state.commitments.set(ctx, commitmentId, { ...commitment, bond: commitment.bond - taken });
  return taken;
}

function returnUnits(market: Market, ctx: Ctx, { owner, poolId, resource, creditCap }: UnusedUnits): bigint {
  getPool(market, ctx, poolId);
  const { id } = placeOrder(market, ctx, {
    owner,
    poolId,
    side: Side.SIDE_SELL,
    kind: OrderKind.ORDER_KIND_RETURN,
    resource,
    limitE18: 1n,
    creditCap,
    expiresHeight: lastHeight(market.params.get(ctx), ctx, 0n),
  });
  return id;
}
