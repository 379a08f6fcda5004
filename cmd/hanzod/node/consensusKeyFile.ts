import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { CliError, reasonOf } from "../../shared/cliError.ts";

/**
 * Makes a key that signs blocks, in a file as CometBFT reads it (privval FilePVKey), for its owner alone to read.
 * @returns the public key, 32 bytes
 * @throws CliError when the file is there already or cannot be written
 */
export function createConsensusKeyFile(path: string): Uint8Array {
  const pair = generateKeyPairSync("ed25519");
  const [seed, publicKey] = [rawKey(pair.privateKey, "d"), rawKey(pair.publicKey, "x")];
  const file = {
    address: createHash("sha256").update(publicKey).digest().subarray(0, 20).toString("hex").toUpperCase(),
    pub_key: { type: "tendermint/PubKeyEd25519", value: publicKey.toString("base64") },
    priv_key: { type: "tendermint/PrivKeyEd25519", value: Buffer.concat([seed, publicKey]).toString("base64") },
  };
  try {
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new CliError(`cannot write ${path}`, { why: reasonOf(cause), next: "name another file; no key is ever overwritten", cause });
  }
  return publicKey;
}

function rawKey(key: KeyObject, part: "d" | "x"): Buffer {
  return Buffer.from(key.export({ format: "jwk" })[part] ?? "", "base64url");
}
