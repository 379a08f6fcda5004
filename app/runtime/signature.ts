import { sha256 } from "#sha256";
import { fromHex } from "../encoding/bytes.ts";
import { formatKeyText } from "../store/keyText.ts";
import { createRecentMap } from "./recentMap.ts";
import type { Secp256k1Backend } from "./secp256k1Backend.ts";

/** Bytes of r and of s, and of a digest. */
const SCALAR_BYTES = 32;
/** Order of the curve; r lies in [1, n). */
const CURVE_ORDER = fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
/** Half the order; a signature with a larger s is the malleated twin of another and is refused. */
const HALF_ORDER = fromHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
const ZERO = new Uint8Array(SCALAR_BYTES);

/** Length and ranges of a compact signature: 64 bytes, 0 < r < n, 0 < s ≤ n/2. */
export function isCanonicalSignature(signature: Uint8Array): boolean {
  if (signature.length !== 2 * SCALAR_BYTES) return false;
  return (
    compareScalar(signature, 0, ZERO) > 0 &&
    compareScalar(signature, 0, CURVE_ORDER) < 0 &&
    compareScalar(signature, SCALAR_BYTES, ZERO) > 0 &&
    compareScalar(signature, SCALAR_BYTES, HALF_ORDER) <= 0
  );
}

/** Order of the scalar at a place of a signature and another one, as unsigned bytes. */
function compareScalar(signature: Uint8Array, from: number, other: Uint8Array): number {
  for (let i = 0; i < SCALAR_BYTES; i++) {
    const difference = (signature[from + i] as number) - (other[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Signatures that are being verified elsewhere. */
export interface SignatureBatch {
  /** Whether the one at `index` was found right by now. */
  isRight(index: number): boolean;
  /** Resolves when there is nothing more to wait for, whatever was found. */
  readonly done: Promise<void>;
}

/** A signature with the document that it should be over. */
export interface SignedDocument {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Verifies signatures beside the caller, on the same backend. */
export interface SignatureAid {
  /** Begins with a batch; undefined when nobody can take it now. CONTRACT: keys of 33 bytes, signatures that are canonical */
  start(documents: readonly SignedDocument[]): SignatureBatch | undefined;
}

/** Verifies account signatures, each at most once while it is remembered. */
export interface SignatureVerifier {
  readonly backend: Secp256k1Backend["kind"];
  /**
   * Whether a secp256k1 signature over sha256(message) is right.
   * GAS: the caller charges the same whether the answer was remembered or not.
   */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/**
 * Makes a verifier that remembers the last right signatures.
 * DETERMINISM: the memory is keyed by everything that the answer depends on (key, message, signature), so it can only save time.
 *
 * @param remembered right signatures kept at least; at most twice as many are held. Wrong ones are not kept: they would let strangers empty it.
 */
export function createSignatureVerifier(backend: Secp256k1Backend, remembered = 65_536): SignatureVerifier {
  const right = createRecentMap<true>(remembered);
  return {
    backend: backend.kind,
    verify(publicKey, message, signature) {
      if (!isCanonicalSignature(signature)) return false;
      const digest = sha256(message);
      const name = cacheName(publicKey, digest, signature);
      if (right.find(name) !== undefined) return true;
      if (!backend.verify(signature, digest, publicKey)) return false;
      right.set(name, true);
      return true;
    },
  };
}

/** Key, digest and signature as one string of their bytes: exact, so no two different triples ever share a name. Their lengths are fixed. */
function cacheName(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): string {
  return formatKeyText(publicKey) + formatKeyText(digest) + formatKeyText(signature);
}
