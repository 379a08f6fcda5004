import type { PageRequest, PageResponse } from "../../proto/gen/cosmos/base/query/v1beta1/pagination.ts";
import type { BoundMap, FirstPart } from "./collections.ts";
import type { ReadCtx } from "./ctx.ts";
import { invalidArgument } from "./errors.ts";

/** Entries of a page when the request names no limit (cosmos-sdk types/query DefaultLimit). */
export const DEFAULT_PAGE_LIMIT = 100n;

const NO_KEY = new Uint8Array(0);

/** Which entries of a map belong to the list that is paged. */
export interface PageOptions<K, V> {
  /** Only keys with this first part; the raw keys of `next_key` are then what follows it. */
  readonly first?: FirstPart<K>;
  /** Entries that do not pass are neither returned nor counted; an offset steps over them like over others. */
  readonly filter?: (key: K, value: V) => boolean;
  /** What the SDK says before it refuses a request with a key and an offset: some queries, such as those of balances, say something. */
  readonly refusal?: string;
  /** As lists of raw stores do in the SDK: an offset behind the end does not keep a total from being told. */
  readonly countsBehindEnd?: boolean;
}

/** A page of a map. */
export interface Page<K, V> {
  readonly items: readonly (readonly [key: K, value: V])[];
  readonly pagination: PageResponse;
}

/** @throws QueryError InvalidArgument when both a key and an offset are given */
export function requireOneStart(key: Uint8Array, offset: bigint, refusal = ""): void {
  if (key.length > 0 && offset > 0n) throw invalidArgument(`${refusal}invalid request, either offset or key is expected, got both`);
}

/**
 * One page of a map as the Cosmos SDK cuts it: from a raw key or after an offset, either way round. Without a limit it holds 100 entries
 * and counts them all; otherwise `total` is 0 unless the request asks for it, and always 0 when it starts from a key. An offset behind the
 * end gives an empty page, mostly without a total. Behind a filter the next page begins at the entry after this one's last; at the next that passes where
 * this one began at a key; and where all are counted at the next that passes, or at the last entry of all. Takes time linear in the entries skipped and counted.
 * @throws QueryError InvalidArgument when both a key and an offset are given.
 */
export function paginate<K, V, I>(
  ctx: ReadCtx,
  map: BoundMap<K, V, I>,
  request: PageRequest | undefined,
  options: PageOptions<K, V> = {},
): Page<K, V> {
  const { key = NO_KEY, offset = 0n, reverse = false } = request ?? {};
  const { limit = 0n, countTotal = false } = request ?? {};
  requireOneStart(key, offset, options.refusal);
  const wanted = limit === 0n ? DEFAULT_PAGE_LIMIT : limit;
  const isFromKey = key.length > 0;
  const counts = (countTotal || limit === 0n) && !isFromKey;
  const range = { ...(options.first === undefined ? {} : { first: options.first }), ...(key.length === 0 ? {} : { from: key }), reverse };

  const items: (readonly [K, V])[] = [];
  let skipped = 0n;
  let more = 0n;
  let nextKey = NO_KEY;
  for (const [rawKey, k, v] of map.raw(ctx, range)) {
    if (skipped < offset) {
      skipped++;
      continue;
    }
    const full = BigInt(items.length) === wanted;
    if (full && !isFromKey && more === 0n) {
      nextKey = rawKey.slice();
      if (!counts) break;
    }
    if (options.filter !== undefined && !options.filter(k, v)) continue;
    if (!full) items.push([k, v]);
    else if (!isFromKey) more++;
    else {
      nextKey = rawKey.slice();
      break;
    }
  }
  const tells = counts && (skipped === offset || options.countsBehindEnd === true);
  const total = tells ? skipped + BigInt(items.length) + more : 0n;
  return { items, pagination: { nextKey, total } };
}
