import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { openSealed, type Sealed, seal } from "./seal.ts";

/** Where secrets are kept: `file` encrypts each with a passphrase, `test` keeps them in the clear for local chains. */
export type KeyringBackend = "file" | "test";

/** What a key file says in the clear. */
export interface KeyInfo {
  readonly name: string;
  readonly address: string;
  /** Compressed secp256k1 public key, hex. */
  readonly publicKey: string;
  readonly path: string;
}

interface KeyFile extends KeyInfo {
  readonly version: 1;
  /** `test` backend. */
  readonly mnemonic?: string;
  /** `file` backend. */
  readonly sealed?: Sealed;
}

/** The keys of one home. */
export interface Keyring {
  list(): readonly KeyInfo[];
  /** @throws CliError when there is no such key */
  show(name: string): KeyInfo;
  add(name: string, mnemonic: string, passphrase: string, index?: number): Promise<KeyInfo>;
  /** The recovery phrase. @throws CliError on a wrong passphrase */
  export(name: string, passphrase: string): string;
  delete(name: string): void;
  /** A cosmjs wallet that signs with the key. */
  wallet(name: string, passphrase: string): Promise<DirectSecp256k1HdWallet>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Opens the keyring of a home; nothing is written before the first key is added. */
export function openKeyring(home: string, backend: KeyringBackend, prefix: string): Keyring {
  const folder = join(home, `keyring-${backend}`);
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  const read = (name: string): KeyFile => {
    requireName(name);
    if (!existsSync(fileOf(name))) {
      throw new CliError(`there is no key "${name}"`, {
        why: `${folder} has: ${names(folder).join(", ") || "no keys"}`,
        next: `hanzod keys add ${name} --keyring-backend ${backend}`,
      });
    }
    return parseKeyFile(readFileSync(fileOf(name), "utf8"), fileOf(name));
  };
  const secret = (name: string, passphrase: string): { readonly file: KeyFile; readonly mnemonic: string } => {
    const file = read(name);
    return { file, mnemonic: file.mnemonic ?? openSealed(requireSealed(file), passphrase, name) };
  };
  return {
    list: () => names(folder).map((name) => infoOf(read(name))),
    show: (name) => infoOf(read(name)),
    async add(name, mnemonic, passphrase, index = 0) {
      requireName(name);
      if (existsSync(fileOf(name)))
        throw new CliError(`a key "${name}" exists already`, {
          why: `${fileOf(name)} is there`,
          next: "choose another name; hanzod keys list shows those taken",
        });
      const path = derivationPath(index);
      const wallet = await walletOf(mnemonic, prefix, index);
      const [account] = await wallet.getAccounts();
      if (account === undefined) throw new CliError("the wallet has no account");
      const info: KeyInfo = { name, address: account.address, publicKey: Buffer.from(account.pubkey).toString("hex"), path };
      const file: KeyFile = { version: 1, ...info, ...(backend === "test" ? { mnemonic } : { sealed: seal(mnemonic, passphrase) }) };
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(fileOf(name), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
      chmodSync(fileOf(name), 0o600);
      return info;
    },
    export: (name, passphrase) => secret(name, passphrase).mnemonic,
    delete(name) {
      read(name);
      rmSync(fileOf(name));
    },
    async wallet(name, passphrase) {
      const { file, mnemonic } = secret(name, passphrase);
      return walletOf(mnemonic, prefix, Number(file.path.split("/").at(-1)));
    },
  };
}

/** Where account `index` of a recovery phrase lies (BIP-44), with the coin type of the chain. */
function derivationPath(index: number): string {
  return `m/44'/${CHAIN.coinType}'/0'/0/${index}`;
}

/** A cosmjs wallet of a recovery phrase at {@link derivationPath}. @throws CliError when the phrase is not one */
export async function walletOf(mnemonic: string, prefix: string, index = 0): Promise<DirectSecp256k1HdWallet> {
  try {
    return await DirectSecp256k1HdWallet.fromMnemonic(mnemonic.trim(), { prefix, hdPaths: [stringToPath(derivationPath(index))] });
  } catch (cause) {
    throw new CliError("this is not a recovery phrase", {
      why: `${reasonOf(cause)}; 12 to 24 words of the BIP-39 list are expected`,
      next: "hanzod keys add NAME",
      cause,
    });
  }
}

function names(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

function requireName(name: string): void {
  if (!NAME.test(name))
    throw new CliError(`"${name}" cannot be a key's name`, {
      why: "1 to 64 letters, digits, '.', '_' or '-' are expected, a letter or digit first",
    });
}

function requireSealed(file: KeyFile): Sealed {
  if (file.sealed === undefined)
    throw new CliError(`key file of "${file.name}" holds no secret`, {
      next: `hanzod keys delete ${file.name}, then hanzod keys import ${file.name}`,
    });
  return file.sealed;
}

function infoOf({ name, address, publicKey, path }: KeyFile): KeyInfo {
  return { name, address, publicKey, path };
}

function parseKeyFile(text: string, path: string): KeyFile {
  let parsed: Partial<KeyFile>;
  try {
    parsed = JSON.parse(text) as Partial<KeyFile>;
  } catch (cause) {
    throw new CliError(`${path} is not a key file`, { why: reasonOf(cause), cause });
  }
  const { version, name, address, publicKey, path: hdPath } = parsed;
  if (version !== 1) throw new CliError(`${path} is not a key file`, { why: `version 1 is expected, got ${String(version)}` });
  if (typeof name !== "string" || typeof address !== "string" || typeof publicKey !== "string" || typeof hdPath !== "string") {
    throw new CliError(`${path} is not a key file`, { why: "name, address, publicKey and path are expected as text" });
  }
  return { ...parsed, version, name, address, publicKey, path: hdPath };
}
