import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { hanzoVersion } from "../../../app/hanzo.ts";
import { wantedRelease } from "../node/cometRelease.ts";
import { CheckTally } from "./checkTally.ts";

/** Bounds of histograms in seconds: from a fast query to a block that is far too slow. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one node, by what they count. Names end with their unit. */
export type NodeMetrics = ReturnType<typeof createNodeMetrics>;

/** Makes the metrics of a node, all of them in a registry of its own. */
export function createNodeMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]): Histogram<L> =>
    new Histogram({ name, help, labelNames, buckets, registers });
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: "hanzo_build_info", help: "Versions; always 1", labelNames: ["version", "node", "cometbft"], registers }).set(
    { version: hanzoVersion.version, node: process.version, cometbft: wantedRelease().version },
    1,
  );
  return {
    registry,
    ...blockMetrics(gauge, counter, histogram),
    queries: counter("hanzo_queries_total", "Answered queries, by class of their path and code of the answer", "class", "code"),
    querySeconds: histogram("hanzo_query_seconds", "Time of a query, by class of its path", SECONDS, "class"),
    checks: new CheckTally(registers),
    cometUp: gauge("hanzo_comet_up", "1 while CometBFT's RPC answers"),
    catchingUp: gauge("hanzo_comet_catching_up", "1 while CometBFT fetches old blocks"),
    peers: gauge("hanzo_comet_peers", "Peers that CometBFT is connected with"),
    validatorPower: gauge("hanzo_validator_power", "Voting power of this node's consensus key; 0 while it is no validator's, or jailed"),
    ...validatorMetrics(gauge),
    cometStarts: counter("hanzo_comet_starts_total", "Starts of the CometBFT process; all but the first followed a failure"),
    mempoolTxs: gauge("hanzo_mempool_txs", "Transactions that wait in CometBFT's mempool"),
    mempoolBytes: gauge("hanzo_mempool_bytes", "Bytes of the transactions that wait in CometBFT's mempool"),
    workerStarts: counter(
      "hanzo_worker_starts_total",
      "Starts of a thread, by what it does; those beyond the first, of query threads beyond query-workers, followed a failure",
      "worker",
    ),
    kernelBackend: new Gauge({
      name: "hanzo_kernel_backend_info",
      help: "Backend that computes aggregates of experience; always 1",
      labelNames: ["backend", "detail"],
      registers,
    }),
    kernelRounds: gauge("hanzo_kernel_rounds_total", "Aggregates of experience computed since the start"),
    kernelSeconds: gauge("hanzo_kernel_last_round_seconds", "Time of the last aggregate, on the backend and on the reference"),
    contentBlocks: gauge("hanzo_content_blocks", "Content blocks that are kept: shards and aggregates"),
    contentBytes: gauge("hanzo_content_bytes", "Bytes of the content blocks"),
    contentDamaged: gauge("hanzo_content_damaged_total", "Content blocks that were found damaged and removed since the start"),
    ...storeMetrics(gauge, histogram),
  };
}

type MakeGauge = (name: string, help: string) => Gauge;
type MakeCounter = <L extends string>(name: string, help: string, ...labelNames: L[]) => Counter<L>;
type MakeHistogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) => Histogram<L>;

/** Amounts are in units of voting power: whole AI on this chain. */
function validatorMetrics(gauge: MakeGauge) {
  return {
    validatorBonded: gauge("hanzo_validator_bonded", "1 while this node's validator is in the set"),
    validatorJailed: gauge("hanzo_validator_jailed", "1 while this node's validator is in jail"),
    validatorTombstoned: gauge("hanzo_validator_tombstoned", "1 when this node's validator has signed twice and never comes back"),
    validatorMissed: gauge("hanzo_validator_missed_blocks", "Blocks of the window that this node's validator has not signed"),
    validatorStake: gauge("hanzo_validator_stake_power", "Stake on this node's validator, in units of voting power"),
    validatorCommission: gauge(
      "hanzo_validator_commission_power",
      "Commission that this node's validator has not withdrawn, in units of voting power",
    ),
    validatorRewards: gauge(
      "hanzo_validator_rewards_power",
      "Rewards of this node's validator and its delegators that nobody has withdrawn, commission included, in units of voting power",
    ),
    signedWindow: gauge("hanzo_signed_window_blocks", "Blocks of the window in which missed ones are counted"),
    mayMiss: gauge("hanzo_may_miss_blocks", "Most blocks of the window that a validator may miss without jail"),
    setSize: gauge("hanzo_set_validators", "Validators in the set of the next block but one"),
    setBonded: gauge("hanzo_set_bonded_power", "Stake on all validators in the set, in units of voting power"),
  };
}

function blockMetrics(gauge: MakeGauge, counter: MakeCounter, histogram: MakeHistogram) {
  return {
    height: gauge("hanzo_block_height", "Height of the last committed block"),
    blockTime: gauge(
      "hanzo_block_time_seconds",
      "Time of the last committed block, seconds since 1970-01-01 UTC; 0 until one is committed",
    ),
    phaseSeconds: histogram(
      "hanzo_block_phase_seconds",
      "Time of the parts of a block: prepare, process, finalize, commit",
      SECONDS,
      "phase",
    ),
    blockTxs: histogram("hanzo_block_txs", "Transactions of a block", [0, 1, 10, 100, 500, 1000, 2500, 5000, 10_000]),
    txs: counter("hanzo_txs_total", "Transactions in blocks, by codespace and code; code 0 succeeded", "codespace", "code"),
    gasUsed: counter("hanzo_gas_used_total", "Gas used by transactions in blocks"),
    gasWanted: counter("hanzo_gas_wanted_total", "Gas limits of transactions in blocks"),
  };
}

function storeMetrics(gauge: MakeGauge, histogram: MakeHistogram) {
  return {
    storeApplySeconds: histogram("hanzo_store_apply_seconds", "Time of building and hashing a version of the state", SECONDS),
    storeCommitSeconds: histogram("hanzo_store_commit_seconds", "Time of the synced write of a block", SECONDS),
    storeKeys: gauge("hanzo_store_keys", "Keys of the latest state"),
    storeNodes: gauge("hanzo_store_nodes", "Tree nodes of all kept versions"),
    storeDataBytes: gauge("hanzo_store_data_bytes", "Bytes of keys and values of all kept versions"),
    storeReservedBytes: gauge("hanzo_store_reserved_bytes", "Memory reserved for the state"),
    storeVersions: gauge("hanzo_store_versions_kept", "Versions that queries and proofs can ask for"),
    storeCheckpointAge: gauge("hanzo_store_checkpoint_age_blocks", "Blocks since the newest checkpoint, which a start executes again"),
    storeFlatLag: gauge("hanzo_store_flat_lag_blocks", "Blocks that the flat values are behind the log"),
    storeLogBytes: gauge("hanzo_store_log_bytes", "Size of the commit log on disk"),
    storeCheckpointBytes: gauge("hanzo_store_checkpoint_bytes", "Size of the checkpoints on disk"),
  };
}
