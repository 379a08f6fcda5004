import { sha256 } from "#sha256";
import { concatBytes } from "../../encoding/bytes.ts";

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/** The RFC 6962 root over the items in their order: CometBFT's hash of headers and validator sets. SHA-256 of nothing without items. */
export function merkleRoot(items: readonly Uint8Array[]): Uint8Array {
  const [first] = items;
  if (first === undefined) return sha256(new Uint8Array(0));
  if (items.length === 1) return sha256(concatBytes(LEAF, first));
  const split = 1 << (31 - Math.clz32(items.length - 1));
  return sha256(concatBytes(INNER, merkleRoot(items.slice(0, split)), merkleRoot(items.slice(split))));
}
