// Keys of maps as a store takes them, remembered: the same ones come in every block.

import { joinBytes } from "../encoding/bytes.ts";
import { TextSlots } from "../encoding/textSlots.ts";
import { formatKeyText } from "../store/keyText.ts";
import type { AddressCodec } from "./address.ts";
import type { KeyCodec, KeyEnv } from "./key.ts";
import type { StoreKey, ValuePlace } from "./valuePlace.ts";

/** Places for remembered keys of a map: those of a block's transactions that are checked and run one after the other, not of all accounts. */
const KEY_PLACES = 4096;

/** Second parts of pairs whose keys are remembered: denominations that everybody has. Longer ones are the rarer ones. */
const KEPT_SECONDS = 16;
const KEPT_SECOND_LENGTH = 16;

/** Keys of maps by their declarations. */
const keysOfMaps = new WeakMap<object, { readonly address: AddressCodec; readonly keyOf: KeyMaker<unknown> }>();

/** Makes the key of a store. @param place where the caller keeps it */
type KeyMaker<K> = (k: K, place?: ValuePlace<unknown>) => StoreKey;

/**
 * What makes the keys of a declared map. They follow from the declaration and from the form of addresses, so all nodes of a process share what is
 * remembered of them.
 */
export function keysOf<K>(def: { readonly prefix: number; readonly key: KeyCodec<K> }, env: KeyEnv): KeyMaker<K> {
  const known = keysOfMaps.get(def);
  if (known?.address === env.address) return known.keyOf;
  const keyOf = createKeys(Uint8Array.of(def.prefix), def.key, env) as KeyMaker<unknown>;
  keysOfMaps.set(def, { address: env.address, keyOf });
  return keyOf;
}

/**
 * Makes the keys of a map. Those of a text or of bytes, which are mostly addresses, are remembered, and so are those of two texts of which the
 * second one is short, which are mostly balances: the same ones come in every block.
 */
function createKeys<K>(prefix: Uint8Array, codec: KeyCodec<K>, env: KeyEnv): KeyMaker<K> {
  const make = (k: K): StoreKey => {
    const bytes = joinBytes(prefix, codec.encode(k, env));
    return { bytes, text: formatKeyText(bytes) };
  };
  const remember = (known: TextSlots<StoreKey>, name: string, k: K): StoreKey => {
    const found = known.find(name);
    if (found !== undefined) return found;
    const key = make(k);
    known.set(name, key);
    return key;
  };
  let known: TextSlots<StoreKey> | undefined;
  const seconds = new Map<string, TextSlots<StoreKey>>();
  const ofParts = (k: K & readonly unknown[]): StoreKey => {
    const [first, second] = k;
    if (k.length !== 2 || typeof first !== "string" || typeof second !== "string" || second.length > KEPT_SECOND_LENGTH) return make(k);
    let firsts = seconds.get(second);
    if (firsts === undefined) {
      if (seconds.size >= KEPT_SECONDS) return make(k);
      firsts = new TextSlots(KEY_PLACES);
      seconds.set(second, firsts);
    }
    return remember(firsts, first, k);
  };
  const look = (k: K): StoreKey => {
    if (Array.isArray(k)) return ofParts(k as K & readonly unknown[]);
    const name = typeof k === "string" ? k : k instanceof Uint8Array ? formatKeyText(k) : undefined;
    if (name === undefined) return make(k);
    known ??= new TextSlots(KEY_PLACES);
    return remember(known, name, k);
  };
  let lastKey: K | undefined;
  let last: StoreKey | undefined;
  return (k, place) => {
    // What is read is often read once more or written next: the same key is not looked for again. CONTRACT: nobody changes a list in between.
    if (last !== undefined && k === lastKey) return last;
    last = place?.key ?? look(k);
    lastKey = k instanceof Uint8Array ? undefined : k;
    if (place !== undefined) place.key = last;
    return last;
  };
}
