import type {
  RequestApplySnapshotChunk,
  RequestCheckTx,
  RequestExtendVote,
  RequestFinalizeBlock,
  RequestInfo,
  RequestInitChain,
  RequestListSnapshots,
  RequestLoadSnapshotChunk,
  RequestOfferSnapshot,
  RequestPrepareProposal,
  RequestProcessProposal,
  RequestQuery,
  RequestVerifyVoteExtension,
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

/**
 * The state machine as CometBFT sees it (ABCI 2.0.0). Everything is synchronous but what waits for the disk.
 * CONTRACT: calls arrive one at a time; only `query` and the snapshot calls may overlap others.
 */
export interface Application {
  info(request: RequestInfo): ResponseInfo;
  initChain(request: RequestInitChain): ResponseInitChain;
  checkTx(request: RequestCheckTx): ResponseCheckTx;
  /**
   * Hears of transactions that will be checked right after: an application may prepare for them beside this thread.
   * @returns resolves when it is prepared; undefined when there is nothing to wait for
   */
  expectTxs?(txs: readonly Uint8Array[]): Promise<void> | undefined;
  prepareProposal(request: RequestPrepareProposal): ResponsePrepareProposal;
  processProposal(request: RequestProcessProposal): ResponseProcessProposal;
  extendVote(request: RequestExtendVote): ResponseExtendVote;
  verifyVoteExtension(request: RequestVerifyVoteExtension): ResponseVerifyVoteExtension;
  /** A promise for a large block, which is executed with pauses, and for one that was committed before, whose answer is read from the log. */
  finalizeBlock(request: RequestFinalizeBlock): ResponseFinalizeBlock | Promise<ResponseFinalizeBlock>;
  /** The answer to FinalizeBlock has left, and the other side reads it: there is time for what Commit will need. */
  prepareCommit?(): void;
  commit(): Promise<ResponseCommit>;
  query(request: RequestQuery): Promise<ResponseQuery>;
  listSnapshots(request: RequestListSnapshots): ResponseListSnapshots;
  offerSnapshot(request: RequestOfferSnapshot): ResponseOfferSnapshot;
  /** A promise where the chunk is on disk. */
  loadSnapshotChunk(request: RequestLoadSnapshotChunk): ResponseLoadSnapshotChunk | Promise<ResponseLoadSnapshotChunk>;
  /** A promise where the chunk goes to disk, and with the last one the state. */
  applySnapshotChunk(request: RequestApplySnapshotChunk): ResponseApplySnapshotChunk | Promise<ResponseApplySnapshotChunk>;
}
