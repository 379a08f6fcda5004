import type { GetTxsEventRequest, GetTxsEventResponse } from "#proto/cosmos/tx/v1beta1/service";
import type { TxResult } from "#proto/tendermint/abci/types";
import { GRPC_STATUS, invalidArgument, QueryError } from "#sdk";
import { fromHex } from "../../encoding/bytes.ts";
import type { ChainHead } from "../chainHead.ts";
import { findTx, txsAt } from "../txIndex.ts";
import type { CometPort, TxSearch } from "./cometPort.ts";
import { describeTx, splitTx } from "./txResponse.ts";

/** Transactions of one answer at most, and as many as come without a limit. */
const PAGE_LIMIT = 100n;
const NEWEST_FIRST = 2;

/**
 * Searches transactions. A search that names a height or a hash is answered from the chain's own index, which knows a block as soon as it is
 * committed, whatever else it asks for; any other goes to the engine's index.
 * @throws QueryError InvalidArgument for a search nobody understands or a page beyond the end
 */
export async function searchTxs(
  head: ChainHead,
  comet: CometPort | undefined,
  request: GetTxsEventRequest,
): Promise<Partial<GetTxsEventResponse>> {
  const { query, orderBy } = request;
  if (query === "") throw new QueryError(GRPC_STATUS.internal, "query cannot be empty");
  const { number, size } = pageNumber(request);
  const newestFirst = orderBy === NEWEST_FIRST;
  const own = await findByPlace(head, query);
  const found =
    own === undefined
      ? await searchEngine(comet, { query, page: number, limit: size, newestFirst })
      : pageOf(own, number, size, newestFirst);
  const txResponses = [];
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
  if (page > 1 && from >= found.length) {
    let pages = 1;
    while (pages * size < found.length) pages += 1;
    throw invalidArgument(`failed to search for txs: page should be within [1, ${pages}] range, given ${page}`);
  }
  return { total: BigInt(found.length), txs: ordered.slice(from, from + size) };
}

async function searchEngine(comet: CometPort | undefined, search: TxSearch): Promise<FoundTxs> {
  if (comet?.searchTxs === undefined) throw invalidArgument(`a condition on tx.height or tx.hash expected, got ${search.query}`);
  return comet.searchTxs(search);
}

/** One of the conditions of a search, such as `message.sender='…'`; a height may stand without quotes. */
interface Condition {
  readonly key: string;
  readonly value: string;
}

const CONDITION = /\s*([A-Za-z][\w./-]*)\s*=\s*(?:'([^']*)'|([0-9]{1,18}))\s*(AND\s|$)/y;

/** Equalities joined by AND, undefined for any other search: comparisons, times, `CONTAINS`, `EXISTS` are the engine's. */
function parseConditions(query: string): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  CONDITION.lastIndex = 0;
  for (;;) {
    const [, key, text, number, joint] = CONDITION.exec(query) ?? [];
    // Numbers without quotes compare as numbers, which is the engine's business unless they are heights.
    if (key === undefined || (text === undefined && key !== "tx.height")) return undefined;
    conditions.push({ key, value: text ?? number ?? "" });
    if (joint === "") return conditions;
  }
}

/** Undefined for a search that names neither a height nor a hash, or that says more than equalities. */
async function findByPlace(head: ChainHead, query: string): Promise<readonly TxResult[] | undefined> {
  const conditions = parseConditions(query);
  const wantedOf = (wanted: string): string | undefined => conditions?.find(({ key }) => key === wanted)?.value;
  const height = wantedOf("tx.height");
  const hash = wantedOf("tx.hash");
  if (conditions === undefined || (height === undefined && hash === undefined)) return undefined;
  if (height !== undefined && !/^[0-9]{1,18}$/.test(height)) return undefined;
  if (hash !== undefined && !/^[0-9a-fA-F]{64}$/.test(hash)) return undefined;
  const one = hash === undefined ? undefined : await findTx(head.store, fromHex(hash));
  const found = hash === undefined ? await txsAt(head.store, BigInt(height ?? 0)) : one === undefined ? [] : [one];
  const sought = conditions.filter(({ key }) => key !== "tx.hash" && key !== "tx.height");
  return found.filter((tx) => (height === undefined || tx.height === BigInt(height)) && hasEvent(tx, sought));
}

/** Whether one event meets all conditions, as in the engine's index: two conditions that different events meet find nothing. */
function hasEvent({ result }: TxResult, conditions: readonly Condition[]): boolean {
  if (conditions.length === 0) return true;
  return (result?.events ?? []).some(({ type, attributes }) =>
    conditions.every(({ key, value }) => attributes.some((attribute) => attribute.value === value && `${type}.${attribute.key}` === key)),
  );
}
