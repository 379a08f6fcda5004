import type { Application } from "../../../app/runtime/application.ts";

/** The calls of an application as an object of their own, for a wrapper that replaces some: a spread copies neither methods of classes nor getters that stay live. */
export function bindApplication(app: Application): Application {
  const expectTxs = app.expectTxs?.bind(app);
  return {
    ...(expectTxs === undefined ? {} : { expectTxs }),
    prepareCommit: () => app.prepareCommit?.(),
    info: (request) => app.info(request),
    query: (request) => app.query(request),
    checkTx: (request) => app.checkTx(request),
    initChain: (request) => app.initChain(request),
    prepareProposal: (request) => app.prepareProposal(request),
    processProposal: (request) => app.processProposal(request),
    extendVote: (request) => app.extendVote(request),
    verifyVoteExtension: (request) => app.verifyVoteExtension(request),
    finalizeBlock: (request) => app.finalizeBlock(request),
    commit: () => app.commit(),
    listSnapshots: (request) => app.listSnapshots(request),
    offerSnapshot: (request) => app.offerSnapshot(request),
    loadSnapshotChunk: (request) => app.loadSnapshotChunk(request),
    applySnapshotChunk: (request) => app.applySnapshotChunk(request),
  };
}
