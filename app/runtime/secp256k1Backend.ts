import { createRequire } from "node:module";

/** The one signature backend that decides in consensus. */
export interface Secp256k1Backend {
  /** `native` is libsecp256k1; `javascript` is what the package silently falls back to, some thirty times slower. */
  readonly kind: "native" | "javascript";
  /** Whether the compact signature fits key and digest. CONTRACT: 64, 32 and 33 or 65 bytes; the range of r and s was checked. */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
}

/** The backend with what else the package does. */
export interface Secp256k1Library extends Secp256k1Backend {
  /** The 65 bytes of a key of 33; undefined when it is no curve point. */
  expand(publicKey: Uint8Array): Uint8Array | undefined;
}

interface Secp256k1Package {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  publicKeyConvert(publicKey: Uint8Array, compressed: boolean): Uint8Array;
}

/** Loads the package's native binding, or its JavaScript fallback where no binary fits the machine. */
export function loadSecp256k1(): Secp256k1Library {
  const load = createRequire(import.meta.url);
  let kind: Secp256k1Backend["kind"] = "native";
  let library: Secp256k1Package;
  try {
    library = load("secp256k1/bindings.js") as Secp256k1Package;
  } catch {
    kind = "javascript";
    library = load("secp256k1/elliptic.js") as Secp256k1Package;
  }
  return {
    kind,
    verify(signature, digest, publicKey) {
      try {
        return library.ecdsaVerify(signature, digest, publicKey);
      } catch {
        // A key that is no curve point makes the package throw; to a verifier it is one more wrong signature.
        return false;
      }
    },
    expand(publicKey) {
      try {
        return library.publicKeyConvert(publicKey, false);
      } catch {
        return undefined;
      }
    },
  };
}
