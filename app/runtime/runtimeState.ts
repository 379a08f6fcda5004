import { concatBytes, decodeUtf8, encodeUtf8 } from "../encoding/bytes.ts";
import type { KVReader, KVStore } from "../store/kv.ts";
import type { ValidatorSet } from "./validatorUpdates.ts";

/** Name of the store with what the runtime itself must know of the chain. Part of the app hash, so that a restored node has it, too. */
export const RUNTIME_STORE = "runtime";

// First bytes of keys; 4 is that of unorderedNonces.ts.
const CHAIN_ID = Uint8Array.of(1);
const VALIDATOR = Uint8Array.of(2);
const MODULE_VERSION = Uint8Array.of(3);

/** The chain id of genesis; empty before it. */
export function readChainId(store: KVReader): string {
  const bytes = store.get(CHAIN_ID);
  return bytes === undefined ? "" : decodeUtf8(bytes);
}

/** Keeps the chain id of genesis. */
export function writeChainId(store: KVStore, chainId: string): void {
  store.set(CHAIN_ID, encodeUtf8(chainId));
}

/** The validator set after all updates that were returned to CometBFT. */
export function readValidators(store: KVReader): ValidatorSet {
  return readNumbers(store, VALIDATOR);
}

/** Makes the stored set the given one. */
export function writeValidators(store: KVStore, before: ValidatorSet, after: ValidatorSet): void {
  if (before === after) return;
  for (const name of before.keys()) if (!after.has(name)) store.delete(concatBytes(VALIDATOR, encodeUtf8(name)));
  for (const [name, power] of after)
    if (before.get(name) !== power) store.set(concatBytes(VALIDATOR, encodeUtf8(name)), encodeNumber(power));
}

/** Versions of the modules whose state is stored, by name. */
export function readModuleVersions(store: KVReader): ReadonlyMap<string, bigint> {
  const stamp = store.stamp?.(MODULE_VERSION[0] ?? 0);
  if (stamp !== undefined && lastVersions?.stamp === stamp) return lastVersions.versions;
  const versions = readNumbers(store, MODULE_VERSION);
  lastVersions = stamp === undefined ? undefined : { stamp, versions };
  return versions;
}

/** Every block asks for them, and they change with upgrades alone. */
let lastVersions: { readonly stamp: number; readonly versions: ReadonlyMap<string, bigint> } | undefined;

/** Version of one module's state; undefined when it is not stored. */
export function findModuleVersion(store: KVReader, module: string): bigint | undefined {
  const bytes = store.get(concatBytes(MODULE_VERSION, encodeUtf8(module)));
  return bytes === undefined ? undefined : new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
}

/** Notes that a module's state has the given version. */
export function writeModuleVersion(store: KVStore, module: string, version: bigint): void {
  store.set(concatBytes(MODULE_VERSION, encodeUtf8(module)), encodeNumber(version));
}

function readNumbers(store: KVReader, prefix: Uint8Array): ReadonlyMap<string, bigint> {
  const numbers = new Map<string, bigint>();
  const end = Uint8Array.of((prefix[0] ?? 0) + 1);
  for (const [key, value] of store.iterate({ start: prefix, end }))
    numbers.set(decodeUtf8(key.subarray(1)), new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0));
  return numbers;
}

function encodeNumber(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
