// In which calls, and how, answers over gRPC may differ from the recorded ones.
import { fromHex } from "../../../../app/encoding/bytes.ts";
import type { ChainFacts } from "./chainFacts.ts";
import type { DifferenceName } from "./differences.ts";
import { anyText, hasRawBytes, isGoText, isMissing, sameButAddresses, sameFrame, type TextRule } from "./errorText.ts";
import { namesOf, without } from "./jsonShape.ts";
import { isCut } from "./queryAnswers.ts";
import type { RecordedCall } from "./recording.ts";
import { foreignMessages } from "./scope.ts";
import type { Rule } from "./verdict.ts";

/** What is expected of the answer to a gRPC call. */
export interface GrpcExpectation {
  /** Status where it is not the recorded one. */
  readonly status?: number;
  readonly message?: TextRule;
  /** What of the response counts, as JSON; left out, its bytes. */
  readonly view?: (json: unknown) => unknown;
  readonly anyHeight?: boolean;
}

/** A call with the bytes of its response, which may stand with the ABCI query of the same request. */
export type ResolvedCall = RecordedCall & { readonly value: string };

type GrpcRule = Rule<ResolvedCall, GrpcExpectation>;

const OK = 0;
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;
/** Codes that the recorded node gives to errors without a status, and to some mistakes: Unknown and Internal. */
const SERVER_ERRORS = new Set([2, 13]);
const nothing = (): unknown => "any";

const simply = (difference: DifferenceName, matches: (call: ResolvedCall) => boolean, expected: GrpcExpectation): GrpcRule => ({
  difference,
  matches,
  expected: () => expected,
});

const mistake = (difference: DifferenceName, message: TextRule, fits: (call: ResolvedCall, text: string) => boolean): GrpcRule => ({
  difference,
  matches: (call) => SERVER_ERRORS.has(call.status) && fits(call, call.message ?? ""),
  // The recorded node tells no height where it could not read the request.
  expected: ({ height, block_height }) => ({
    status: INVALID_ARGUMENT,
    message,
    anyHeight: height !== undefined || block_height === undefined,
  }),
});

/** The rules for the answers of a recorded chain. */
export function grpcRules({ height: last }: ChainFacts): readonly GrpcRule[] {
  return [
    simply("earlierHeights", ({ height = 0 }) => Number(height) > 0 && BigInt(height) < last, {
      status: INVALID_ARGUMENT,
      message: () => true,
      anyHeight: true,
    }),
    simply("earlierHeights", ({ path, status }) => status === OK && /Query\/HistoricalInfo$/.test(path), {
      status: NOT_FOUND,
      message: () => true,
    }),
    simply("grpcLibraryText", ({ status }) => status === UNIMPLEMENTED, { message: () => true }),
    simply("ownProgram", ({ path, status }) => status === OK && /GetNodeInfo$/.test(path), { view: namesOf }),
    simply("ownProgram", ({ path, status }) => status === OK && path.includes(".reflection."), { view: nothing, anyHeight: true }),
    simply("ownVersions", ({ path, status }) => status === OK && /ModuleVersions$/.test(path), { view: nothing }),
    simply("oldProposals", ({ path, status }) => status !== OK && /gov\.v1beta1\.Query\/Proposals$/.test(path), {
      status: OK,
      message: () => true,
      view: nothing,
    }),
    simply("ownFigures", ({ path, status }) => status === OK && /node\.v1beta1\.Service\/Status$/.test(path), {
      view: (json) => without(json, ["app_hash", "validator_hash"]),
    }),
    simply("ownFigures", ({ path, status }) => status === OK && /Query\/HistoricalInfo$/.test(path), {
      view: (json) => without(json, ["hist.header.app_hash"]),
    }),
    simply("ownFigures", ({ path, status }) => status === OK && /Simulate$/.test(path), {
      view: (json) => without(json, ["gas_info.gas_used"]),
    }),
    simply(
      "absentMessages",
      ({ status, value, note }) => status === OK && !isCut(value, note) && foreignMessages(fromHex(value)).length > 0,
      { view: nothing },
    ),
    simply("absentMessages", ({ data }) => foreignMessages(fromHex(data)).length > 0, {
      status: INVALID_ARGUMENT,
      message: () => true,
      anyHeight: true,
    }),
    simply("missing", ({ status, message = "" }) => SERVER_ERRORS.has(status) && isMissing(message), {
      status: NOT_FOUND,
      message: sameFrame,
    }),
    mistake("failedSimulation", sameFrame, ({ path }) => path.endsWith("/Simulate")),
    mistake("addressText", sameButAddresses, (_call, text) => hasRawBytes(text)),
    mistake("wrappedError", sameFrame, (_call, text) => text.startsWith("codespace ")),
    mistake("callerMistake", sameFrame, () => true),
    mistake("libraryText", anyText, (_call, text) => isGoText(text)),
    simply("libraryText", ({ message = "" }) => isGoText(message), { message: anyText }),
  ];
}
