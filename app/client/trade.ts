import type { DeliverTxResponse } from "@cosmjs/stargate";
import { MsgBuyExactOutResponse, MsgSellResponse, MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Trade } from "#proto/hanzo/hmm/v1/types";
import { ClientError } from "./clientError.ts";

const TRADES = [MsgSwapResponse, MsgBuyExactOutResponse, MsgSellResponse] as const;

/**
 * What the first order of a transaction traded and charged.
 * @throws client/2 when the transaction holds no order
 */
export function readTrade({ msgResponses, transactionHash }: Pick<DeliverTxResponse, "msgResponses" | "transactionHash">): Trade {
  for (const { typeUrl, value } of msgResponses) {
    const trade = TRADES.find(({ $type }) => typeUrl === `/${$type}`)?.decode(value).trade;
    if (trade !== undefined) return trade;
  }
  throw new ClientError(
    "badAnswer",
    `a trade expected in transaction ${transactionHash}, got ${msgResponses.map((r) => r.typeUrl).join(", ")}`,
  );
}
