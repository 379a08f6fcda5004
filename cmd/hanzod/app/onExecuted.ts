import type { RequestFinalizeBlock, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import type { Application } from "../../../app/runtime/application.ts";

const ASK = { version: "", blockVersion: 0n, p2pVersion: 0n, abciVersion: "" };

/**
 * Has a block executed, and tells of its answer before it goes on.
 * @param tell is not told of a block that was committed before: its answer comes from the log
 */
export function onExecuted(
  app: Application,
  request: RequestFinalizeBlock,
  tell: (answer: ResponseFinalizeBlock) => void,
): ResponseFinalizeBlock | Promise<ResponseFinalizeBlock> {
  const wasCommitted = request.height <= app.info(ASK).lastBlockHeight;
  const answer = app.finalizeBlock(request);
  if (wasCommitted) return answer;
  if (answer instanceof Promise) {
    return answer.then((executed) => {
      tell(executed);
      return executed;
    });
  }
  tell(answer);
  return answer;
}
