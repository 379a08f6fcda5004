import type { PageRequest, PageResponse } from "#proto/cosmos/base/query/v1beta1/pagination";
import { DEFAULT_PAGE_LIMIT, invalidArgument } from "#sdk";
import { uint } from "./vote/hash.ts";

const ID_BYTES = 8;
const NO_KEY = new Uint8Array(0);

/**
 * One page of what a secondary index finds, in the order of identifiers. `key` is the identifier with which the page begins, eight bytes. Only
 * entries of the index are read, not the whole map.
 * @param matches what else must hold of an entry; others are neither returned nor counted
 * @throws gRPC InvalidArgument for key and offset together, a key of another length, and reverse order
 */
export function pageOfIndex<V>(
  entries: Iterable<readonly [id: bigint, V]>,
  request: PageRequest | undefined,
  matches: (value: V) => boolean = () => true,
): { readonly items: readonly V[]; readonly pagination: PageResponse } {
  const { key = NO_KEY, offset = 0n, limit = 0n, countTotal = false, reverse = false } = request ?? {};
  if (reverse) throw invalidArgument("pagination.reverse: expected false for a list by index");
  if (key.length > 0 && offset > 0n) throw invalidArgument("pagination: expected either offset or key, got both");
  if (key.length > 0 && key.length !== ID_BYTES) throw invalidArgument(`pagination.key: expected ${ID_BYTES} bytes, got ${key.length}`);
  const from = key.reduce((id, byte) => (id << 8n) | BigInt(byte), 0n);
  const wanted = limit === 0n ? DEFAULT_PAGE_LIMIT : limit;
  const counts = (countTotal || limit === 0n) && key.length === 0;
  const items: V[] = [];
  let seen = 0n;
  let next: Uint8Array = NO_KEY;
  for (const [id, value] of entries) {
    if (id < from || !matches(value)) continue;
    seen += 1n;
    if (seen <= offset) continue;
    if (BigInt(items.length) < wanted) {
      items.push(value);
      continue;
    }
    if (next.length === 0) next = uint(id, ID_BYTES);
    if (!counts) break;
  }
  return { items, pagination: { nextKey: next, total: counts ? seen : 0n } };
}
