import { randomBytes } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { argon2id } from "@noble/hashes/argon2.js";
import { CliError } from "../../shared/cliError.ts";

// Private keys as the Cosmos SDK's tools exchange them: ASCII armour of OpenPGP (RFC 4880 §6) around a key that a passphrase seals with
// Argon2id and ChaCha20-Poly1305. The nonce is zero: each sealing has a salt, hence a key, of its own.

const BEGIN = "-----BEGIN TENDERMINT PRIVATE KEY-----";
const END = "-----END TENDERMINT PRIVATE KEY-----";
const ARGON2 = { t: 1, m: 64 * 1024, p: 4, dkLen: 32 } as const;
const NONCE = new Uint8Array(12);
const SALT_BYTES = 16;
/** Amino's name of a secp256k1 private key, and its length. */
const AMINO_PREFIX = Buffer.from("e1b0f79b20", "hex");
const KEY_BYTES = 32;
const LINE = 64;
const MAX_CHARACTERS = 4096;

/** Whether a text is an armoured private key, right or wrong. */
export function isArmored(text: string): boolean {
  return text.trimStart().startsWith("-----BEGIN");
}

/** Seals a private key of 32 bytes. */
export function armorPrivateKey(privateKey: Uint8Array, passphrase: string, salt: Uint8Array = randomBytes(SALT_BYTES)): string {
  const sealed = chacha20poly1305(argon2id(passphrase, salt, ARGON2), NONCE).encrypt(Buffer.concat([AMINO_PREFIX, privateKey]));
  const lines =
    Buffer.from(sealed)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  const headers = ["kdf: argon2", `salt: ${Buffer.from(salt).toString("hex").toUpperCase()}`, "type: secp256k1"];
  return [BEGIN, ...headers, "", ...lines, `=${checksum(sealed)}`, END].join("\n");
}

/** Opens what {@link armorPrivateKey} or an SDK tool sealed. @throws CliError when it is damaged or the passphrase is wrong */
export function openArmor(text: string, passphrase: string): Uint8Array {
  const { headers, sealed } = parseArmor(text);
  if (headers.get("kdf") !== "argon2")
    throw damaged(`kdf argon2 is expected, got ${headers.get("kdf") ?? "none"}; export the key again with a newer version of that tool`);
  if ((headers.get("type") ?? "secp256k1") !== "secp256k1") throw damaged(`a secp256k1 key is expected, got ${headers.get("type") ?? ""}`);
  const salt = Buffer.from(headers.get("salt") ?? "", "hex");
  if (salt.length !== SALT_BYTES) throw damaged(`a salt of ${SALT_BYTES} bytes is expected, got ${salt.length}`);
  let opened: Buffer;
  try {
    opened = Buffer.from(chacha20poly1305(argon2id(passphrase, salt, ARGON2), NONCE).decrypt(sealed));
  } catch (cause) {
    throw new CliError("the armoured key does not open", { why: "the passphrase is wrong or the text is damaged", cause });
  }
  if (!opened.subarray(0, AMINO_PREFIX.length).equals(AMINO_PREFIX) || opened.length !== AMINO_PREFIX.length + KEY_BYTES)
    throw damaged("a secp256k1 private key of 32 bytes is expected inside");
  return new Uint8Array(opened.subarray(AMINO_PREFIX.length));
}

function parseArmor(text: string): { readonly headers: ReadonlyMap<string, string>; readonly sealed: Buffer } {
  if (text.length > MAX_CHARACTERS) throw damaged(`at most ${MAX_CHARACTERS} characters are expected, got ${text.length}`);
  const lines = text.trim().split(/\r?\n/);
  if (lines[0] !== BEGIN || lines.at(-1) !== END) throw damaged(`${BEGIN} and ${END} are expected around it`);
  const gap = lines.findIndex((line) => line.trim() === "");
  if (gap < 0) throw damaged("an empty line is expected after its headers");
  const headers = new Map(
    lines.slice(1, gap).map((line): [string, string] => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2).trim()];
    }),
  );
  const body = lines.slice(gap + 1, -1);
  const sum = body.at(-1)?.startsWith("=") === true ? body.pop() : undefined;
  if (body.some((line) => line.length > LINE || !/^[A-Za-z0-9+/]*={0,2}$/.test(line))) throw damaged("base64 in lines of 64 is expected");
  const sealed = Buffer.from(body.join(""), "base64");
  if (sum !== undefined && sum !== `=${checksum(sealed)}`) throw damaged("its checksum does not match");
  return { headers, sealed };
}

/** OpenPGP's CRC-24 in base64. */
function checksum(bytes: Uint8Array): string {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return Buffer.from([(crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff]).toString("base64");
}

function damaged(why: string): CliError {
  return new CliError("this is no armoured private key", { why, next: "hanzod keys export NAME prints one" });
}
