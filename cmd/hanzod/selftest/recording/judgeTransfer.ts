import type { ExecTxResult } from "#proto/tendermint/abci/types";
import { RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import { toHex } from "../../../../app/encoding/bytes.ts";
import { toTimestamp } from "../../../../app/sdk/time.ts";
import type { ChainFacts } from "./chainFacts.ts";
import { createRecordedChain, sdkModuleNames } from "./recordedChain.ts";
import { txBytes } from "./recordedHistory.ts";
import type { RecordedTx, Recording } from "./recording.ts";
import { balancesBefore, MOMENTS, transferState } from "./transferState.ts";
import { differs, failed, SAME, unlike, type Verdict } from "./verdict.ts";

/** First height at which a chain that was imported can make another block. */
const FIRST_HEIGHT = 3;
/** Codes of codespace sdk. */
const [UNAUTHORIZED, NOT_FOUND] = [4, 38];

const MOVES_COINS = /^\/cosmos\.(bank|vesting)\.v1beta1\.Msg/;

/** Whether a transaction only moves coins, locked ones included, and its fate does not hang on the others of its block. */
export function isTransfer({ messages, result }: RecordedTx): boolean {
  return messages.every((message) => MOVES_COINS.test(message["@type"])) && (result.code === 0 || result.events.length > 0);
}

/** Executes a transfer, its signers standing where they stood then: code, text, data and events as recorded, in order. */
export async function judgeTransfer(recording: Recording, facts: ChainFacts, tx: RecordedTx): Promise<Verdict> {
  const balances = balancesBefore(recording, tx);
  let verdict: Verdict | undefined;
  for (const moment of MOMENTS) {
    const [result] = await blockOf(recording, facts, [tx], transferState(recording, moment, tx, balances));
    if (result === undefined) return failed("a result expected");
    const reason = compareResult(tx, result);
    if (reason === undefined) return SAME;
    verdict ??= whyOther(tx, result.code, reason);
  }
  return verdict ?? SAME;
}

/** Results of recorded transactions in one block, at the height and time of the first. */
export async function blockOf(
  recording: Recording,
  facts: ChainFacts,
  txs: readonly RecordedTx[],
  appState: Readonly<Record<string, unknown>>,
): Promise<readonly ExecTxResult[]> {
  const at = txs[0]?.height ?? FIRST_HEIGHT;
  const height = BigInt(Math.max(at, FIRST_HEIGHT));
  const timeNs = facts.timesNs.get(BigInt(at)) ?? facts.timeNs;
  const { app } = await createRecordedChain({ recording, facts: { ...facts, height: height - 1n, timeNs: timeNs - 1n }, appState });
  const request = RequestFinalizeBlock.fromPartial({ height, time: toTimestamp(timeNs), txs: txs.map(txBytes) });
  return (await app.finalizeBlock(request)).txResults;
}

function whyOther(tx: RecordedTx, code: number, reason: string): Verdict {
  if (code === UNAUTHORIZED && tx.signed.some(({ mode }) => mode === "SIGN_MODE_TEXTUAL")) return differs("textualMode");
  if (code === NOT_FOUND && tx.fee.granter !== "" && !sdkModuleNames.has("feegrant")) return differs("absentModules");
  return failed(reason);
}

function compareResult({ result }: RecordedTx, got: ExecTxResult): string | undefined {
  const eventsOf = (events: RecordedTx["result"]["events"]): unknown =>
    events.map(([type, attributes]) => [type, attributes.map(([key, value]) => [key, value])]);
  const events = got.events.map(({ type, attributes }) => [type, attributes.map(({ key, value }) => [key, value])]);
  return (
    unlike("code", [result.code, result.codespace, result.log], [got.code, got.codespace, got.log]) ??
    unlike("data", result.data, toHex(got.data)) ??
    unlike("gas wanted", result.gas_wanted, String(got.gasWanted)) ??
    unlike("events", eventsOf(result.events), events)
  );
}
