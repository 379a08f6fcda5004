import { sdkError } from "#sdk";
import { type Answer, answerError } from "./answer.ts";

/** `/p2p/filter/<addr|id>/<who>`: whether to talk to a peer. Everyone is welcome; malformed questions are refused, not fatal. */
export function queryPeerFilter(path: readonly string[]): Answer {
  const [, command, kind, who] = path;
  if (path.length >= 4 && command !== "filter") throw answerError(sdkError.unknownRequest("expected second parameter to be 'filter'"));
  if (who === undefined || (kind !== "addr" && kind !== "id"))
    throw answerError(sdkError.unknownRequest("path should be p2p filter <addr|id> <parameter>"));
  return {};
}
