import { RequestCheckTx, type ResponseCheckTx } from "#proto/tendermint/abci/types";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { type ChainFacts, readChainFacts } from "./chainFacts.ts";
import { type CheckExpectation, checkTxRules } from "./checkTxRules.ts";
import { stateBefore } from "./checkTxState.ts";
import { createRecordedChain } from "./recordedChain.ts";
import type { JudgedCheck, RecordedCheck, Recording } from "./recording.ts";
import { type Case, differs, judge, unlike, type Verdict } from "./verdict.ts";

/** Transactions that the recorded mempool judged, with the judge of each. */
export function checkTxCases(recording: Recording): readonly Case[] {
  if (recording.checktx === undefined) return [];
  const facts = readChainFacts(recording);
  return recording.checktx.cases.map((one) => ({
    name: `CheckTx · ${one.name}`,
    async judge() {
      const judged = verdictOf(one);
      return judged === undefined ? differs("engineAnswers") : judgeCheck(recording, facts, judged);
    },
  }));
}

/** The state machine's verdict, which a broadcast passes on; undefined for what the consensus engine answers itself. */
function verdictOf({ broadcast, ...one }: RecordedCheck): JudgedCheck | undefined {
  const { tx, code, ...rest } = { ...one, ...broadcast };
  return tx === undefined || code === undefined ? undefined : { ...rest, tx, code };
}

/** Every case is judged by a chain of its own, on which the signers stand where the recorded verdict says they stood. */
async function judgeCheck(recording: Recording, facts: ChainFacts, one: JudgedCheck): Promise<Verdict> {
  const appState = stateBefore(recording, one);
  const { app } = await createRecordedChain({ recording, facts, appState });
  const answer = app.checkTx(RequestCheckTx.fromPartial({ tx: fromHex(one.tx) }));
  return judge(one, {}, checkTxRules(answer), (expected) => compareCheck(one, answer, expected));
}

/** What of a verdict is not as expected, undefined when all is. */
function compareCheck(
  { code, codespace = "", log = "" }: JudgedCheck,
  answer: ResponseCheckTx,
  expected: CheckExpectation,
): string | undefined {
  if (expected.codes !== undefined)
    return expected.codes.includes(answer.code)
      ? undefined
      : `code: expected ${expected.codes.join(" or ")}, got ${answer.code} ${answer.log}`;
  const rule = expected.log ?? Object.is;
  const codes = unlike("code", [code, codespace], [answer.code, answer.codespace]);
  if (codes !== undefined) return `${codes} ${answer.log}`;
  return rule(log, answer.log) ? undefined : (unlike("log", log, answer.log) ?? `log: another text than ${log} expected`);
}
