import { ExecTxResult, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { concatBytes } from "../encoding/bytes.ts";
import type { ResultWriter, TxFacts, WrittenResults } from "./resultWriter.ts";

/** The answer to FinalizeBlock as bytes. */
export interface BlockAnswer {
  /** An encoded tendermint.abci.ResponseFinalizeBlock. */
  readonly bytes: Uint8Array;
  /** The same without results; the same array where there are none. */
  readonly withoutResults: Uint8Array;
  /** Its results, each an encoded tendermint.abci.ExecTxResult, in order. */
  readonly results: readonly Uint8Array[];
  readonly facts: readonly TxFacts[];
}

const nothing = ResponseFinalizeBlock.fromPartial({});
const encoded = new WeakMap<ResponseFinalizeBlock, BlockAnswer>();

/** What a block comes to besides its events and results. */
type BlockChange = Omit<ResponseFinalizeBlock, "txResults" | "events">;

/**
 * An answer whose events and results are bytes already; they become objects only for who looks at them.
 * @param events those of the hooks, as fields of the answer one behind the other
 */
export function createBlockAnswer(block: BlockChange, events: readonly Uint8Array[], written: ResultWriter): ResponseFinalizeBlock {
  const answer = putTogether(block, events, written.end());
  let decoded: ExecTxResult[] | undefined;
  let decodedEvents: ResponseFinalizeBlock["events"] | undefined;
  const response: ResponseFinalizeBlock = {
    get events() {
      decodedEvents ??= events.flatMap((bytes) => ResponseFinalizeBlock.decode(bytes).events);
      return decodedEvents;
    },
    ...block,
    get txResults() {
      decoded ??= answer.results.map((bytes) => ExecTxResult.decode(bytes));
      return decoded;
    },
  };
  encoded.set(response, { ...answer, facts: written.facts });
  return response;
}

/** The bytes of an answer for all who need them: CometBFT, the log and the transaction index. CONTRACT: the answer is not changed. */
export function encodeBlockAnswer(response: ResponseFinalizeBlock): BlockAnswer {
  const known = encoded.get(response);
  if (known !== undefined) return known;
  const answer = {
    bytes: ResponseFinalizeBlock.encode(response).finish(),
    withoutResults: ResponseFinalizeBlock.encode({ ...response, txResults: [] }).finish(),
    results: response.txResults.map((result) => ExecTxResult.encode(result).finish()),
    facts: response.txResults,
  };
  encoded.set(response, answer);
  return answer;
}

/** The parts in the order of their fields' numbers, and views of the results in the whole: a large block's bytes are copied once. */
function putTogether(block: BlockChange, events: readonly Uint8Array[], { fields, places }: WrittenResults): Omit<BlockAnswer, "facts"> {
  const { validatorUpdates, consensusParamUpdates, appHash } = block;
  const change = ResponseFinalizeBlock.encode({ ...nothing, validatorUpdates, consensusParamUpdates, appHash }).finish();
  const bytes = concatBytes(...events, fields, change);
  let before = 0;
  for (const { length } of events) before += length;
  const results: Uint8Array[] = [];
  for (let i = 0; i < places.length; i += 2) results.push(bytes.subarray(before + (places[i] ?? 0), before + (places[i + 1] ?? 0)));
  return { bytes, withoutResults: fields.length === 0 ? bytes : concatBytes(...events, change), results };
}
