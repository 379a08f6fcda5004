import { MisbehaviorType, RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { parseTimestamp } from "../../../../app/encoding/timeText.ts";
import type { RecordedBlock, RecordedEvidence } from "../recording/recording.ts";

/** What CometBFT told the recorded chain of a block. @param txs the transactions of the block, which need not be all recorded ones */
export function blockRequest(block: RecordedBlock, txs: readonly Uint8Array[]): RequestFinalizeBlock {
  return RequestFinalizeBlock.fromPartial({
    height: BigInt(block.height),
    time: parseTimestamp(block.time),
    hash: fromHex(block.hash),
    proposerAddress: fromHex(block.proposer_address),
    nextValidatorsHash: fromHex(block.next_validators_hash),
    decidedLastCommit: {
      round: block.last_commit_round,
      votes: block.votes.map(([address, power, flag]) => ({
        validator: { address: fromHex(address), power: BigInt(power) },
        blockIdFlag: flag,
      })),
    },
    misbehavior: block.misbehavior.map(misbehavior),
    txs: [...txs],
  });
}

function misbehavior({ vote_a, TotalVotingPower, ValidatorPower, Timestamp }: RecordedEvidence) {
  return {
    type: MisbehaviorType.DUPLICATE_VOTE,
    validator: { address: fromHex(vote_a.validator_address), power: BigInt(ValidatorPower) },
    height: BigInt(vote_a.height),
    time: parseTimestamp(Timestamp),
    totalVotingPower: BigInt(TotalVotingPower),
  };
}
