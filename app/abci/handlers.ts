import {
  type Request,
  type Response,
  ResponseCheckTx,
  ResponseListSnapshots,
  ResponseLoadSnapshotChunk,
  ResponseQuery,
} from "#proto/tendermint/abci/types";
import type { Application } from "../runtime/application.ts";
import type { AbciMethod } from "./methods.ts";

/** Code and codespace of an answer that reports a defect of the node and not of the request. */
const INTERNAL = { code: 1, codespace: "sdk" } as const;

/**
 * Hands one call to the application.
 *
 * @param request decoded Request whose field `method` is set.
 * @returns the answer, or a promise of it where the application answers later (commit, query, a replayed block, chunks on disk).
 * @throws whatever the application throws; `failureAnswer` says what becomes of it.
 */
export function callApplication(app: Application, method: AbciMethod, request: Request): Response | Promise<Response> {
  switch (method) {
    case "echo":
      return { echo: { message: required(request.echo).message } };
    case "flush":
      return { flush: {} };
    case "info":
      return { info: app.info(required(request.info)) };
    case "initChain":
      return { initChain: app.initChain(required(request.initChain)) };
    case "query":
      return app.query(required(request.query)).then((query) => ({ query }));
    case "checkTx":
      return { checkTx: app.checkTx(required(request.checkTx)) };
    case "commit":
      return app.commit().then((commit) => ({ commit }));
    case "listSnapshots":
      return { listSnapshots: app.listSnapshots(required(request.listSnapshots)) };
    case "offerSnapshot":
      return { offerSnapshot: app.offerSnapshot(required(request.offerSnapshot)) };
    case "loadSnapshotChunk":
      return answered(app.loadSnapshotChunk(required(request.loadSnapshotChunk)), (loadSnapshotChunk) => ({ loadSnapshotChunk }));
    case "applySnapshotChunk":
      return answered(app.applySnapshotChunk(required(request.applySnapshotChunk)), (applySnapshotChunk) => ({ applySnapshotChunk }));
    case "prepareProposal":
      return { prepareProposal: app.prepareProposal(required(request.prepareProposal)) };
    case "processProposal":
      return { processProposal: app.processProposal(required(request.processProposal)) };
    case "extendVote":
      return { extendVote: app.extendVote(required(request.extendVote)) };
    case "verifyVoteExtension":
      return { verifyVoteExtension: app.verifyVoteExtension(required(request.verifyVoteExtension)) };
    case "finalizeBlock":
      return answered(app.finalizeBlock(required(request.finalizeBlock)), (finalizeBlock) => ({ finalizeBlock }));
  }
}

function answered<T>(answer: T | Promise<T>, wrap: (answer: T) => Response): Response | Promise<Response> {
  return answer instanceof Promise ? answer.then(wrap) : wrap(answer);
}

/**
 * The error answer of a call that failed inside the node without harm to agreed state.
 *
 * @param detail what went wrong, for the caller; stacks and paths stay in the log.
 * @returns undefined for calls that have no such answer.
 */
export function failureAnswer(method: AbciMethod, request: Request, detail: string): Response | undefined {
  const log = `internal error: ${detail}`;
  switch (method) {
    case "query":
      // Wallets refuse an answer without height, and would then hide the reason.
      return { query: ResponseQuery.fromPartial({ ...INTERNAL, log, key: required(request.query).data, height: 1n }) };
    case "checkTx":
      return { checkTx: ResponseCheckTx.fromPartial({ ...INTERNAL, log }) };
    case "listSnapshots":
      return { listSnapshots: ResponseListSnapshots.fromPartial({}) };
    case "loadSnapshotChunk":
      return { loadSnapshotChunk: ResponseLoadSnapshotChunk.fromPartial({}) };
    default:
      return undefined;
  }
}

/** `findMethod` found the field set, which the compiler cannot know. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError("the request does not hold the call it was dispatched for");
  return value;
}
