import { ExecTxResult, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";

/** The answer to FinalizeBlock as bytes. */
export interface BlockAnswer {
  /** An encoded tendermint.abci.ResponseFinalizeBlock. */
  readonly bytes: Uint8Array;
  /** Its results, each an encoded tendermint.abci.ExecTxResult, in order. */
  readonly results: readonly Uint8Array[];
}

/** Number of tendermint.abci.ResponseFinalizeBlock.tx_results, and the kind of its values: bytes behind their length. */
const TX_RESULTS = (2 << 3) | 2;

const nothing = ResponseFinalizeBlock.fromPartial({});
const encoded = new WeakMap<ResponseFinalizeBlock, BlockAnswer>();

/**
 * Encodes an answer once for all who need it: CometBFT, the log and the transaction index.
 * CONTRACT: the answer is not changed after the first call.
 */
export function encodeBlockAnswer(response: ResponseFinalizeBlock): BlockAnswer {
  const known = encoded.get(response);
  if (known !== undefined) return known;
  const writer = ResponseFinalizeBlock.encode(nothing); // one for all, so that its buffer grows once
  const results = response.txResults.map((result) => ExecTxResult.encode(result, writer).finish());
  ResponseFinalizeBlock.encode({ ...nothing, events: response.events }, writer);
  for (const result of results) writer.uint32(TX_RESULTS).bytes(result);
  ResponseFinalizeBlock.encode({ ...response, events: [], txResults: [] }, writer);
  const answer = { bytes: writer.finish(), results };
  encoded.set(response, answer);
  return answer;
}
