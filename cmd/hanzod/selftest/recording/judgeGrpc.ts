import { toHex } from "../../../../app/encoding/bytes.ts";
import type { GrpcAnswer } from "./grpcClient.ts";
import { type GrpcExpectation, grpcRules, type ResolvedCall } from "./grpcRules.ts";
import { answerJson, beginsAs, isCut } from "./queryAnswers.ts";
import type { RecordedNode } from "./recordedNode.ts";
import type { RecordedCall, RecordedQuery, Recording } from "./recording.ts";
import { isOwnMethod } from "./scope.ts";
import { type Case, differs, failed, judge, rulesFor, unlike, type Verdict } from "./verdict.ts";

const UNIMPLEMENTED = 12;

/** Recorded gRPC calls with the judge of each. */
export function grpcCases(node: RecordedNode, { abci, genesis }: Recording): readonly Case[] {
  if (abci?.grpc === undefined || genesis === undefined) return [];
  const rules = rulesFor(node, grpcRules(node.facts));
  return abci.grpc.map((call) => ({
    name: nameOf(call),
    async judge() {
      const answer = await node.askGrpc(call);
      if (!isOwnMethod(call.path) && call.status !== UNIMPLEMENTED) return judgeAbsent(answer);
      const resolved = resolve(call, abci.abci_query);
      if (resolved === undefined) return failed("same_as_abci: the ABCI query with the response is missing from the recording");
      return judge(resolved, {}, rules, (expected) => compareGrpc(resolved, answer, expected));
    },
  }));
}

function nameOf({ path, data, note, height, message }: RecordedCall): string {
  const request = data.length > 48 ? `${data.slice(0, 48)}…` : data;
  const parts = [`grpc ${path}`, request, note, height === undefined ? undefined : `height ${height}`, message?.slice(0, 60)];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

function judgeAbsent({ code, message }: GrpcAnswer): Verdict {
  return code === UNIMPLEMENTED
    ? differs("absentModules")
    : failed(`a method of an absent module: code 12 expected, got ${code} ${message}`);
}

function resolve(call: RecordedCall, queries: readonly RecordedQuery[]): ResolvedCall | undefined {
  if (call.same_as_abci !== true) return { ...call, value: call.value ?? "" };
  const alike = queries.filter(({ path, data }) => path === call.path && data === call.data);
  const found = alike.find(({ height }) => height === call.height) ?? alike[0];
  return found === undefined ? undefined : { ...call, ...(found.note === undefined ? {} : { note: found.note }), value: found.value ?? "" };
}

/** What of an answer is not as expected, undefined when all is. */
function compareGrpc(call: ResolvedCall, answer: GrpcAnswer, expected: GrpcExpectation): string | undefined {
  const different =
    unlike("status", expected.status ?? call.status, answer.code) ??
    (expected.anyHeight === true ? undefined : unlike("height", call.block_height, answer.header("x-cosmos-block-height")));
  if (different !== undefined) return `${different} ${answer.message}`;
  if (answer.code !== 0) return compareMessage(call, answer, expected);
  if (isCut(call.value, call.note)) {
    const isSame = expected.view !== undefined || beginsAs(call.value, toHex(answer.value));
    return isSame ? undefined : unlike("value", call.value, toHex(answer.value));
  }
  if (expected.view === undefined) return unlike("value", call.value, toHex(answer.value));
  return unlike("value", expected.view(answerJson(call.path, call.value)), expected.view(answerJson(call.path, answer.value)));
}

function compareMessage(
  { status, message }: ResolvedCall,
  answer: GrpcAnswer,
  { message: rule = Object.is }: GrpcExpectation,
): string | undefined {
  // The HTTP/2 reader of the recording lost messages that begin or end with a space.
  if (message === undefined && status !== 0)
    return /^ | $/.test(answer.message) ? undefined : `message: one with a space at an end expected, got ${answer.message}`;
  const [theirs, mine] = [(message ?? "").trimEnd(), answer.message.trimEnd()];
  return rule(theirs, mine) ? undefined : (unlike("message", theirs, mine) ?? `message: another text than ${theirs} expected`);
}
