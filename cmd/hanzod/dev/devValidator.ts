import { createHash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";

/** The validator of a development chain as CometBFT would show it. */
export interface DevValidator {
  readonly name: string;
  /** CometBFT address, 20 bytes. */
  readonly address: Uint8Array;
  /** ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly power: bigint;
}

/** The validator of every development chain. It signs nothing; its key is of no worth. */
export function devValidator(): DevValidator {
  const seed = createHash("sha256").update("hanzod dev").digest();
  const publicKey = ed25519.getPublicKey(new Uint8Array(seed));
  return { name: "dev", address: addressOf(publicKey), publicKey, power: 10n };
}

/** A validator of the state. @param name `<key type>/<key in hexadecimal>` */
export function validatorOf(name: string, power: bigint): DevValidator {
  const publicKey = new Uint8Array(Buffer.from(name.slice(name.indexOf("/") + 1), "hex"));
  return { name: "", address: addressOf(publicKey), publicKey, power };
}

function addressOf(publicKey: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(publicKey).digest().subarray(0, 20));
}
