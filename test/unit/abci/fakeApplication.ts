import {
  ResponseApplySnapshotChunk,
  ResponseCheckTx,
  ResponseCommit,
  ResponseExtendVote,
  ResponseFinalizeBlock,
  ResponseInfo,
  ResponseInitChain,
  ResponseListSnapshots,
  ResponseLoadSnapshotChunk,
  ResponseOfferSnapshot,
  ResponsePrepareProposal,
  ResponseProcessProposal,
  ResponseQuery,
  ResponseVerifyVoteExtension,
} from "#proto/tendermint/abci/types";
import type { Application } from "../../../app/runtime/application.ts";

/** An application that accepts everything; a test replaces the methods it is about. */
export function fakeApplication(replaced: Partial<Application> = {}): Application {
  return {
    info: () => ResponseInfo.fromPartial({ data: "fake", lastBlockHeight: 7n }),
    initChain: () => ResponseInitChain.fromPartial({}),
    checkTx: (request) => ResponseCheckTx.fromPartial({ code: request.tx[0] ?? 0, gasWanted: BigInt(request.tx.length) }),
    prepareProposal: (request) => ResponsePrepareProposal.fromPartial({ txs: request.txs }),
    processProposal: () => ResponseProcessProposal.fromPartial({ status: 1 }),
    extendVote: () => ResponseExtendVote.fromPartial({}),
    verifyVoteExtension: () => ResponseVerifyVoteExtension.fromPartial({ status: 1 }),
    finalizeBlock: (request) => ResponseFinalizeBlock.fromPartial({ txResults: request.txs.map(() => ({})), appHash: Uint8Array.of(1) }),
    commit: async () => ResponseCommit.fromPartial({ retainHeight: 3n }),
    query: async (request) => ResponseQuery.fromPartial({ key: request.data, height: 7n }),
    listSnapshots: () => ResponseListSnapshots.fromPartial({ snapshots: [{ height: 5n }] }),
    offerSnapshot: () => ResponseOfferSnapshot.fromPartial({ result: 1 }),
    loadSnapshotChunk: () => ResponseLoadSnapshotChunk.fromPartial({ chunk: Uint8Array.of(9) }),
    applySnapshotChunk: () => ResponseApplySnapshotChunk.fromPartial({ result: 1 }),
    ...replaced,
  };
}
