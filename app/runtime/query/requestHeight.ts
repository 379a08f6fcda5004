import type { RequestQuery } from "#proto/tendermint/abci/types";
import { sdkError } from "#sdk";
import type { ChainHead } from "../chainHead.ts";
import { answerError } from "./answer.ts";

/**
 * The height that a request means: 0 is the last one.
 * @throws sdk/18 below 0, or for a proof at heights that have none; sdk/26 in the future
 */
export function requestHeight(head: ChainHead, { height, prove }: Pick<RequestQuery, "height" | "prove">): bigint {
  if (height < 0n) throw answerError(sdkError.invalidRequest("cannot query with height < 0; please provide a valid height"));
  if (height > head.height)
    throw answerError(sdkError.invalidHeight("cannot query with height in the future; please provide a valid height"));
  if (prove && height === 1n)
    throw answerError(sdkError.invalidRequest("cannot query with proof when height <= 1; please provide a valid height"));
  return height === 0n ? head.height : height;
}
