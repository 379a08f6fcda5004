import { sha256 } from "@noble/hashes/sha2.js";
import type { TxResponse } from "#proto/cosmos/base/abci/v1beta1/abci";
import { BroadcastMode, type GetTxsEventRequest, type GetTxsEventResponse, ServiceDefinition } from "#proto/cosmos/tx/v1beta1/service";
import { AuthInfo, Tx, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { TxResult } from "#proto/tendermint/abci/types";
import { GRPC_STATUS, invalidArgument, ModuleError, notFound, QueryError } from "#sdk";
import { fromHex, toHex } from "../../encoding/bytes.ts";
import { EncodingError } from "../../encoding/encodingError.ts";
import type { ChainHead } from "../chainHead.ts";
import { simulateTx } from "../checkTx.ts";
import { formatRfc3339Seconds } from "../time.ts";
import type { TxMachine } from "../tx.ts";
import { findBlockTime, findTx, txsAt } from "../txIndex.ts";
import { blockWithTxs } from "./blockTxs.ts";
import type { CometPort, TxSearch } from "./cometPort.ts";
import { bindService, type ServiceMethod } from "./service.ts";
import { simulationResult } from "./simulation.ts";

/** Methods of cosmos.tx.v1beta1.Service: simulate, find, decode and broadcast transactions. */
export function txService(head: ChainHead, machine: TxMachine, comet: CometPort | undefined): readonly ServiceMethod[] {
  return bindService(ServiceDefinition, {
    simulate({ tx, txBytes }) {
      const bytes = txBytes.length > 0 ? txBytes : encodeTx(tx);
      if (bytes.length === 0) throw invalidArgument("empty txBytes is not allowed");
      const outcome = simulateTx(machine, head, bytes);
      if (outcome.error !== undefined) {
        throw new QueryError(GRPC_STATUS.unknown, `${outcome.error.log} with gas used: '${outcome.gasUsed}'`);
      }
      return simulationResult(outcome);
    },
    async getTx({ hash }) {
      if (hash === "") throw invalidArgument("tx hash cannot be empty");
      if (!/^[0-9a-fA-F]*$/.test(hash) || hash.length % 2 === 1) throw invalidArgument(`tx hash in hexadecimal expected, got ${hash}`);
      const found = await findTx(head.store, fromHex(hash));
      if (found === undefined) throw notFound(`tx not found: ${hash}`);
      const txResponse = await describeTx(head, found);
      return { tx: splitTx(found.tx), txResponse };
    },
    getTxsEvent: (request) => searchTxs(head, comet, request),
    getBlockWithTxs(request) {
      if (comet === undefined) throw new QueryError(GRPC_STATUS.unimplemented, "this node has no consensus engine");
      return blockWithTxs(comet, request, head.height, (bytes) => decodeTx(machine, bytes));
    },
    async broadcastTx({ txBytes, mode }) {
      if (txBytes.length === 0) throw invalidArgument("invalid empty tx");
      if (mode !== BroadcastMode.BROADCAST_MODE_SYNC && mode !== BroadcastMode.BROADCAST_MODE_ASYNC) {
        throw invalidArgument("unsupported return type unspecified; supported types: sync, async");
      }
      if (comet === undefined) throw new QueryError(GRPC_STATUS.unimplemented, "this node has no mempool");
      const judged = await comet.broadcastTx(txBytes);
      const error = mode === BroadcastMode.BROADCAST_MODE_SYNC ? judged : undefined;
      const { code = 0, codespace = "", log = "" } = error ?? {};
      return { txResponse: { ...EMPTY_RESPONSE, txhash: toHex(sha256(txBytes)).toUpperCase(), code, codespace, rawLog: log } };
    },
    txDecode({ txBytes }) {
      if (txBytes.length === 0) throw invalidArgument("invalid empty tx bytes");
      machine.decoder.decode(txBytes);
      return { tx: splitTx(txBytes) };
    },
    txEncode({ tx }) {
      if (tx === undefined) throw invalidArgument("invalid empty tx");
      return { txBytes: encodeTx(tx) };
    },
  });
}

const EMPTY_RESPONSE: TxResponse = {
  height: 0n,
  txhash: "",
  codespace: "",
  code: 0,
  data: "",
  rawLog: "",
  logs: [],
  info: "",
  gasWanted: 0n,
  gasUsed: 0n,
  tx: undefined,
  timestamp: "",
  events: [],
};
const PAGE_LIMIT = 100n;

function encodeTx(tx: Tx | undefined): Uint8Array {
  if (tx?.body === undefined || tx.authInfo === undefined) return new Uint8Array(0);
  const bodyBytes = TxBody.encode(tx.body).finish();
  return TxRaw.encode({ bodyBytes, authInfoBytes: AuthInfo.encode(tx.authInfo).finish(), signatures: tx.signatures }).finish();
}

/** A transaction with its parts decoded; an empty one for bytes that are none, as a block may hold them. */
export function splitTx(bytes: Uint8Array): Tx {
  try {
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(bytes);
    return { body: TxBody.decode(bodyBytes), authInfo: AuthInfo.decode(authInfoBytes), signatures };
  } catch {
    return { body: undefined, authInfo: undefined, signatures: [] };
  }
}

/** Undefined for bytes that are no transaction of this chain. */
function decodeTx(machine: TxMachine, bytes: Uint8Array): Tx | undefined {
  try {
    machine.decoder.decode(bytes);
  } catch (error) {
    if (error instanceof EncodingError || error instanceof ModuleError) return undefined;
    throw error;
  }
  return splitTx(bytes);
}

async function describeTx(head: ChainHead, { height, tx, result }: TxResult): Promise<TxResponse> {
  const timeNs = await findBlockTime(head.store, height);
  return {
    height,
    txhash: toHex(sha256(tx)).toUpperCase(),
    codespace: result?.codespace ?? "",
    code: result?.code ?? 0,
    data: toHex(result?.data ?? new Uint8Array(0)).toUpperCase(),
    rawLog: result?.log ?? "",
    logs: [],
    info: result?.info ?? "",
    gasWanted: result?.gasWanted ?? 0n,
    gasUsed: result?.gasUsed ?? 0n,
    tx: { typeUrl: `/${Tx.$type}`, value: Tx.encode(splitTx(tx)).finish() },
    timestamp: timeNs === undefined ? "" : formatRfc3339Seconds(timeNs),
    events: result?.events ?? [],
  };
}

const NEWEST_FIRST = 2;

/** Height and hash are searched in the chain's own index, which knows a block as soon as it is committed; anything else in the engine's. */
async function searchTxs(
  head: ChainHead,
  comet: CometPort | undefined,
  request: GetTxsEventRequest,
): Promise<Partial<GetTxsEventResponse>> {
  const { query, orderBy } = request;
  if (query === "") throw new QueryError(GRPC_STATUS.internal, "query cannot be empty");
  const { number, size } = pageNumber(request);
  const newestFirst = orderBy === NEWEST_FIRST;
  const own = await findByQuery(head, query.trim());
  const found =
    own === undefined
      ? await searchEngine(comet, { query, page: number, limit: size, newestFirst })
      : pageOf(own, number, size, newestFirst);
  const txResponses: TxResponse[] = [];
  for (const tx of found.txs) txResponses.push(await describeTx(head, tx));
  return { txs: found.txs.map(({ tx }) => splitTx(tx)), txResponses, total: found.total };
}

/** The wanted page from 1 and its size; a request without `page` and `limit` may use `pagination` as everywhere else. */
function pageNumber({ page, limit, pagination }: GetTxsEventRequest): { readonly number: number; readonly size: number } {
  const wanted = page === 0n && limit === 0n && pagination !== undefined ? pagination.limit : limit;
  const size = wanted > 0n && wanted <= PAGE_LIMIT ? wanted : PAGE_LIMIT;
  if (page > 0n || limit > 0n || pagination === undefined) return { number: page > 0n ? Number(page) : 1, size: Number(size) };
  const { key, offset } = pagination;
  if (key.length > 0 || offset % size !== 0n)
    throw invalidArgument("transactions are paged by whole pages: pagination.offset as a multiple of pagination.limit expected");
  return { number: Number(offset / size) + 1, size: Number(size) };
}

interface FoundTxs {
  readonly total: bigint;
  readonly txs: readonly TxResult[];
}

function pageOf(found: readonly TxResult[], page: number, size: number, newestFirst: boolean): FoundTxs {
  const ordered = newestFirst ? found.toReversed() : found;
  const from = (page - 1) * size;
  return { total: BigInt(found.length), txs: ordered.slice(from, from + size) };
}

async function searchEngine(comet: CometPort | undefined, search: TxSearch): Promise<FoundTxs> {
  if (comet?.searchTxs === undefined) throw invalidArgument(`a condition on tx.height or tx.hash expected, got ${search.query}`);
  return comet.searchTxs(search);
}

/** Undefined for a search that the chain's own index cannot answer. */
async function findByQuery(head: ChainHead, query: string): Promise<readonly TxResult[] | undefined> {
  const height = /^tx\.height\s*=\s*'?([0-9]{1,18})'?$/.exec(query)?.[1];
  if (height !== undefined) return txsAt(head.store, BigInt(height));
  const hash = /^tx\.hash\s*=\s*'([0-9a-fA-F]{64})'$/.exec(query)?.[1];
  if (hash === undefined) return undefined;
  const tx = await findTx(head.store, fromHex(hash));
  return tx === undefined ? [] : [tx];
}
