import { CliError, reasonOf } from "../../shared/cliError.ts";
import { isSealed, type Sealed } from "./seal.ts";

/** What can sign with a key: this keyring, somebody else, or several together. */
export type KeyType = "local" | "offline" | "multi";

/** What a key file says in the clear. */
export interface KeyInfo {
  readonly name: string;
  readonly type: KeyType;
  readonly address: string;
  /** Hex: the compressed secp256k1 key; of a multisig key the encoded `LegacyAminoPubKey`. */
  readonly publicKey: string;
  /** Where it lies below its recovery phrase; empty when it has none. */
  readonly path: string;
}

/** A key as its file has it. */
export interface KeyFile extends KeyInfo {
  readonly version: 1;
  /** `test` backend, keys of a recovery phrase. */
  readonly mnemonic?: string;
  /** `test` backend, keys that came without a phrase: 32 bytes, hex. */
  readonly privateKey?: string;
  /** `file` backend: the phrase, or without a path the private key in hex. */
  readonly sealed?: Sealed;
}

const TYPES: ReadonlySet<unknown> = new Set(["local", "offline", "multi"] satisfies KeyType[]);

/** Reads a key file. @param path for the error @throws CliError when it is none */
export function parseKeyFile(text: string, path: string): KeyFile {
  let parsed: Partial<KeyFile>;
  try {
    parsed = Object(JSON.parse(text)) as Partial<KeyFile>;
  } catch (cause) {
    throw new CliError(`${path} is not a key file`, { why: reasonOf(cause), cause });
  }
  // Files of the first release name no type: all their keys are local.
  const { version, name, type = "local", address, publicKey, path: hdPath } = parsed;
  if (version !== 1) throw new CliError(`${path} is not a key file`, { why: `version 1 is expected, got ${String(version)}` });
  if (typeof name !== "string" || typeof address !== "string" || typeof publicKey !== "string" || typeof hdPath !== "string") {
    throw new CliError(`${path} is not a key file`, { why: "name, address, publicKey and path are expected as text" });
  }
  if (!TYPES.has(type)) throw new CliError(`${path} is not a key file`, { why: `type local, offline or multi is expected, got ${type}` });
  for (const [key, value] of [["mnemonic", parsed.mnemonic] as const, ["privateKey", parsed.privateKey] as const])
    if (value !== undefined && typeof value !== "string")
      throw new CliError(`${path} is not a key file`, { why: `${key} is expected as text` });
  if (parsed.sealed !== undefined && !isSealed(parsed.sealed))
    throw new CliError(`${path} is not a key file`, {
      why: "sealed is expected to have kdf, cost, blockSize, parallelism, salt, cipher, nonce and text",
    });
  return { ...parsed, version, name, type, address, publicKey, path: hdPath };
}

/** The public part of a key file. */
export function infoOf({ name, type, address, publicKey, path }: KeyFile): KeyInfo {
  return { name, type, address, publicKey, path };
}
