import type { GetTxsEventRequest, GetTxsEventResponse } from "#proto/cosmos/tx/v1beta1/service";
import type { TxResult } from "#proto/tendermint/abci/types";
import { GRPC_STATUS, invalidArgument, QueryError } from "#sdk";
import type { ChainHead } from "../chainHead.ts";
import type { TxDecoder } from "../decodedTx.ts";
import type { CometPort, TxSearch } from "./cometPort.ts";
import { findMatching } from "./txCandidates.ts";
import { parseTxQuery } from "./txQuery.ts";
import { describeTx, shownTx } from "./txResponse.ts";

/** Transactions of one answer at most, and as many as come without a limit. */
const PAGE_LIMIT = 100n;
const NEWEST_FIRST = 2;

/**
 * Searches transactions in the chain's own index, which knows a block as soon as it is committed. A node that keeps no index of events asks the
 * engine's, unless the search names a height or a hash.
 * @throws QueryError InvalidArgument for a search nobody understands, one that finds too much, and a page beyond the end
 */
export async function searchTxs(
  head: ChainHead,
  decoder: TxDecoder,
  comet: CometPort | undefined,
  request: GetTxsEventRequest,
): Promise<Partial<GetTxsEventResponse>> {
  const { query, orderBy } = request;
  if (query === "") throw new QueryError(GRPC_STATUS.internal, "query cannot be empty");
  const { number, size } = pageNumber(request);
  const newestFirst = orderBy === NEWEST_FIRST;
  const own = await findMatching(head, parseTxQuery(query));
  const found =
    own === undefined
      ? await searchEngine(comet, { query, page: number, limit: size, newestFirst })
      : pageOf(own, number, size, newestFirst);
  const txResponses = [];
  for (const tx of found.txs) txResponses.push(await describeTx(head, decoder, tx));
  return { txs: found.txs.map(({ tx }) => shownTx(decoder, tx)), txResponses, total: found.total };
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
  if (comet?.searchTxs === undefined)
    throw invalidArgument(`this node keeps no index of events: a condition on tx.height or tx.hash expected, got ${search.query}`);
  return comet.searchTxs(search);
}
