import { createHash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import type { GenesisValidator } from "../genesis/chainGenesis.ts";

/** The validator of every development chain. It signs nothing; its key is of no worth. */
export function devValidator(): GenesisValidator {
  const seed = createHash("sha256").update("hanzod dev").digest();
  const publicKey = ed25519.getPublicKey(new Uint8Array(seed));
  const address = createHash("sha256").update(publicKey).digest().subarray(0, 20);
  return { name: "dev", address: new Uint8Array(address), publicKey, power: 10n };
}
