import { ExecTxResult, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { encodeMessage } from "#sdk";
import { appendBytesField } from "../encoding/appendField.ts";

/** The answer to FinalizeBlock on the wire. */
export interface EncodedBlockResponse {
  readonly bytes: Uint8Array;
  /** Every transaction's result by itself, as it stands in the answer and in the index. */
  readonly results: readonly Uint8Array[];
}

/** Number of tendermint.abci.ResponseFinalizeBlock.tx_results. */
const TX_RESULTS = 2;

const encoded = new WeakMap<ResponseFinalizeBlock, EncodedBlockResponse>();

/**
 * Encodes the answer to FinalizeBlock. CometBFT and the log get the same bytes, and results are most of a block's work on the wire, so an answer
 * is encoded once. CONTRACT: an answer does not change after it was first encoded.
 */
export function encodeBlockResponse(response: ResponseFinalizeBlock): EncodedBlockResponse {
  let known = encoded.get(response);
  if (known === undefined) {
    const results = response.txResults.map((result) => encodeMessage(ExecTxResult, result));
    const rest = encodeMessage(ResponseFinalizeBlock, { ...response, txResults: [] });
    known = { bytes: appendBytesField(rest, TX_RESULTS, results), results };
    encoded.set(response, known);
  }
  return known;
}
