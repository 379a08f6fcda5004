import type { Request, Response } from "#proto/tendermint/abci/types";

/** The sixteen calls of ABCI 2.0.0, named as the fields of the Request message. */
export type AbciMethod = keyof typeof ABCI_METHODS & keyof Request & keyof Response;

/**
 * How the server treats a call.
 *
 * - `link`: belongs to the connection itself and never reaches the application;
 * - `ordered`: may change or must see the newest state: one at a time over all connections, in order of arrival;
 * - `reading`: answered from committed state, may run beside anything else; answers keep their order on their connection.
 */
export type MethodKind = "link" | "ordered" | "reading";

/**
 * What to do when the application throws.
 *
 * - `stop`: consensus cannot go on: answer ResponseException and stop the node, so that no later call sees half-made state;
 * - `answer`: the caller gets an error answer and the node lives, since such a call changes nothing that is agreed on.
 */
export type FailurePolicy = "stop" | "answer";

/** Every method of the protocol with its kind and failure policy (CometBFT spec/abci, v0.38). */
export const ABCI_METHODS = {
  echo: { kind: "link", onThrow: "stop" },
  flush: { kind: "link", onThrow: "stop" },
  info: { kind: "ordered", onThrow: "stop" },
  initChain: { kind: "ordered", onThrow: "stop" },
  query: { kind: "reading", onThrow: "answer" },
  checkTx: { kind: "ordered", onThrow: "answer" },
  commit: { kind: "ordered", onThrow: "stop" },
  listSnapshots: { kind: "reading", onThrow: "answer" },
  offerSnapshot: { kind: "ordered", onThrow: "stop" },
  loadSnapshotChunk: { kind: "reading", onThrow: "answer" },
  applySnapshotChunk: { kind: "ordered", onThrow: "stop" },
  prepareProposal: { kind: "ordered", onThrow: "stop" },
  processProposal: { kind: "ordered", onThrow: "stop" },
  extendVote: { kind: "ordered", onThrow: "stop" },
  verifyVoteExtension: { kind: "ordered", onThrow: "stop" },
  finalizeBlock: { kind: "ordered", onThrow: "stop" },
} as const satisfies Readonly<Record<string, { readonly kind: MethodKind; readonly onThrow: FailurePolicy }>>;

const METHOD_NAMES = Object.keys(ABCI_METHODS) as readonly AbciMethod[];

/**
 * Finds which call a decoded Request carries.
 *
 * @returns undefined when no known field is set: an empty message, or a call of a later protocol version.
 */
export function findMethod(request: Request): AbciMethod | undefined {
  return METHOD_NAMES.find((name) => request[name] !== undefined);
}
