import { CanonicalVote } from "#proto/tendermint/types/canonical";
import { type BlockID, type Commit, type CommitSig, SignedMsgType } from "#proto/tendermint/types/types";
import { BlockIDFlag } from "#proto/tendermint/types/validator";
import { concatBytes } from "../../encoding/bytes.ts";
import { encodeUvarint } from "../../encoding/varint.ts";

/**
 * The bytes that a validator signed for its part of a commit: its precommit in canonical form, behind its length.
 * @param vote one of the commit's signatures, not an absent one
 */
export function voteSignBytes(chainId: string, commit: Commit, vote: CommitSig): Uint8Array {
  const canonical = CanonicalVote.encode({
    type: SignedMsgType.SIGNED_MSG_TYPE_PRECOMMIT,
    height: commit.height,
    round: BigInt(commit.round),
    blockId: vote.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_COMMIT ? canonicalBlockId(commit.blockId) : undefined,
    timestamp: vote.timestamp ?? { seconds: 0n, nanos: 0 },
    chainId,
  }).finish();
  return concatBytes(encodeUvarint(BigInt(canonical.length)), canonical);
}

function canonicalBlockId(id: BlockID | undefined): CanonicalVote["blockId"] {
  if (id === undefined) return undefined;
  return { hash: id.hash, partSetHeader: id.partSetHeader ?? { total: 0, hash: new Uint8Array(0) } };
}
