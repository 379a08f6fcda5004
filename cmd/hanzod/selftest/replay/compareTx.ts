import { TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { Any } from "#proto/google/protobuf/any";
import type { ExecTxResult } from "#proto/tendermint/abci/types";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { fromHex, toHex } from "../../../../app/encoding/bytes.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import type { DifferenceName } from "../recording/differences.ts";
import { anyText, hasRawBytes, isGoText, sameButAddresses, sameFrame } from "../recording/errorText.ts";
import { hasOddAmount } from "../recording/judgeTx.ts";
import type { RecordedTx } from "../recording/recording.ts";
import { differs, failed, SAME, unlike, type Verdict } from "../recording/verdict.ts";
import { compareEvents } from "./compareEvents.ts";

/** Codes of codespace sdk. */
const [TX_DECODE, UNAUTHORIZED, OUT_OF_GAS] = [2, 4, 11];
/** Of no codespace. */
const RECOVERED_PANIC = 111222;

/**
 * Judges what a transaction did in its block: code, codespace, data, gas wanted, events in order, text. Gas used is this program's own, but what ran out of
 * gas has to run out.
 */
export function judgeResult(tx: RecordedTx, got: ExecTxResult): Verdict {
  const { result } = tx;
  const refused = whyRefused(tx, got);
  if (refused !== undefined) return differs(refused);
  const isPanic = result.codespace === "undefined" && result.code === RECOVERED_PANIC && got.code !== 0;
  const reason =
    (isPanic ? undefined : compareCode(tx, got)) ??
    unlike("data", result.data, toHex(got.data)) ??
    // A panic before the messages leaves no gas limit behind.
    (isPanic && result.gas_wanted === "0" ? undefined : unlike("gas wanted", result.gas_wanted, String(got.gasWanted))) ??
    compareEvents(result.events, got.events);
  if (reason !== undefined) return failed(reason);
  return isPanic ? differs("panickedMessage") : judgeLog(result.log, got.log);
}

function compareCode({ result }: RecordedTx, got: ExecTxResult): string | undefined {
  const different = unlike("code", [result.code, result.codespace], [got.code, got.codespace]);
  return different === undefined ? undefined : `${different} (${got.log === "" ? `recorded: ${result.log}` : got.log})`;
}

/** Why this program refuses on purpose what the recorded chain took; undefined when it is for none of these reasons. */
export function whyRefused(tx: RecordedTx, got: ExecTxResult): DifferenceName | undefined {
  // What ran out of gas there may have enough here: gas follows from the store's layout.
  if (tx.result.codespace === "sdk" && tx.result.code === OUT_OF_GAS && got.code === 0) return "ownFigures";
  if (got.codespace !== "sdk" || got.code === tx.result.code) return undefined;
  if (got.code === UNAUTHORIZED && tx.signed.some(({ mode }) => mode === "SIGN_MODE_TEXTUAL")) return "textualMode";
  if (got.code === TX_DECODE && hasOddAmount(messagesAsSent(tx))) return "strictAmounts";
  return undefined;
}

/** Messages with amounts as they were written; a recording shows them as the recorded chain read them. */
function messagesAsSent({ body_bytes }: RecordedTx): unknown {
  const { messages } = TxBody.decode(fromHex(body_bytes));
  return messages.map((message) => toProtoJson(descriptors(), Any.$type, Any.encode(message).finish()));
}

function judgeLog(recorded: string, mine: string): Verdict {
  if (recorded === mine) return SAME;
  if (hasRawBytes(recorded) && sameButAddresses(recorded, mine)) return differs("addressText");
  if (/^out of gas/.test(recorded) && /^out of gas/.test(mine)) return differs("ownFigures");
  if (sameFrame(recorded, mine) || (isGoText(recorded) && anyText(recorded, mine))) return differs("libraryText");
  return failed(`log: expected ${recorded}, got ${mine}`);
}
