import { randomBytes, scryptSync } from "node:crypto";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { CliError } from "../../shared/cliError.ts";

/** A secret under a passphrase: scrypt (RFC 7914) derives the key, XChaCha20-Poly1305 encrypts and authenticates. */
export interface Sealed {
  readonly kdf: "scrypt";
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: string;
  readonly cipher: "xchacha20-poly1305";
  readonly nonce: string;
  readonly text: string;
}

/** scrypt costs 128 MiB and about a third of a second: what an interactive command can bear. */
const COST = { cost: 131_072, blockSize: 8, parallelism: 1 } as const;
const MAX_MEMORY_BYTES = 512 * 1024 * 1024;
const MIN_PASSPHRASE = 8;

/** Encrypts a secret. @throws CliError when the passphrase has fewer than 8 characters */
export function seal(secret: string, passphrase: string): Sealed {
  if (passphrase.length < MIN_PASSPHRASE) {
    throw new CliError("the passphrase is too short", {
      why: `at least ${MIN_PASSPHRASE} characters are expected, got ${passphrase.length}`,
      next: "set HANZOD_PASSPHRASE, or pass --passphrase-file FILE",
    });
  }
  const salt = randomBytes(32);
  const nonce = randomBytes(24);
  const text = xchacha20poly1305(derive(passphrase, salt, COST), nonce).encrypt(Buffer.from(secret, "utf8"));
  return { kdf: "scrypt", ...COST, salt: hex(salt), cipher: "xchacha20-poly1305", nonce: hex(nonce), text: hex(text) };
}

/** Whether a value out of a file has the form of a sealed secret; what it holds is checked when it is opened. */
export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== "object" || value === null) return false;
  const parts: Partial<Record<keyof Sealed, unknown>> = value;
  const texts = [parts.kdf, parts.salt, parts.cipher, parts.nonce, parts.text];
  return texts.every((part) => typeof part === "string") && [parts.cost, parts.blockSize, parts.parallelism].every(Number.isSafeInteger);
}

/** Decrypts a secret. @throws CliError on a wrong passphrase or a damaged file */
export function openSealed(sealed: Sealed, passphrase: string, name: string): string {
  if (sealed.kdf !== "scrypt" || sealed.cipher !== "xchacha20-poly1305")
    throw new CliError(`key "${name}" is sealed in an unknown way`, {
      why: `scrypt and xchacha20-poly1305 are expected, got ${sealed.kdf} and ${sealed.cipher}`,
    });
  try {
    // A damaged file may ask for costs that scrypt does not have.
    const key = derive(passphrase, Buffer.from(sealed.salt, "hex"), sealed);
    return Buffer.from(xchacha20poly1305(key, Buffer.from(sealed.nonce, "hex")).decrypt(Buffer.from(sealed.text, "hex"))).toString("utf8");
  } catch (cause) {
    throw new CliError(`key "${name}" does not open`, {
      why: "the passphrase is wrong or the key file is damaged",
      next: "check HANZOD_PASSPHRASE",
      cause,
    });
  }
}

function derive(
  passphrase: string,
  salt: Uint8Array,
  { cost, blockSize, parallelism }: { readonly cost: number; readonly blockSize: number; readonly parallelism: number },
): Uint8Array {
  return scryptSync(passphrase.normalize("NFKC"), salt, 32, { N: cost, r: blockSize, p: parallelism, maxmem: MAX_MEMORY_BYTES });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
