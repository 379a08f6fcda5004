import type { PageRequest } from "../../proto/gen/cosmos/base/query/v1beta1/pagination.ts";
import type { BoundMap } from "./collections.ts";
import type { ReadCtx } from "./ctx.ts";
import { DEFAULT_PAGE_LIMIT, type Page, type PageOptions, requireOneStart } from "./pagination.ts";

const NO_KEY = new Uint8Array(0);

/**
 * One page of those entries of a map that match, as lists of the Cosmos SDK cut it that filter what they find (GenericFilteredPaginate): an offset
 * steps over matches alone, and the key of the next page is that of the next match, unless the page itself began at a key. Takes time linear in the
 * entries looked at.
 * @throws QueryError InvalidArgument when both a key and an offset are given
 */
export function paginateMatching<K, V, I>(
  ctx: ReadCtx,
  map: BoundMap<K, V, I>,
  request: PageRequest | undefined,
  { first, filter = () => true }: PageOptions<K, V>,
): Page<K, V> {
  const { key = NO_KEY, offset = 0n, limit = 0n, countTotal = false, reverse = false } = request ?? {};
  requireOneStart(key, offset);
  const wanted = limit === 0n ? DEFAULT_PAGE_LIMIT : limit;
  const counts = (countTotal || limit === 0n) && key.length === 0;
  const range = { ...(first === undefined ? {} : { first }), ...(key.length === 0 ? {} : { from: key }), reverse };
  const items: (readonly [K, V])[] = [];
  let matches = 0n;
  let nextKey = NO_KEY;
  for (const [rawKey, k, v] of map.raw(ctx, range)) {
    if (key.length > 0 && matches === wanted) {
      nextKey = rawKey.slice();
      break;
    }
    if (!filter(k, v)) continue;
    if (matches >= offset && matches < offset + wanted) items.push([k, v]);
    matches++;
    if (matches !== offset + wanted + 1n) continue;
    nextKey = rawKey.slice();
    if (!counts) break;
  }
  return { items, pagination: { nextKey, total: counts ? matches : 0n } };
}
