import { ExecTxResult, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { writeMessage } from "../encoding/encodeMessage.ts";
import type { ResultWriter, TxFacts } from "./resultWriter.ts";

/** The answer to FinalizeBlock as bytes. */
export interface BlockAnswer {
  /** An encoded tendermint.abci.ResponseFinalizeBlock. */
  readonly bytes: Uint8Array;
  /** Its results, each an encoded tendermint.abci.ExecTxResult, in order. */
  readonly results: readonly Uint8Array[];
  readonly facts: readonly TxFacts[];
}

/** Number of tendermint.abci.ResponseFinalizeBlock.tx_results, and the kind of its values: bytes behind their length. */
const TX_RESULTS = (2 << 3) | 2;

const nothing = ResponseFinalizeBlock.fromPartial({});
const encoded = new WeakMap<ResponseFinalizeBlock, BlockAnswer>();

/** What a block comes to besides its events and results. */
type BlockChange = Omit<ResponseFinalizeBlock, "txResults" | "events">;

/**
 * An answer whose events and results are bytes already; they become objects only for who looks at them.
 * @param events those of the hooks, as fields of the answer one behind the other
 */
export function createBlockAnswer(block: BlockChange, events: readonly Uint8Array[], written: ResultWriter): ResponseFinalizeBlock {
  const results = written.end();
  let decoded: ExecTxResult[] | undefined;
  let decodedEvents: ResponseFinalizeBlock["events"] | undefined;
  const response: ResponseFinalizeBlock = {
    get events() {
      decodedEvents ??= events.flatMap((bytes) => ResponseFinalizeBlock.decode(bytes).events);
      return decodedEvents;
    },
    ...block,
    get txResults() {
      decoded ??= results.map((bytes) => ExecTxResult.decode(bytes));
      return decoded;
    },
  };
  encoded.set(response, { bytes: encodeAnswer(block, events, results), results, facts: written.facts });
  return response;
}

/** The bytes of an answer for all who need them: CometBFT, the log and the transaction index. CONTRACT: the answer is not changed. */
export function encodeBlockAnswer(response: ResponseFinalizeBlock): BlockAnswer {
  const known = encoded.get(response);
  if (known !== undefined) return known;
  const results = response.txResults.map((result) => ExecTxResult.encode(result).finish());
  const events = ResponseFinalizeBlock.encode({ ...nothing, events: response.events }).finish();
  const answer = { bytes: encodeAnswer(response, [events], results), results, facts: response.txResults };
  encoded.set(response, answer);
  return answer;
}

function encodeAnswer(block: BlockChange, events: readonly Uint8Array[], results: readonly Uint8Array[]): Uint8Array {
  const { validatorUpdates, consensusParamUpdates, appHash } = block;
  return writeMessage((writer) => {
    for (const bytes of events) writer.raw(bytes);
    for (const result of results) writer.uint32(TX_RESULTS).bytes(result);
    return ResponseFinalizeBlock.encode({ ...nothing, validatorUpdates, consensusParamUpdates, appHash }, writer);
  });
}
