import { ResponseCheckTx } from "#proto/tendermint/abci/types";
import { encodeMessage } from "../encoding/encodeMessage.ts";
import { toAbciEvents } from "./abciEvents.ts";
import { factsOf, ResultEncoder } from "./resultWriter.ts";
import type { TxOutcome } from "./tx.ts";

const NO_DATA = new Uint8Array(0);
const encoder = new ResultEncoder();
/** The answer that was made last, which is encoded before the next one is. */
let last: { readonly answer: ResponseCheckTx; readonly outcome: TxOutcome } | undefined;

/** What CheckTx answers. Its events become objects only for who looks at them. */
export function createCheckAnswer(outcome: TxOutcome): ResponseCheckTx {
  const { error, events } = outcome;
  const answer: ResponseCheckTx = {
    ...factsOf(outcome),
    log: error?.log ?? "",
    info: "",
    data: NO_DATA,
    get events() {
      return toAbciEvents(events);
    },
  };
  last = { answer, outcome };
  return answer;
}

/** An encoded tendermint.abci.ResponseCheckTx; a view that stands until the next answer is encoded. */
export function encodeCheckAnswer(answer: ResponseCheckTx): Uint8Array {
  if (last?.answer !== answer) return encodeMessage(ResponseCheckTx, answer);
  const { outcome } = last;
  return encoder.encode(outcome, factsOf(outcome));
}
