import type { DefaultNodeInfo } from "#proto/tendermint/p2p/types";
import type { BlockID, Commit, Header } from "#proto/tendermint/types/types";
import { parseTimestamp } from "../encoding/timeText.ts";
import type { CometPort, CometValidator } from "../runtime/query/cometPort.ts";

/** A JSON-RPC failure of CometBFT. */
class RpcError extends Error {
  readonly data: string;

  constructor(message: string, data: string) {
    super(`${message}: ${data}`);
    this.data = data;
  }
}

/** Milliseconds after which CometBFT counts as unreachable. */
const TIMEOUT_MS = 10_000;
/** Validators per request; CometBFT's maximum. */
const VALIDATORS_PER_PAGE = 100;
/** CometBFT's answer to a transaction that its cache knows. */
const IN_CACHE = "tx already exists in cache";
const MEMPOOL_FULL = /^mempool is full/;

/** The consensus engine, asked over its RPC. @param rpc `http://host:port` */
export function createCometRpc(rpc: string): CometPort {
  const call = <T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> => rpcCall<T>(rpc, method, params);
  return {
    async nodeInfo() {
      return toNodeInfo((await call<JsonStatus>("status")).node_info);
    },
    async isSyncing() {
      return (await call<JsonStatus>("status")).sync_info.catching_up;
    },
    async findBlock(height) {
      const found = await orMissing(call<JsonBlock>("block", height === undefined ? {} : { height: height.toString() }));
      if (found === undefined || found.block === null) return undefined;
      const { header, data, last_commit: lastCommit } = found.block;
      const txs = (data.txs ?? []).map(base64);
      return {
        blockId: toBlockId(found.block_id),
        block: { header: toHeader(header), data: { txs }, evidence: { evidence: [] }, lastCommit: toCommit(lastCommit) },
      };
    },
    validators: (height) => validatorsAt(call, height),
    async broadcastTx(tx) {
      try {
        const { code, codespace, log } = await call<JsonBroadcast>("broadcast_tx_sync", { tx: Buffer.from(tx).toString("base64") });
        return code === 0 ? undefined : { code, codespace, log };
      } catch (thrown) {
        if (!(thrown instanceof RpcError)) throw thrown;
        if (thrown.data.includes(IN_CACHE)) return { code: 19, codespace: "sdk", log: "" };
        if (MEMPOOL_FULL.test(thrown.data)) return { code: 20, codespace: "sdk", log: thrown.data };
        if (thrown.data.includes("too large")) return { code: 21, codespace: "sdk", log: thrown.data };
        throw thrown;
      }
    },
  };
}

async function rpcCall<T>(rpc: string, method: string, params: Readonly<Record<string, unknown>>): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(rpc, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { result, error } = (await response.json()) as {
    readonly result?: T;
    readonly error?: { readonly message: string; readonly data?: string };
  };
  if (result === undefined) throw new RpcError(error?.message ?? "no result", error?.data ?? "");
  return result;
}

/** Undefined where CometBFT says that the height is not there. */
async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof RpcError && /height \d+ (must be less than or equal|is not available)|lowest height/.test(thrown.data))
      return undefined;
    throw thrown;
  }
}

async function validatorsAt(
  call: <T>(method: string, params: Readonly<Record<string, unknown>>) => Promise<T>,
  height: bigint | undefined,
): ReturnType<CometPort["validators"]> {
  const validators: CometValidator[] = [];
  for (let page = 1; ; page++) {
    const at = height === undefined ? {} : { height: height.toString() };
    const found = await orMissing(
      call<JsonValidators>("validators", { ...at, page: page.toString(), per_page: VALIDATORS_PER_PAGE.toString() }),
    );
    if (found === undefined) return undefined;
    validators.push(...found.validators.map(toValidator));
    if (validators.length >= Number(found.total) || found.validators.length === 0)
      return { height: BigInt(found.block_height), validators };
  }
}

interface JsonStatus {
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
interface JsonBlockId {
  readonly hash: string;
  readonly parts: { readonly total: number; readonly hash: string };
}
interface JsonHeader {
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
interface JsonCommit {
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
interface JsonBlock {
  readonly block_id: JsonBlockId;
  readonly block: {
    readonly header: JsonHeader;
    readonly data: { readonly txs: readonly string[] | null };
    readonly last_commit: JsonCommit;
  } | null;
}
interface JsonValidator {
  readonly address: string;
  readonly pub_key: { readonly type: string; readonly value: string };
  readonly voting_power: string;
  readonly proposer_priority: string;
}
interface JsonValidators {
  readonly block_height: string;
  readonly validators: readonly JsonValidator[];
  readonly total: string;
}
interface JsonBroadcast {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}

function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

function toNodeInfo(info: JsonStatus["node_info"]): DefaultNodeInfo {
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

function toBlockId({ hash, parts }: JsonBlockId): BlockID {
  return { hash: hex(hash), partSetHeader: { total: parts.total, hash: hex(parts.hash) } };
}

function toHeader(header: JsonHeader): Header {
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

function toCommit(commit: JsonCommit): Commit {
  const signatures = (commit.signatures ?? []).map((signature) => ({
    blockIdFlag: signature.block_id_flag as Commit["signatures"][number]["blockIdFlag"],
    validatorAddress: hex(signature.validator_address),
    timestamp: parseTimestamp(signature.timestamp),
    signature: base64(signature.signature ?? ""),
  }));
  return { height: BigInt(commit.height), round: commit.round, blockId: toBlockId(commit.block_id), signatures };
}

function toValidator(validator: JsonValidator): CometValidator {
  return {
    address: hex(validator.address),
    keyType: validator.pub_key.type === "tendermint/PubKeySecp256k1" ? "secp256k1" : "ed25519",
    publicKey: base64(validator.pub_key.value),
    power: BigInt(validator.voting_power),
    proposerPriority: BigInt(validator.proposer_priority),
  };
}
