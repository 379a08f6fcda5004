import type { ResponseQuery } from "#proto/tendermint/abci/types";
import { toHex } from "../../../../app/encoding/bytes.ts";
import { type AbciExpectation, abciRules } from "./abciRules.ts";
import { answerJson, beginsAs, isCut } from "./queryAnswers.ts";
import type { RecordedNode } from "./recordedNode.ts";
import type { RecordedQuery, Recording } from "./recording.ts";
import { isOwnMethod } from "./scope.ts";
import { type Case, differs, failed, judge, rulesFor, unlike, type Verdict } from "./verdict.ts";

/** Recorded ABCI queries with the judge of each. */
export function abciCases(node: RecordedNode, { abci, genesis }: Recording): readonly Case[] {
  if (abci === undefined || genesis === undefined) return [];
  const rules = rulesFor(node, abciRules(node.facts));
  return abci.abci_query.map((query) => ({
    name: nameOf(query),
    async judge() {
      const answer = await node.askAbci(query);
      if (!isOwnMethod(query.path) && !isUnknown(query)) return judgeAbsent(answer);
      return judge(query, {}, rules, (expected) => compareAbci(query, answer, expected));
    },
  }));
}

function nameOf({ path, data, note, height, prove, log }: RecordedQuery): string {
  const parts = [
    `abci ${JSON.stringify(path)}`,
    data.length > 48 ? `${data.slice(0, 48)}…` : data,
    note,
    height === undefined ? undefined : `height ${height}`,
    prove === true ? "with proof" : undefined,
    log === undefined ? undefined : `fails with ${log.slice(0, 60)}`,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** Paths that the recorded node does not know either. */
function isUnknown({ log = "" }: RecordedQuery): boolean {
  return /^(unknown query path|no such store)/.test(log);
}

function judgeAbsent({ code, log }: ResponseQuery): Verdict {
  return /^(unknown query path|no such store)/.test(log)
    ? differs("absentModules")
    : failed(`a path of an absent module: unknown expected, got ${code} ${log}`);
}

/** What of an answer is not as expected, undefined when all is. */
function compareAbci(query: RecordedQuery, answer: ResponseQuery, expected: AbciExpectation): string | undefined {
  const { code = 0, codespace = "", log = "", response_height } = query;
  const wanted = expected.code ?? code;
  if (wanted === "failed") return answer.code === 0 ? `code: a failure expected, got 0` : undefined;
  return (
    unlike("code", wanted, answer.code) ??
    (wanted !== 0 || code === 0 ? unlike("codespace", codespace, answer.codespace) : undefined) ??
    ((expected.log ?? Object.is)(log, answer.log)
      ? undefined
      : (unlike("log", log, answer.log) ?? `log: another text than ${log} expected`)) ??
    (expected.anyHeight === true ? undefined : unlike("height", response_height, String(answer.height))) ??
    compareValue(query, answer, expected)
  );
}

function compareValue(query: RecordedQuery, answer: ResponseQuery, { view }: AbciExpectation): string | undefined {
  const { path, value = "", key, note, proof_ops } = query;
  const proof = proof_ops?.map(({ type }) => type);
  const different =
    (key === undefined ? undefined : unlike("key", key, toHex(answer.key))) ??
    (proof === undefined
      ? undefined
      : unlike(
          "proof",
          proof,
          answer.proofOps?.ops.map(({ type }) => type),
        ));
  if (different !== undefined) return different;
  const mine = toHex(answer.value);
  // What was cut in the recording is compared as far as it goes.
  if (isCut(value, note)) return view === undefined && !beginsAs(value, mine) ? unlike("value", value, mine) : undefined;
  if (view === undefined) return unlike("value", value, mine);
  const json = (bytes: string): unknown => answerJson(path, bytes) ?? parseText(bytes);
  return unlike("value", view(json(value)), view(json(mine)));
}

/** `/app/simulate` answers JSON text. */
function parseText(hex: string): unknown {
  try {
    return JSON.parse(Buffer.from(hex, "hex").toString("utf8"));
  } catch {
    return hex;
  }
}
