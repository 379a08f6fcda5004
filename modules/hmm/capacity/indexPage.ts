import type { PageRequest, PageResponse } from "#proto/cosmos/base/query/v1beta1/pagination";
import { DEFAULT_PAGE_LIMIT, invalidArgument } from "#sdk";

/** Bytes of an identifier in a page key. */
const ID_BYTES = 8;

/** A page of a list by secondary index. */
export interface IndexPage<V> {
  readonly items: readonly V[];
  readonly pagination: PageResponse;
}

/**
 * One page of the entries that a secondary index finds, in the order of their identifiers, with the rules of the SDK's `paginate`: `key` is
 * the identifier with which the page begins, eight bytes. Only the entries of the index are read, not the whole map.
 * @throws gRPC InvalidArgument for key and offset together, a key of another length, and reverse order
 */
export function pageByIndex<V>(entries: Iterable<readonly [id: bigint, V]>, request: PageRequest | undefined): IndexPage<V> {
  const { key = NO_KEY, offset = 0n, limit = 0n, countTotal = false, reverse = false } = request ?? {};
  if (reverse) throw invalidArgument("pagination.reverse: expected false for a list by index");
  if (key.length > 0 && offset > 0n) throw invalidArgument("pagination: expected either offset or key, got both");
  const from = key.length === 0 ? 0n : parseId(key);
  const wanted = limit === 0n ? DEFAULT_PAGE_LIMIT : limit;
  const counts = (countTotal || limit === 0n) && key.length === 0;
  const items: V[] = [];
  let seen = 0n;
  let next: bigint | undefined;
  for (const [id, value] of entries) {
    if (id < from) continue;
    seen += 1n;
    if (seen <= offset) continue;
    if (BigInt(items.length) < wanted) {
      items.push(value);
      continue;
    }
    next ??= id;
    if (!counts) break;
  }
  // Nothing is counted behind an offset that lies past the end.
  const total = counts && seen >= offset ? seen : 0n;
  return { items, pagination: { nextKey: next === undefined ? NO_KEY : formatId(next), total } };
}

const NO_KEY = new Uint8Array(0);

function parseId(key: Uint8Array): bigint {
  if (key.length !== ID_BYTES) throw invalidArgument(`pagination.key: expected ${ID_BYTES} bytes, got ${key.length}`);
  return key.reduce((id, byte) => (id << 8n) | BigInt(byte), 0n);
}

function formatId(id: bigint): Uint8Array {
  return Uint8Array.from({ length: ID_BYTES }, (_, i) => Number((id >> BigInt(8 * (ID_BYTES - 1 - i))) & 0xffn));
}
