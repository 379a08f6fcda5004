// The votes and the evidence of the recorded Cosmos SDK chain, block by block: records, events, queries and the exported genesis are the same.
// x/staking is stood in for by what was recorded of it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GenesisState as EvidenceGenesis } from "#proto/cosmos/evidence/v1beta1/genesis";
import { GenesisState as SlashingGenesis } from "#proto/cosmos/slashing/v1beta1/genesis";
import { ModuleError, QueryError, timestampNs } from "#sdk";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import { eventLines } from "../../harness/moduleBench.ts";
import { bytesOfJson } from "../../harness/protoJson.ts";
import { RECORDED_CHAIN } from "../../harness/recordedChain.ts";
import { type RecordedBlock, type RecordedEvent, readSdkVectors } from "../../harness/sdkVectors.ts";
import { beginBlock, createSlashingBench, type Misbehaviour, type SlashingBench } from "../../harness/slashingBench.ts";
import type { StandInValidator } from "../../harness/standInStaking.ts";

const { genesis, exported } = readSdkVectors("genesis");
const { blocks } = readSdkVectors("blocks");
const { heights } = readSdkVectors("staking");
const { txs, consensus_keys } = readSdkVectors("tx");

const DUPLICATE_VOTE = 1;
const BONDED = 3;
const timeNs = (text: string): bigint => timestampNs(parseTimestamp(text));

interface ExportedValidator {
  readonly operator_address: string;
  readonly consensus_pubkey: { readonly key: string };
}

/** Consensus addresses by operator. */
const consOf = new Map(
  ((exported.app_state["staking"]?.["validators"] ?? []) as readonly ExportedValidator[]).map(({ operator_address, consensus_pubkey }) => {
    const known = Object.values(consensus_keys).find(({ pubkey }) => pubkey === consensus_pubkey.key);
    return [operator_address, Buffer.from(known?.address_hex ?? "", "hex")] as const;
  }),
);

function start(): SlashingBench {
  const chain = createSlashingBench({}, RECORDED_CHAIN);
  chain.bench.init("slashing", SlashingGenesis.decode(bytesOfJson(SlashingGenesis.$type, genesis.app_state["slashing"])));
  return chain;
}

/** What was recorded of a validator at a height; none was ever removed. */
type StakingRow = Pick<StandInValidator, "status" | "jailed">;

/** What x/staking did at the end of a block, told to the stand-in: validators come into the set, others leave. */
function followStaking(chain: SlashingBench, validators: Map<string, StandInValidator>, height: number): void {
  for (const [operator, row] of Object.entries((heights[height - 1]?.validators ?? {}) as Readonly<Record<string, StakingRow>>)) {
    const consAddress = consOf.get(operator) ?? assert.fail(`consensus key of ${operator}`);
    const known = validators.get(operator);
    if (known === undefined) {
      const bonded = chain.staking.bond(chain.bench.ctx, { consAddress, operator, status: row.status });
      validators.set(operator, bonded);
      continue;
    }
    if (row.status === BONDED && known.status !== BONDED) chain.staking.rebond(chain.bench.ctx, known);
    known.status = row.status;
    assert.equal(known.jailed, row.jailed, `${operator} at ${height}`);
  }
}

function misbehaviourOf({ misbehavior }: RecordedBlock): Misbehaviour[] {
  return misbehavior.map(({ vote_a, ValidatorPower, TotalVotingPower, Timestamp }) => ({
    type: DUPLICATE_VOTE,
    address: Buffer.from(vote_a.validator_address, "hex"),
    power: BigInt(ValidatorPower),
    height: BigInt(vote_a.height),
    timeNs: timeNs(Timestamp),
    totalPower: BigInt(TotalVotingPower),
  }));
}

/** `slash` and `liveness` of a block, as the bench writes events. */
function recordedLines(events: readonly RecordedEvent[]): string[] {
  return events
    .filter(([type]) => type === "slash" || type === "liveness")
    .map(
      ([type, attributes]) =>
        `${type}(${attributes
          .filter(([key]) => key !== "mode")
          .map(([key, value]) => `${key}=${value}`)
          .join(", ")})`,
    );
}

