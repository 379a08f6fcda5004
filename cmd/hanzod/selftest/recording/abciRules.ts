// In which queries, and how, answers over ABCI may differ from the recorded ones.
import { fromHex } from "../../../../app/encoding/bytes.ts";
import type { ChainFacts } from "./chainFacts.ts";
import type { DifferenceName } from "./differences.ts";
import { anyText, isGoText, isMissing, sameFrame, type TextRule } from "./errorText.ts";
import { namesOf, without } from "./jsonShape.ts";
import { isCut } from "./queryAnswers.ts";
import type { RecordedQuery } from "./recording.ts";
import { foreignMessages } from "./scope.ts";
import type { Rule } from "./verdict.ts";

/** What is expected of the answer to an ABCI query. */
export interface AbciExpectation {
  /** Code where it is not the recorded one; `failed` for any but 0. */
  readonly code?: number | "failed";
  readonly log?: TextRule;
  /** What of the response counts, as JSON; left out, its bytes. */
  readonly view?: (json: unknown) => unknown;
  readonly anyHeight?: boolean;
}

type AbciRule = Rule<RecordedQuery, AbciExpectation>;

const UNKNOWN_REQUEST = 6;
const INVALID_REQUEST = 18;
const KEY_NOT_FOUND = 22;
const nothing = (): unknown => "any";

const simply = (difference: DifferenceName, matches: (query: RecordedQuery) => boolean, expected: AbciExpectation): AbciRule => ({
  difference,
  matches,
  expected: () => expected,
});

/** The rules for the answers of a recorded chain. */
export function abciRules({ height }: ChainFacts): readonly AbciRule[] {
  return [
    simply("heightOfFailures", ({ response_height }) => response_height === "0", { anyHeight: true }),
    simply("earlierHeights", (query) => isAnswered(query) && isEarlier(query, height), { code: "failed", view: nothing, anyHeight: true }),
    simply("earlierHeights", ({ path, code }) => code === 0 && /Query\/HistoricalInfo$/.test(path), { code: "failed", view: nothing }),
    simply("ownProgram", ({ path, code }) => code === 0 && /GetNodeInfo$/.test(path), { view: namesOf }),
    simply("ownProgram", ({ path }) => /\.reflection\./.test(path), { code: "failed", view: nothing, anyHeight: true }),
    simply("ownVersions", ({ path, code }) => code === 0 && /ModuleVersions$/.test(path), { view: nothing }),
    simply("oldProposals", ({ path, code }) => code !== 0 && /gov\.v1beta1\.Query\/Proposals$/.test(path), {
      code: 0,
      log: () => true,
      view: nothing,
    }),
    simply("ownFigures", ({ path, code }) => code === 0 && /node\.v1beta1\.Service\/Status$/.test(path), {
      view: (json) => without(json, ["app_hash", "validator_hash"]),
    }),
    simply("ownFigures", ({ path, code }) => code === 0 && /Query\/HistoricalInfo$/.test(path), {
      view: (json) => without(json, ["hist.header.app_hash"]),
    }),
    simply("ownFigures", ({ path, code }) => code === 0 && /Service\/Simulate$/.test(path), {
      view: (json) => without(json, ["gas_info.gas_used"]),
    }),
    simply("ownFigures", ({ path, code }) => code === 0 && /app\/simulate$/.test(path), {
      view: (json) => without(json, ["gas_info.gas_used"]),
    }),
    simply("failedSimulation", ({ path, code }) => code !== 0 && /Service\/Simulate$/.test(path), { log: sameFrame }),
    simply("failedSimulation", ({ path, code }) => code !== 0 && /app\/simulate$/.test(path), { log: sameFrame, anyHeight: true }),
    simply("noCrash", ({ rpc_error }) => rpc_error !== undefined, { code: "failed", view: nothing, anyHeight: true }),
    simply("broadcastByQuery", ({ path }) => path.endsWith("/BroadcastTx"), { code: 0, log: () => true, view: nothing, anyHeight: true }),
    simply(
      "absentMessages",
      ({ code, value = "", note }) => code === 0 && !isCut(value, note) && foreignMessages(fromHex(value)).length > 0,
      {
        view: nothing,
      },
    ),
    simply("absentMessages", ({ data }) => foreignMessages(fromHex(data)).length > 0, { code: "failed", view: nothing, anyHeight: true }),
    simply("missing", ({ code, log = "" }) => code === UNKNOWN_REQUEST && isMissing(log), { code: KEY_NOT_FOUND, log: sameFrame }),
    simply("callerMistake", ({ code }) => code === UNKNOWN_REQUEST || code === INVALID_REQUEST, { code: INVALID_REQUEST, log: sameFrame }),
    simply("libraryText", ({ log = "", response_height }) => isGoText(log) && response_height === "0", { log: anyText, anyHeight: true }),
    simply("libraryText", ({ log = "" }) => isGoText(log), { log: anyText }),
  ];
}

/** Whether the recorded node read state: it answered, or found nothing there. */
function isAnswered({ code, log = "" }: RecordedQuery): boolean {
  return code === 0 || log.startsWith("rpc error: code = NotFound");
}

function isEarlier({ height = 0 }: RecordedQuery, last: bigint): boolean {
  return height > 0 && BigInt(height) < last;
}
