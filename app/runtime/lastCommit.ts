import type { CommitInfo, VoteInfo } from "#proto/tendermint/abci/types";
import type { BlockInfo } from "#sdk";
import { equalBytes } from "../encoding/bytes.ts";

type Vote = BlockInfo["lastCommit"][number];

const NOBODY = new Uint8Array(0);

/**
 * Reads the commit of each block for the hooks. Votes like those of the commit before are the same objects, and a commit of nothing else is the same
 * list, so that hooks see at once that nothing is new. DETERMINISM: the values are those of the request, remembered or not.
 */
export function createCommitReader(): (commit: CommitInfo | undefined) => readonly Vote[] {
  let last: readonly Vote[] = [];
  return (commit) => {
    const before = last;
    const votes = (commit?.votes ?? []).map((info, i) => {
      const same = before[i];
      return same !== undefined && isSame(same, info) ? same : readVote(info);
    });
    if (votes.length !== before.length || votes.some((vote, i) => vote !== before[i])) last = votes;
    return last;
  };
}

function readVote({ validator, blockIdFlag }: VoteInfo): Vote {
  return { address: validator?.address ?? NOBODY, power: validator?.power ?? 0n, flag: blockIdFlag };
}

function isSame({ address, power, flag }: Vote, { validator, blockIdFlag }: VoteInfo): boolean {
  return flag === blockIdFlag && power === (validator?.power ?? 0n) && equalBytes(address, validator?.address ?? NOBODY);
}
