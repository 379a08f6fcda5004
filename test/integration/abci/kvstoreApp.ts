import {
  ResponseProcessProposal_ProposalStatus as ProposalStatus,
  type RequestFinalizeBlock,
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

const utf8 = new TextDecoder();

/**
 * A key-value application that answers as CometBFT's own example does: transactions are `key=value` or `key:value`,
 * the app hash is the number of transactions as a signed varint in eight bytes. It keeps its state in memory.
 */
export class KvstoreApp implements Application {
  readonly #values = new Map<string, string>();
  #size = 0n;
  #height = 0n;
  #staged: { readonly height: bigint; readonly pairs: readonly (readonly [string, string])[] } | undefined;

  get height(): bigint {
    return this.#height;
  }

  find(key: string): string | undefined {
    return this.#values.get(key);
  }

  info(): ResponseInfo {
    return ResponseInfo.fromPartial({
      data: `{"size":${this.#size}}`,
      lastBlockHeight: this.#height,
      lastBlockAppHash: this.#height === 0n ? new Uint8Array() : appHash(this.#size),
    });
  }

  initChain(): ResponseInitChain {
    return ResponseInitChain.fromPartial({ appHash: appHash(this.#size) });
  }

  checkTx({ tx }: { readonly tx: Uint8Array }): ResponseCheckTx {
    return ResponseCheckTx.fromPartial(parsePair(tx) === undefined ? { code: 2 } : { gasWanted: 1n });
  }

  prepareProposal({ txs }: { readonly txs: readonly Uint8Array[] }): ResponsePrepareProposal {
    return ResponsePrepareProposal.fromPartial({ txs: txs.filter((tx) => parsePair(tx) !== undefined) });
  }

  processProposal({ txs }: { readonly txs: readonly Uint8Array[] }): ResponseProcessProposal {
    const good = txs.every((tx) => parsePair(tx) !== undefined);
    return ResponseProcessProposal.fromPartial({ status: good ? ProposalStatus.ACCEPT : ProposalStatus.REJECT });
  }

  finalizeBlock({ txs, height }: RequestFinalizeBlock): ResponseFinalizeBlock {
    const pairs = txs.map((tx) => parsePair(tx) ?? ([utf8.decode(tx), utf8.decode(tx)] as const));
    this.#staged = { height, pairs };
    return ResponseFinalizeBlock.fromPartial({
      txResults: pairs.map(([key]) => ({ events: [{ type: "app", attributes: [{ key: "key", value: key, index: true }] }] })),
      appHash: appHash(this.#size + BigInt(txs.length)),
    });
  }

  async commit(): Promise<ResponseCommit> {
    // A real store waits for the disk here.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#staged === undefined) throw new Error("commit without a block");
    for (const [key, value] of this.#staged.pairs) this.#values.set(key, value);
    this.#size += BigInt(this.#staged.pairs.length);
    this.#height = this.#staged.height;
    this.#staged = undefined;
    return ResponseCommit.fromPartial({});
  }

  async query({ data }: { readonly data: Uint8Array }): Promise<ResponseQuery> {
    const value = this.#values.get(utf8.decode(data));
    return ResponseQuery.fromPartial({
      key: data,
      log: value === undefined ? "does not exist" : "exists",
      value: new TextEncoder().encode(value ?? ""),
      height: this.#height,
    });
  }

  extendVote(): ResponseExtendVote {
    return ResponseExtendVote.fromPartial({});
  }

  verifyVoteExtension(): ResponseVerifyVoteExtension {
    return ResponseVerifyVoteExtension.fromPartial({ status: 1 });
  }

  listSnapshots(): ResponseListSnapshots {
    return ResponseListSnapshots.fromPartial({});
  }

  offerSnapshot(): ResponseOfferSnapshot {
    return ResponseOfferSnapshot.fromPartial({ result: 3 });
  }

  loadSnapshotChunk(): ResponseLoadSnapshotChunk {
    return ResponseLoadSnapshotChunk.fromPartial({});
  }

  applySnapshotChunk(): ResponseApplySnapshotChunk {
    return ResponseApplySnapshotChunk.fromPartial({ result: 2 });
  }
}

/** Exactly one separator, neither first nor last. */
function parsePair(tx: Uint8Array): readonly [string, string] | undefined {
  const parts = utf8.decode(tx).split(/[=:]/);
  const [key, value] = parts;
  return parts.length === 2 && key !== undefined && key !== "" && value !== undefined && value !== "" ? [key, value] : undefined;
}

function appHash(size: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  let rest = size * 2n;
  for (let at = 0; rest > 0n; at++) {
    bytes[at] = Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0);
    rest >>= 7n;
  }
  return bytes;
}
