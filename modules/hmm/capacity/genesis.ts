// Commitments in genesis files.
import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { CommitmentStatus, type Order, OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import type { AddressCodec, Ctx, ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { orderFromProto } from "../orders/record.ts";
import { type CommitmentState, commitmentFromProto, commitmentToProto } from "./record.ts";

/** The part of a genesis that this folder answers for. */
export type CommitmentsGenesis = Pick<GenesisState, "commitments" | "lastCommitmentId">;

/** A genesis's commitments, read and checked. */
export interface CheckedCommitments {
  readonly list: readonly CommitmentState[];
  readonly lastId: bigint;
}

/** Weight of 1, ppm. */
const WEIGHT_ONE = 1_000_000;

function refuse(detail: string): never {
  throw hmmError.invalidGenesis(detail);
}

/**
 * Reads and checks the commitments of a genesis, as far as it goes without the bank.
 * @param poolIds identifiers of the genesis's pools
 * @throws hmm/16 naming commitment and field, math/2 and math/4 for numbers, sdk/7 when a worker is no address
 */
export function checkCommitments(
  address: AddressCodec,
  poolIds: ReadonlySet<string>,
  { commitments, lastCommitmentId, orders }: CommitmentsGenesis & Pick<GenesisState, "orders">,
): CheckedCommitments {
  const list = commitments.map(commitmentFromProto);
  let previous = 0n;
  for (const commitment of list) {
    const { id, worker, poolId, weightPpm } = commitment;
    if (id <= previous) refuse(`commitments: expected identifiers in rising order from 1, got ${id} after ${previous}`);
    if (id > lastCommitmentId) refuse(`commitments.${id}: expected an identifier of at most last_commitment_id ${lastCommitmentId}`);
    address.parse(worker);
    if (!poolIds.has(poolId)) refuse(`commitments.${id}.pool_id: expected a pool "${poolId}", got none`);
    if (weightPpm < 1 || weightPpm > WEIGHT_ONE) refuse(`commitments.${id}.weight_ppm: expected 1 to ${WEIGHT_ONE}, got ${weightPpm}`);
    checkAmounts(commitment);
    previous = id;
  }
  checkOrdersOf(list, orders);
  return { list, lastId: lastCommitmentId };
}

function checkAmounts({ id, status, outstanding, unsold, onOffer, receivable, bond }: CommitmentState): void {
  const at = `commitments.${id}`;
  if (outstanding === 0n) refuse(`${at}.outstanding: expected at least 1, got 0`);
  if (unsold > outstanding) refuse(`${at}.unsold: expected at most ${outstanding}, got ${unsold}`);
  if (onOffer > unsold) refuse(`${at}.on_offer: expected at most ${unsold}, got ${onOffer}`);
  if (unsold === outstanding && receivable > 0n) refuse(`${at}.receivable: expected 0 without sales, got ${receivable}`);
  switch (status) {
    case CommitmentStatus.COMMITMENT_STATUS_ACTIVE:
      return;
    case CommitmentStatus.COMMITMENT_STATUS_EXPIRED:
      if (unsold > 0n || bond > 0n) refuse(`${at}: expected neither unsold units nor a bond once expired, got ${unsold} and ${bond}`);
      return;
    case CommitmentStatus.COMMITMENT_STATUS_DEFAULTED:
      if (unsold > 0n || bond > 0n || receivable > 0n)
        refuse(`${at}: expected neither unsold units nor money once defaulted, got ${unsold}, bond ${bond}, receivable ${receivable}`);
      return;
    default:
      refuse(`${at}.status: expected 1 (active), 2 (expired) or 3 (defaulted), got ${status}`);
  }
}

/** Offers and buy-backs belong to their commitments, and add up to what these say. */
function checkOrdersOf(list: readonly CommitmentState[], orders: readonly Order[]): void {
  const byId = new Map(list.map((commitment) => [commitment.id, commitment]));
  const waiting = new Map<bigint, bigint>();
  for (const { id, kind, side, owner, poolId, resource, commitmentId } of orders.map(orderFromProto)) {
    const isOffer = kind === OrderKind.ORDER_KIND_CAPACITY;
    if (!isOffer && kind !== OrderKind.ORDER_KIND_BUYBACK) {
      if (commitmentId !== 0n) refuse(`orders.${id}.commitment_id: expected 0 for an order of this kind, got ${commitmentId}`);
      continue;
    }
    const commitment = byId.get(commitmentId) ?? refuse(`orders.${id}.commitment_id: expected a commitment, got ${commitmentId}`);
    if (commitment.poolId !== poolId || commitment.worker !== owner)
      refuse(`orders.${id}: expected pool and worker of commitment ${commitmentId}, got "${poolId}" and ${owner}`);
    const direction = isOffer ? Side.SIDE_SELL : Side.SIDE_BUY;
    if (side !== direction) refuse(`orders.${id}.side: expected ${direction} for an order of this kind, got ${side}`);
    const needed = isOffer ? CommitmentStatus.COMMITMENT_STATUS_ACTIVE : CommitmentStatus.COMMITMENT_STATUS_EXPIRED;
    if (commitment.status !== needed)
      refuse(`orders.${id}: expected commitment ${commitmentId} to have status ${needed} for this kind, got ${commitment.status}`);
    if (!isOffer && waiting.has(commitmentId)) refuse(`orders.${id}: expected one buy-back of commitment ${commitmentId}, got two`);
    waiting.set(commitmentId, (waiting.get(commitmentId) ?? 0n) + resource);
  }
  for (const { id, status, outstanding, onOffer } of list) {
    const needed = status === CommitmentStatus.COMMITMENT_STATUS_EXPIRED ? outstanding : onOffer;
    const got = waiting.get(id) ?? 0n;
    if (got !== needed) refuse(`commitments.${id}: expected orders over ${needed} resource base units, got ${got}`);
  }
}

/** Writes the commitments, and what waits for their expiries. */
export function initCommitments({ state }: Market, ctx: Ctx, { list, lastId }: CheckedCommitments): void {
  if (lastId > 0n) state.lastCommitmentId.set(ctx, lastId);
  for (const commitment of list) {
    const { id, status, expiresHeight } = commitment;
    state.commitments.set(ctx, id, commitment);
    if (status === CommitmentStatus.COMMITMENT_STATUS_ACTIVE && expiresHeight !== 0n) state.expiries.set(ctx, [expiresHeight, id], true);
  }
}

/** Reads the commitments in the order of their identifiers. */
export function exportCommitments({ state }: Market, ctx: ReadCtx): CommitmentsGenesis {
  return {
    commitments: Array.from(state.commitments.entries(ctx), ([, commitment]) => commitmentToProto(commitment)),
    lastCommitmentId: state.lastCommitmentId.get(ctx),
  };
}