/** Row of a validator as it was recorded. */
function recordOf(chain: SlashingBench, validator: StandInValidator): unknown {
  const info = chain.info(validator) ?? assert.fail(`a record of ${validator.operator}`);
  const { seconds = 0n, nanos = 0 } = info.jailedUntil ?? {};
  const until = `${seconds}.${nanos.toString().padStart(9, "0")}`;
  return [info.startHeight.toString(), info.indexOffset.toString(), info.missedBlocksCounter.toString(), info.tombstoned, until];
}

/** Runs a recorded block: votes, evidence, messages to x/slashing, and the set that x/staking made. */
function replay(chain: SlashingBench, validators: Map<string, StandInValidator>, block: RecordedBlock): void {
  const { height } = block;
  chain.bench = chain.bench.at(BigInt(height), timeNs(block.time));
  const burned = block.events.flatMap(([type, attributes]) =>
    type === "slash" ? attributes.filter(([key]) => key === "burned_coins").map(([, value]) => BigInt(value)) : [],
  );
  chain.staking.burned.push(...burned);
  const lastCommit = block.votes.map(([address, power, flag]) => ({ address: Buffer.from(address, "hex"), power: BigInt(power), flag }));
  beginBlock(chain.bench, lastCommit, misbehaviourOf(block));
  assert.deepEqual(eventLines(chain.bench.takeEvents()), recordedLines(block.events), `events of ${height}`);
  for (const tx of txs.filter((one) => one.height === height)) {
    const [message] = tx.messages;
    if (message?.["@type"] !== "/cosmos.slashing.v1beta1.MsgUnjail") continue;
    const { codespace, code } = unjail(chain, String(message["validator_addr"]));
    assert.deepEqual([codespace, code], [tx.result.codespace, tx.result.code], tx.name);
  }
  followStaking(chain, validators, height);
}

function unjail(chain: SlashingBench, validatorAddr: string): { readonly codespace: string; readonly code: number } {
  try {
    chain.bench.send("/cosmos.slashing.v1beta1.MsgUnjail", { validatorAddr });
    return { codespace: "", code: 0 };
  } catch (error) {
    if (error instanceof ModuleError) return error;
    throw error;
  }
}

/** Queries by their wire form, as the recorded node answered at its last height. */
function compareQueries(chain: SlashingBench): void {
  const recorded = readSdkVectors("abci").abci_query.filter(
    ({ path, height }) => /^\/cosmos\.(slashing|evidence)\./.test(path) && height === undefined,
  );
  assert.equal(recorded.length, 6);
  for (const { path, data, code, log = "", value } of recorded) {
    const ask = (): string => Buffer.from(chain.bench.queryBytes(path, Buffer.from(data, "hex"))).toString("hex");
    if (code === 0) assert.equal(ask(), value, path);
    else
      assert.throws(
        ask,
        (error) => error instanceof QueryError && log.startsWith(`rpc error: code = ${STATUS[error.status]} desc = ${error.message}: `),
      );
  }
}

const STATUS: Readonly<Record<number, string>> = { 3: "InvalidArgument", 5: "NotFound" };

describe("the recorded chain's signatures", () => {
  it("give the same records and events in every block, and the same end", () => {
    const chain = start();
    const validators = new Map<string, StandInValidator>();
    // Genesis made the validators of the first row.
    followStaking(chain, validators, 1);
    let compared = 0;
    for (const block of blocks) {
      replay(chain, validators, block);
      for (const [address, row] of Object.entries(heights[block.height - 1]?.signing_infos ?? {})) {
        const validator = [...validators.values()].find((one) => chain.info(one)?.address === address);
        assert.deepEqual(recordOf(chain, validator ?? assert.fail(address)), row, `${address} at ${block.height}`);
        compared++;
      }
      assert.deepEqual(chain.bench.broken(), [], `invariants at ${block.height}`);
    }
    assert.equal(compared, 259);
    for (const [name, type] of [
      ["slashing", SlashingGenesis],
      ["evidence", EvidenceGenesis],
    ] as const)
      assert.deepEqual(
        type.fromPartial(chain.bench.exportGenesis(name) as object),
        type.decode(bytesOfJson(type.$type, exported.app_state[name])),
      );
    compareQueries(chain);
  });
});
