// CometBFT's searches over a development chain: the same query language, order, pages and errors (cometbft v0.38 rpc/core/tx.go, blocks.go).
import { eventConditions, HASH_KEY, HEIGHT_KEY, matchesEvents, meets } from "../../../app/runtime/query/txMatch.ts";
import { parseTxQuery } from "../../../app/runtime/query/txQuery.ts";
import { blockJson, foundTxJson } from "./cometJson.ts";
import type { DevBlock } from "./devBlock.ts";
import type { DevChain } from "./devChain.ts";
import type { RpcParams } from "./rpcParams.ts";

/** Characters of a transaction search at most; block searches have no such limit there, here that of the parser. */
const MAX_QUERY_LENGTH = 512;
const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;
const BLOCK_HEIGHT_KEY = "block.height";

/** `tx_search`: oldest first unless asked otherwise. @throws Error whose text goes into the answer */
export async function searchTxs(chain: Pick<DevChain, "searchTxs">, params: RpcParams): Promise<object> {
  const query = params.text("query");
  if (query.length > MAX_QUERY_LENGTH) throw new Error("maximum query length exceeded");
  const found = inOrder(await chain.searchTxs(query), params, "asc");
  return { txs: pageOf(found, params).map(foundTxJson), total_count: String(found.length) };
}

/** `block_search` over the events of blocks that are still kept: newest first unless asked otherwise. @throws Error whose text goes into the answer */
export function searchBlocks(chain: Pick<DevChain, "blocks">, params: RpcParams): object {
  const conditions = parseTxQuery(params.text("query"));
  const heights = conditions.filter(({ key }) => key === BLOCK_HEIGHT_KEY);
  const others = conditions.filter(({ key }) => key !== BLOCK_HEIGHT_KEY);
  // A block has no height or hash of a transaction.
  const isForeign = others.some(({ key }) => key === HEIGHT_KEY || key === HASH_KEY);
  const groups = eventConditions(others);
  const fits = ({ header, response }: DevBlock): boolean =>
    !isForeign && heights.every((condition) => meets(String(header.height), condition)) && matchesEvents(response.events, groups);
  const found = inOrder(chain.blocks.filter(fits), params, "desc");
  return { blocks: pageOf(found, params).map(blockJson), total_count: String(found.length) };
}

/** @param absent the order when none is asked for */
function inOrder<T>(oldestFirst: readonly T[], params: RpcParams, absent: "asc" | "desc"): readonly T[] {
  const order = params.text("order_by") === "" ? absent : params.text("order_by");
  if (order === "asc") return oldestFirst;
  if (order === "desc") return oldestFirst.toReversed();
  throw new Error("expected order_by to be either `asc` or `desc` or empty");
}

function pageOf<T>(found: readonly T[], params: RpcParams): readonly T[] {
  const asked = params.integer("per_page") ?? DEFAULT_PER_PAGE;
  const perPage = asked < 1 ? DEFAULT_PER_PAGE : Math.min(asked, MAX_PER_PAGE);
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const page = params.integer("page") ?? 1;
  if (page < 1 || page > pages) throw new Error(`page should be within [1, ${pages}] range, given ${page}`);
  return found.slice((page - 1) * perPage, page * perPage);
}
