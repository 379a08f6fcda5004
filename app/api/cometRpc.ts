import { QueryError } from "#sdk";
import type { CometPort, CometValidator, TxSearch } from "../runtime/query/cometPort.ts";
import { type JsonBlock, toBlock } from "./cometBlock.ts";
import {
  type JsonBroadcast,
  type JsonStatus,
  type JsonTxSearch,
  type JsonValidators,
  toNodeInfo,
  toTxResult,
  toValidator,
} from "./cometJson.ts";
import { STATUS } from "./grpcStatus.ts";

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

type Call = <T>(method: string, params?: Readonly<Record<string, unknown>>) => Promise<T>;

/**
 * The consensus engine, asked over its RPC. Its calls throw QueryError Unavailable while it does not answer.
 * @param rpc `http://host:port`
 */
export function createCometRpc(rpc: string): CometPort {
  const call: Call = (method, params = {}) => rpcCall(rpc, method, params);
  return {
    async nodeInfo() {
      return toNodeInfo((await call<JsonStatus>("status")).node_info);
    },
    async isSyncing() {
      return (await call<JsonStatus>("status")).sync_info.catching_up;
    },
    async findBlock(height) {
      const found = await orMissing(call<JsonBlock>("block", height === undefined ? {} : { height: height.toString() }));
      return found === undefined ? undefined : toBlock(found);
    },
    validators: (height) => validatorsAt(call, height),
    searchTxs: (search) => searchTxs(call, search),
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
  const { result, error } = (await postJson(rpc, body)) as JsonAnswer<T>;
  if (result === undefined) throw new RpcError(error?.message ?? "no result", error?.data ?? "");
  return result;
}

interface JsonAnswer<T> {
  readonly result?: T;
  readonly error?: { readonly message: string; readonly data?: string };
}

async function postJson(rpc: string, body: string): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  try {
    const response = await fetch(rpc, { method: "POST", body, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return await response.json();
  } catch {
    throw new QueryError(STATUS.Unavailable, "the consensus engine does not answer");
  }
}

/** Undefined where CometBFT says that the height is not there. */
async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof RpcError && /^height .*(must be less than or equal|must be greater than|is not available)/.test(thrown.data))
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

/** @throws QueryError InvalidArgument for a search that the engine does not understand or whose page is not there, Unimplemented without an index */
async function searchTxs(call: Call, { query, page, limit, newestFirst }: TxSearch): ReturnType<NonNullable<CometPort["searchTxs"]>> {
  try {
    const orderBy = newestFirst ? "desc" : "asc";
    const found = await call<JsonTxSearch>("tx_search", {
      query,
      prove: false,
      page: String(page),
      per_page: String(limit),
      order_by: orderBy,
    });
    return { total: BigInt(found.total_count), txs: (found.txs ?? []).map(toTxResult) };
  } catch (thrown) {
    if (!(thrown instanceof RpcError)) throw thrown;
    const status = thrown.data.includes("disabled") ? STATUS.Unimplemented : STATUS.InvalidArgument;
    throw new QueryError(status, `failed to search for txs: ${thrown.data}`);
  }
}
