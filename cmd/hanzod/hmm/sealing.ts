import type { QueryRoundResponse } from "#proto/hanzo/hmm/v1/query";
import { MsgCommitOrder, MsgRevealOrder } from "#proto/hanzo/hmm/v1/tx";
import { type Round, Side } from "#proto/hanzo/hmm/v1/types";
import { createSealedOrder } from "../../../app/client/sealedOrder.ts";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { CliError } from "../../shared/cliError.ts";
import type { Market } from "./market.ts";
import type { SealedFile } from "./sealedFile.ts";

/** The order to seal. */
export interface SealWish {
  readonly chainId: string;
  readonly sender: string;
  readonly poolId: string;
  readonly side: "buy" | "sell";
  /** Resource base units. */
  readonly resource: bigint;
  readonly limitE18: bigint;
}

/** A sealed order: what is kept, and the message that commits to it. */
export interface SealPlan {
  readonly file: SealedFile;
  readonly commit: Uint8Array;
}

/** The round will take it, but not yet: waiting helps. */
export class TooEarly extends CliError {
  constructor(what: string, why: string) {
    super(what, { why, next: "send it then, or add --patient to wait for it" });
    this.name = "TooEarly";
  }
}

/** First height of the round's reveals, and its last one. */
function revealHeights({ startHeight, commitBlocks, revealBlocks }: Round): readonly [from: bigint, to: bigint] {
  return [startHeight + commitBlocks, startHeight + commitBlocks + revealBlocks - 1n];
}

/** The round, if the next block takes commits. @throws TooEarly with the height from which it does */
export function requireCommits({ round, revealing }: QueryRoundResponse): Round {
  if (round === undefined) throw new CliError("the node answered without a round of sealed orders");
  if (!revealing) return round;
  const [, last] = revealHeights(round);
  throw new TooEarly(
    `round ${round.id} takes reveals now, commits begin at height ${last + 1n}`,
    "rounds of sealed orders take commits first, then reveals",
  );
}

/** The round of an order, if the next block takes its reveal. @throws TooEarly with the height from which it does, CliError when it is too late */
export function requireReveals({ round, revealing }: QueryRoundResponse, order: SealedFile): Round {
  if (round === undefined) throw new CliError("the node answered without a round of sealed orders");
  if (round.id > order.round)
    throw new CliError(`round ${order.round} has ended at height ${order.revealTo}: this order cannot be revealed any more`, {
      why: "if it was revealed, it has cleared; if not, a part of its deposit is lost and the rest has come back",
      next: "hanzod hmm seal makes a new one",
    });
  if (round.id === order.round && revealing) return round;
  throw new TooEarly(
    `round ${order.round} takes reveals from height ${order.revealFrom} on`,
    `heights ${order.revealFrom} to ${order.revealTo} take them`,
  );
}

/** Seals an order for a round. The salt is fresh secure randomness. */
export async function sealOrder(market: Market, round: Round, wish: SealWish): Promise<SealPlan> {
  const { params } = await market.params();
  const { chainId, sender, poolId, resource, limitE18 } = wish;
  const side = wish.side === "buy" ? Side.SIDE_BUY : Side.SIDE_SELL;
  const tier = params === undefined ? {} : { commitTier: BigInt(params.commitTier) };
  const { hash, salt, commit } = createSealedOrder({ chainId, round: round.id, poolId, sender, side, resource, limitE18, ...tier });
  const [revealFrom, revealTo] = revealHeights(round);
  return {
    file: { ...wish, round: round.id, deposit: BigInt(commit.deposit), revealFrom, revealTo, salt: toHex(salt), hash: toHex(hash) },
    commit: MsgCommitOrder.encode(commit).finish(),
  };
}

/** The message that reveals a kept order. @throws CliError when the file's hash is not that of its order */
export function revealMessage(order: SealedFile): Uint8Array {
  const { chainId, round, poolId, sender, resource, limitE18 } = order;
  const side = order.side === "buy" ? Side.SIDE_BUY : Side.SIDE_SELL;
  const plan = createSealedOrder({ chainId, round, poolId, sender, side, resource, limitE18, salt: fromHex(order.salt) });
  if (toHex(plan.hash) !== order.hash)
    throw new CliError("the file has been changed: its order does not have its hash", {
      why: `hash ${toHex(plan.hash)} is expected, got ${order.hash}`,
      next: "restore the file that hanzod hmm seal wrote",
    });
  return MsgRevealOrder.encode(plan.reveal).finish();
}
