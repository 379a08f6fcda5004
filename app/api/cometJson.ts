// CometBFT's JSON, as its RPC of v0.38 writes it, and what this program makes of it.
import type { TxResult } from "#proto/tendermint/abci/types";
import type { DefaultNodeInfo } from "#proto/tendermint/p2p/types";
import type { BlockID, Commit, Header } from "#proto/tendermint/types/types";
import { parseTimestamp } from "../encoding/timeText.ts";
import type { CometValidator } from "../runtime/query/cometPort.ts";

/** Answer of `status`. */
export interface JsonStatus {
  readonly node_info: {
    readonly protocol_version: { readonly p2p: string; readonly block: string; readonly app: string };
    readonly id: string;
    readonly listen_addr: string;
    readonly network: string;
    readonly version: string;
    readonly channels: string;
    readonly moniker: string;
    readonly other: { readonly tx_index: string; readonly rpc_address: string };
  };
  readonly sync_info: { readonly catching_up: boolean };
}
/** A block's hashes. */
export interface JsonBlockId {
  readonly hash: string;
  readonly parts: { readonly total: number; readonly hash: string };
}
/** Header of a block. */
export interface JsonHeader {
  readonly version: { readonly block: string; readonly app?: string };
  readonly chain_id: string;
  readonly height: string;
  readonly time: string;
  readonly last_block_id: JsonBlockId;
  readonly last_commit_hash: string;
  readonly data_hash: string;
  readonly validators_hash: string;
  readonly next_validators_hash: string;
  readonly consensus_hash: string;
  readonly app_hash: string;
  readonly last_results_hash: string;
  readonly evidence_hash: string;
  readonly proposer_address: string;
}
/** The votes for a block. */
export interface JsonCommit {
  readonly height: string;
  readonly round: number;
  readonly block_id: JsonBlockId;
  readonly signatures:
    | readonly {
        readonly block_id_flag: number;
        readonly validator_address: string;
        readonly timestamp: string;
        readonly signature: string | null;
      }[]
    | null;
}
/** A validator. */
export interface JsonValidator {
  readonly address: string;
  readonly pub_key: { readonly type: string; readonly value: string };
  readonly voting_power: string;
  readonly proposer_priority: string;
}
/** Answer of `validators`. */
export interface JsonValidators {
  readonly block_height: string;
  readonly validators: readonly JsonValidator[];
  readonly total: string;
}
/** Answer of `broadcast_tx_sync`. */
export interface JsonBroadcast {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

/** Bytes of hexadecimal text. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}

/** Bytes of base64 text. */
export function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** The node as the engine describes it. */
export function toNodeInfo(info: JsonStatus["node_info"]): DefaultNodeInfo {
  const { p2p, block, app } = info.protocol_version;
  return {
    protocolVersion: { p2p: BigInt(p2p), block: BigInt(block), app: BigInt(app) },
    defaultNodeId: info.id,
    listenAddr: info.listen_addr,
    network: info.network,
    version: info.version,
    channels: hex(info.channels),
    moniker: info.moniker,
    other: { txIndex: info.other.tx_index, rpcAddress: info.other.rpc_address },
  };
}

/** Hashes of a block. */
export function toBlockId({ hash, parts }: JsonBlockId): BlockID {
  return { hash: hex(hash), partSetHeader: { total: parts.total, hash: hex(parts.hash) } };
}

/** Header of a block. */
export function toHeader(header: JsonHeader): Header {
  return {
    version: { block: BigInt(header.version.block), app: BigInt(header.version.app ?? "0") },
    chainId: header.chain_id,
    height: BigInt(header.height),
    time: parseTimestamp(header.time),
    lastBlockId: toBlockId(header.last_block_id),
    lastCommitHash: hex(header.last_commit_hash),
    dataHash: hex(header.data_hash),
    validatorsHash: hex(header.validators_hash),
    nextValidatorsHash: hex(header.next_validators_hash),
    consensusHash: hex(header.consensus_hash),
    appHash: hex(header.app_hash),
    lastResultsHash: hex(header.last_results_hash),
    evidenceHash: hex(header.evidence_hash),
    proposerAddress: hex(header.proposer_address),
  };
}

/** Votes for a block. */
export function toCommit(commit: JsonCommit): Commit {
  const signatures = (commit.signatures ?? []).map((signature) => ({
    blockIdFlag: signature.block_id_flag as Commit["signatures"][number]["blockIdFlag"],
    validatorAddress: hex(signature.validator_address),
    timestamp: parseTimestamp(signature.timestamp),
    signature: base64(signature.signature ?? ""),
  }));
  return { height: BigInt(commit.height), round: commit.round, blockId: toBlockId(commit.block_id), signatures };
}

/** A validator. */
export function toValidator(validator: JsonValidator): CometValidator {
  return {
    address: hex(validator.address),
    keyType: validator.pub_key.type === "tendermint/PubKeySecp256k1" ? "secp256k1" : "ed25519",
    publicKey: base64(validator.pub_key.value),
    power: BigInt(validator.voting_power),
    proposerPriority: BigInt(validator.proposer_priority),
  };
}

/** Answer of `tx_search`. */
export interface JsonTxSearch {
  readonly txs: readonly JsonTx[] | null;
  readonly total_count: string;
}
/** A transaction with its place and outcome. */
interface JsonTx {
  readonly height: string;
  readonly index: number;
  readonly tx: string;
  readonly tx_result: {
    readonly code: number;
    readonly data: string | null;
    readonly log: string;
    readonly info: string;
    readonly gas_wanted: string;
    readonly gas_used: string;
    readonly codespace: string;
    readonly events: readonly { readonly type: string; readonly attributes: readonly JsonAttribute[] | null }[] | null;
  };
}
interface JsonAttribute {
  readonly key: string;
  readonly value: string;
  readonly index?: boolean;
}

/** A transaction of the engine's index. */
export function toTxResult({ height, index, tx, tx_result: result }: JsonTx): TxResult {
  const events = (result.events ?? []).map(({ type, attributes }) => ({
    type,
    attributes: (attributes ?? []).map(({ key, value, index: indexed = false }) => ({ key, value, index: indexed })),
  }));
  return {
    height: BigInt(height),
    index,
    tx: base64(tx),
    result: {
      code: result.code,
      data: base64(result.data ?? ""),
      log: result.log,
      info: result.info,
      gasWanted: BigInt(result.gas_wanted),
      gasUsed: BigInt(result.gas_used),
      events,
      codespace: result.codespace,
    },
  };
}
