import { createHash } from "node:crypto";
import type { ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { type BlockID, Header } from "#proto/tendermint/types/types";
import { toTimestamp } from "../../../app/sdk/time.ts";

/** A block of a development chain with what it did. */
export interface DevBlock {
  readonly blockId: BlockID;
  readonly header: Header;
  readonly txs: readonly Uint8Array[];
  readonly response: ResponseFinalizeBlock;
}

/** What a header is made of. */
export interface HeaderParts {
  readonly chainId: string;
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly last: BlockID | undefined;
  /** State before the block. */
  readonly appHash: Uint8Array;
  readonly txs: readonly Uint8Array[];
  readonly proposerAddress: Uint8Array;
}

const NO_HASH = new Uint8Array(0);
const NO_BLOCK: BlockID = { hash: NO_HASH, partSetHeader: { total: 0, hash: NO_HASH } };
/** Version of CometBFT's block format. */
const BLOCK_PROTOCOL = 11n;

/** A header in CometBFT's form. Its hashes are plain SHA-256 of the bytes: nobody votes here, so nobody checks CometBFT's own. */
export function createHeader({ chainId, height, timeNs, last, appHash, txs, proposerAddress }: HeaderParts): Header {
  const empty = sha256();
  return {
    version: { block: BLOCK_PROTOCOL, app: 0n },
    chainId,
    height,
    time: toTimestamp(timeNs),
    lastBlockId: last ?? NO_BLOCK,
    lastCommitHash: empty,
    dataHash: sha256(...txs),
    validatorsHash: empty,
    nextValidatorsHash: empty,
    consensusHash: empty,
    appHash,
    lastResultsHash: empty,
    evidenceHash: empty,
    proposerAddress,
  };
}

/** Id of the block with that header. */
export function blockIdOf(header: Header): BlockID {
  const hash = sha256(Header.encode(header).finish());
  return { hash, partSetHeader: { total: 1, hash } };
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
