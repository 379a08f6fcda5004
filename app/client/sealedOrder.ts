import type { MsgCommitOrder, MsgRevealOrder } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { sha256 } from "#sha256";
import { decodeBech32 } from "../encoding/bech32.ts";
import { concatBytes, encodeUtf8 } from "../encoding/bytes.ts";
import { divUp } from "../math/division.ts";
import { E18 } from "../math/fixedPoint.ts";
import { ClientError } from "./clientError.ts";

/** An order to be sealed. */
export interface SealedOrderOptions {
  /** Chain on which it trades. */
  readonly chainId: string;
  /** Round in which it is committed: `id` of the query `Round`, if that says that the next block takes commits. */
  readonly round: bigint;
  /** Pool to trade with. */
  readonly poolId: string;
  /** Trader (bech32). */
  readonly sender: string;
  /** Buy or sell. */
  readonly side: Side;
  /** Resource base units, 1 to 2^128 − 1. */
  readonly resource: bigint;
  /** Worst acceptable price with all fees, credit per resource base unit times 10¹⁸, 1 to 2^192 − 1. */
  readonly limitE18: bigint;
  /** 32 random bytes; the platform's secure randomness when left out. Whoever knows them and guesses the order knows the order. */
  readonly salt?: Uint8Array;
  /** `commit_tier` of the market's parameters, credit base units; 1000 credits when left out, as on a new chain. */
  readonly commitTier?: bigint;
}

/** What a wallet needs for both steps. Only `commit` may be shown before the round takes reveals; `reveal` must be kept until then. */
export interface SealedOrderPlan {
  readonly hash: Uint8Array;
  readonly salt: Uint8Array;
  /** First message: `/hanzo.hmm.v1.MsgCommitOrder`. */
  readonly commit: MsgCommitOrder;
  /** Second message: `/hanzo.hmm.v1.MsgRevealOrder`. */
  readonly reveal: MsgRevealOrder;
}

const SALT_BYTES = 32;
const RESOURCE_BITS = 128;
const LIMIT_BITS = 192;
const DEFAULT_TIER = 1000n * E18;
const TIERS = 10;
/** Two base units of rounding for each of at most 10,000 batches, and two more: with these the order can wait as long as any while its pool is paused. */
const ROUNDING = 20_002n;

/**
 * Seals an order: makes the hash that commits to it, and both messages. The deposit is the smallest tier that covers the order's largest cost.
 * @throws client/1 for a field out of range, and when no tier is large enough; sdk/7 when the sender is no address
 * @example
 * const { round, revealing } = await client.query.hmm.round();
 * const plan = createSealedOrder({ chainId, round: round.id, poolId: "gpu", sender, side: Side.SIDE_BUY, resource, limitE18 });
 */
export function createSealedOrder(options: SealedOrderOptions): SealedOrderPlan {
  const { poolId, sender, side, resource, limitE18, commitTier = DEFAULT_TIER } = options;
  const { salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)) } = options;
  if (side !== Side.SIDE_BUY && side !== Side.SIDE_SELL) throw new ClientError(`side: expected 1 (buy) or 2 (sell), got ${side}`);
  if (salt.length !== SALT_BYTES) throw new ClientError(`salt: expected ${SALT_BYTES} bytes, got ${salt.length}`);
  if (resource < 1n || limitE18 < 1n) throw new ClientError(`resource and limitE18: expected at least 1, got ${resource} and ${limitE18}`);
  const cost = side === Side.SIDE_BUY ? divUp(resource * limitE18, E18) + ROUNDING : 0n;
  const deposit = smallestTier(commitTier, cost).toString();
  const hash = hashOf({ ...options, salt });
  return {
    hash,
    salt,
    commit: { sender, poolId, hash, deposit },
    reveal: { sender, poolId, side, resource: resource.toString(), limitE18: limitE18.toString(), salt },
  };
}

function smallestTier(least: bigint, cost: bigint): bigint {
  for (let power = 0n; power < TIERS; power++) {
    const tier = least * 10n ** power;
    if (tier >= cost) return tier;
  }
  throw new ClientError(`deposit: expected a cost of at most ${least * 10n ** BigInt(TIERS - 1)}, got ${cost}`);
}

/** SHA-256 over the layout that the market's README gives. */
function hashOf({ chainId, round, poolId, sender, side, resource, limitE18, salt }: SealedOrderOptions & { salt: Uint8Array }): Uint8Array {
  return sha256(
    concatBytes(
      encodeUtf8("hanzo/hmm/commit/v1"),
      withLength(encodeUtf8(chainId)),
      bigEndian(round, 64, "round"),
      withLength(encodeUtf8(poolId)),
      withLength(decodeBech32(sender).bytes),
      Uint8Array.of(side),
      bigEndian(resource, RESOURCE_BITS, "resource"),
      bigEndian(limitE18, LIMIT_BITS, "limitE18"),
      salt,
    ),
  );
}

function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(bigEndian(BigInt(bytes.length), 32, "length"), bytes);
}

function bigEndian(value: bigint, bits: number, name: string): Uint8Array {
  const bytes = new Uint8Array(bits / 8);
  const view = new DataView(bytes.buffer);
  if (value < 0n || value >> BigInt(bits) !== 0n) throw new ClientError(`${name}: expected 0 to 2^${bits} - 1, got ${value}`);
  for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, Number((value >> BigInt(bits - 8 * at - 32)) & 0xffff_ffffn));
  return bytes;
}
