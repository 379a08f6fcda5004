import { type AddressCodec, sdkError } from "#sdk";
import type { KVReader, KVStore } from "../store/kv.ts";

// Rows of the runtime's store: 4 | timeout in nanoseconds since 1970-01-01 UTC, 8 bytes big-endian | address bytes. The value says nothing.

const PREFIX = 4;
const TIME_AT = 1;
const ADDRESS_AT = 9;
const USED = Uint8Array.of(1);

/** Rows that one block removes at most: what is left over waits for the next one and does no harm, since its time has passed. */
const REMOVED_PER_BLOCK = 4096;

/** First key of a time. CONTRACT: the time is at most ten minutes ahead of a block's, so it fits. */
function timeKey(timeoutNs: bigint, addressBytes = 0): Uint8Array {
  const key = new Uint8Array(ADDRESS_AT + addressBytes);
  key[0] = PREFIX;
  new DataView(key.buffer).setBigUint64(TIME_AT, timeoutNs);
  return key;
}

/** Key of the row which says that an account has used a timeout. */
function nonceKey(address: Uint8Array, timeoutNs: bigint): Uint8Array {
  const key = timeKey(timeoutNs, address.length);
  key.set(address, ADDRESS_AT);
  return key;
}

/** Whether an account has signed an unordered transaction with that timeout before. */
export function isNonceUsed(store: KVReader, address: Uint8Array, timeoutNs: bigint): boolean {
  return store.has(nonceKey(address, timeoutNs));
}

/** Notes that an account has used a timeout. */
export function useNonce(store: KVStore, address: Uint8Array, timeoutNs: bigint): void {
  store.set(nonceKey(address, timeoutNs), USED);
}

/**
 * Forgets timeouts before the block's time, oldest first. INVARIANT: a nonce outlives every moment at which its transaction could still be
 * executed; a timeout that equals the block's time is not over yet.
 *
 * @param limit most rows that are removed
 */
export function removeExpiredNonces(store: KVStore, timeNs: bigint, limit = REMOVED_PER_BLOCK): void {
  if (timeNs <= 0n || !isSomeExpired(store, timeNs)) return;
  const expired: Uint8Array[] = [];
  for (const [key] of store.iterate({ start: Uint8Array.of(PREFIX), end: timeKey(timeNs) })) {
    if (expired.length >= limit) break;
    expired.push(key);
  }
  for (const key of expired) store.delete(key);
}

/** The first timeout, which every block asks for. */
let lastFirst: { readonly stamp: number; readonly timeoutNs: bigint | undefined } | undefined;

function isSomeExpired(store: KVReader, timeNs: bigint): boolean {
  const stamp = store.stamp?.(PREFIX);
  if (stamp === undefined) return true;
  if (lastFirst?.stamp !== stamp) lastFirst = { stamp, timeoutNs: firstTimeout(store) };
  return lastFirst.timeoutNs !== undefined && lastFirst.timeoutNs < timeNs;
}

function firstTimeout(store: KVReader): bigint | undefined {
  for (const [key] of store.iterate({ start: Uint8Array.of(PREFIX), end: Uint8Array.of(PREFIX + 1) }))
    return new DataView(key.buffer, key.byteOffset, key.length).getBigUint64(TIME_AT);
  return undefined;
}

const GENESIS_KEY = "unordered_nonces";
/** Latest time that eight bytes hold. */
const MAX_TIME_NS = (1n << 63n) - 1n;

/** Genesis of the nonces, a list of `[address, timeout in nanoseconds]`; undefined when there are none. */
export function exportNonces(store: KVReader, address: AddressCodec): Readonly<Record<string, unknown>> | undefined {
  const rows = [...store.iterate({ start: Uint8Array.of(PREFIX), end: Uint8Array.of(PREFIX + 1) })].map(([key]) => [
    address.format(key.subarray(ADDRESS_AT)),
    new DataView(key.buffer, key.byteOffset, key.length).getBigUint64(TIME_AT).toString(),
  ]);
  return rows.length === 0 ? undefined : { [GENESIS_KEY]: rows };
}

/**
 * Writes what {@link exportNonces} gave, so that a transaction cannot be executed again on the chain that goes on from the export.
 * @throws sdk/17 for anything else, sdk/7 for a bad address
 */
export function importNonces(store: KVStore, address: AddressCodec, json: unknown): void {
  const refuse = (what: string): Error => sdkError.jsonUnmarshal(`app_state.runtime: ${what}`);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw refuse("an object expected");
  for (const name of Object.keys(json)) if (name !== GENESIS_KEY) throw refuse(`${name}: no such field`);
  const rows: unknown = Reflect.get(json, GENESIS_KEY);
  if (!Array.isArray(rows)) throw refuse(`${GENESIS_KEY}: a list of [address, timeout] expected`);
  for (const [index, row] of (rows as readonly unknown[]).entries()) {
    const [owner, timeout, ...rest] = Array.isArray(row) ? (row as readonly unknown[]) : [];
    if (
      typeof owner !== "string" ||
      typeof timeout !== "string" ||
      rest.length > 0 ||
      !/^[1-9]\d{0,18}$/.test(timeout) ||
      BigInt(timeout) > MAX_TIME_NS
    )
      throw refuse(`${GENESIS_KEY}[${index}]: [address, timeout in nanoseconds as text] expected`);
    useNonce(store, address.parse(owner), BigInt(timeout));
  }
}
