import { createHash } from "node:crypto";
import { QueryParamsResponse } from "#proto/cosmos/consensus/v1/query";
import { RequestQuery, type TxResult } from "#proto/tendermint/abci/types";
import { hanzoVersion } from "../../../app/hanzo.ts";
import { COMET_VERSION } from "../node/cometRelease.ts";
import {
  blockIdJson,
  blockJson,
  bytesJson,
  commitJson,
  consensusParamsJson,
  foundTxJson,
  headerJson,
  hexJson,
  queryJson,
  timeJson,
  txResultJson,
} from "./cometJson.ts";
import type { DevBlock } from "./devBlock.ts";
import type { DevChain } from "./devChain.ts";
import { DEV_MONIKER } from "./devComet.ts";
import { searchBlocks, searchTxs } from "./devSearch.ts";
import type { RpcParams } from "./rpcParams.ts";

/** A method of the JSON-RPC. @throws Error whose text goes into the answer */
export type RpcMethod = (params: RpcParams) => Promise<object>;

const COMMIT_PATIENCE_MS = 10_000;
const POLL_MS = 5;

/** The methods of CometBFT's RPC that wallets use, answered by a development chain. */
export function devRpcMethods(chain: DevChain): Readonly<Record<string, RpcMethod>> {
  return {
    health: async () => ({}),
    status: async () => status(chain),
    abci_info: async () => abciInfo(chain),
    abci_query: (params) => abciQuery(chain, params),
    broadcast_tx_sync: async (params) => broadcast(chain, params.bytes("tx")),
    broadcast_tx_async: async (params) => broadcast(chain, params.bytes("tx")),
    broadcast_tx_commit: (params) => broadcastCommit(chain, params.bytes("tx")),
    tx: async (params) => foundTxJson(await requireTx(chain, params.bytes("hash"))),
    tx_search: (params) => searchTxs(chain, params),
    block_search: async (params) => searchBlocks(chain, params),
    block: async (params) => blockJson(requireBlock(chain, params.height())),
    block_results: async (params) => blockResultsJson(requireBlock(chain, params.height())),
    header: async (params) => ({ header: headerJson(requireBlock(chain, params.height()).header) }),
    commit: async (params) => commitOf(requireBlock(chain, params.height())),
    validators: async (params) => validators(chain, params.height()),
    consensus_params: (params) => consensusParams(chain, params.height()),
  };
}

function requireBlock(chain: DevChain, height: bigint | undefined): DevBlock {
  const block = chain.findBlock(height);
  if (block !== undefined) return block;
  if (height !== undefined && height > chain.height)
    throw new Error(`height ${height} must be less than or equal to the current blockchain height ${chain.height}`);
  throw new Error(`height ${height ?? chain.height} is not available: a development chain keeps its latest blocks only`);
}

async function requireTx(chain: DevChain, hash: Uint8Array): Promise<TxResult> {
  const found = await chain.findTx(hash);
  if (found === undefined) throw new Error(`tx (${hexJson(hash)}) not found`);
  return found;
}

function validatorJson({ address, publicKey, power }: DevChain["validator"]): object {
  return {
    address: hexJson(address),
    pub_key: { type: "tendermint/PubKeyEd25519", value: bytesJson(publicKey) },
    voting_power: power.toString(),
  };
}

function status(chain: DevChain): object {
  const block = chain.findBlock(undefined);
  const time = timeJson(block?.header.time);
  const hash = block === undefined ? "" : hexJson(block.blockId.hash);
  const height = chain.height.toString();
  return {
    node_info: {
      protocol_version: { p2p: "8", block: "11", app: "0" },
      id: Buffer.from(chain.validator.address).toString("hex"),
      listen_addr: "tcp://127.0.0.1:0",
      network: chain.chainId,
      version: COMET_VERSION,
      channels: "",
      moniker: DEV_MONIKER,
      other: { tx_index: "on", rpc_address: "" },
    },
    sync_info: {
      latest_block_hash: hash,
      latest_app_hash: hexJson(block?.header.appHash ?? new Uint8Array(0)),
      latest_block_height: height,
      latest_block_time: time,
      earliest_block_hash: hash,
      earliest_app_hash: "",
      earliest_block_height: "1",
      earliest_block_time: time,
      catching_up: false,
    },
    validator_info: validatorJson(chain.validator),
  };
}

function abciInfo(chain: DevChain): object {
  const response = {
    data: hanzoVersion.appName,
    version: hanzoVersion.version,
    last_block_height: chain.height.toString(),
    last_block_app_hash: bytesJson(chain.appHash),
  };
  return { response };
}

async function abciQuery(chain: DevChain, params: RpcParams): Promise<object> {
  const request = RequestQuery.fromPartial({
    path: params.text("path"),
    data: params.hex("data"),
    height: params.height() ?? 0n,
    prove: params.flag("prove"),
  });
  return { response: queryJson(await chain.query(request)) };
}

async function consensusParams(chain: DevChain, asked: bigint | undefined): Promise<object> {
  const height = asked ?? chain.height;
  requireBlock(chain, height);
  const { code, log, value } = await chain.query(RequestQuery.fromPartial({ path: "/cosmos.consensus.v1.Query/Params", height }));
  if (code !== 0) throw new Error(log);
  return { block_height: String(height), consensus_params: consensusParamsJson(QueryParamsResponse.decode(value).params) };
}

async function broadcast(chain: DevChain, tx: Uint8Array): Promise<object> {
  const { code, codespace, log } = await chain.submit(tx);
  return { code, data: "", log, codespace, hash: hexJson(createHash("sha256").update(tx).digest()) };
}

async function broadcastCommit(chain: DevChain, tx: Uint8Array): Promise<object> {
  const hash = createHash("sha256").update(tx).digest();
  const { code, codespace, log } = await chain.submit(tx);
  const check = { code, codespace, log, data: "", gas_wanted: "0", gas_used: "0", events: [] };
  if (code !== 0) return { check_tx: check, tx_result: check, hash: hexJson(hash), height: "0" };
  const deadline = performance.now() + COMMIT_PATIENCE_MS;
  while (performance.now() < deadline) {
    const found = await chain.findTx(new Uint8Array(hash));
    if (found?.result !== undefined)
      return { check_tx: check, tx_result: txResultJson(found.result), hash: hexJson(hash), height: found.height.toString() };
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
  throw new Error("timed out waiting for tx to be included in a block");
}

/** What a block did, as CometBFT's `block_results` shows it. */
export function blockResultsJson({ header, response }: DevBlock) {
  return {
    height: String(header.height),
    txs_results: response.txResults.length === 0 ? null : response.txResults.map(txResultJson),
    finalize_block_events: response.events,
    validator_updates: null,
    consensus_param_updates: null,
    app_hash: bytesJson(response.appHash),
  };
}

function commitOf({ header, blockId }: DevBlock): object {
  return {
    signed_header: { header: headerJson(header), commit: commitJson(header.height, blockId) },
    canonical: true,
    block_id: blockIdJson(blockId),
  };
}

function validators(chain: DevChain, height: bigint | undefined): object {
  const { validators } = chain;
  return {
    block_height: String(height ?? chain.height),
    validators: validators.map((validator) => ({ ...validatorJson(validator), proposer_priority: "0" })),
    count: String(validators.length),
    total: String(validators.length),
  };
}
