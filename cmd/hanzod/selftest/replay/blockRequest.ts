import { type Misbehavior, MisbehaviorType, RequestFinalizeBlock } from "#proto/tendermint/abci/types";
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
    misbehavior: block.misbehavior.flatMap(misbehavior),
    txs: [...txs],
  });
}

/** What the chain is told of a piece of evidence: each culprit by himself, in the order of CometBFT's list. */
function misbehavior(recorded: RecordedEvidence): Misbehavior[] {
  const evidence = "value" in recorded ? recorded.value : recorded;
  const shared = { time: parseTimestamp(evidence.Timestamp), totalVotingPower: BigInt(evidence.TotalVotingPower) };
  if ("vote_a" in evidence) {
    const { height, validator_address: address } = evidence.vote_a;
    const validator = { address: fromHex(address), power: BigInt(evidence.ValidatorPower) };
    return [{ ...shared, type: MisbehaviorType.DUPLICATE_VOTE, validator, height: BigInt(height) }];
  }
  return (evidence.ByzantineValidators ?? []).map(({ address, voting_power }) => ({
    ...shared,
    type: MisbehaviorType.LIGHT_CLIENT_ATTACK,
    validator: { address: fromHex(address), power: BigInt(voting_power) },
    height: BigInt(evidence.CommonHeight),
  }));
}
