import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import type { Any } from "#proto/google/protobuf/any";
import { KEY_TYPES } from "../../../app/runtime/pubKey.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { readSmallFile } from "../../shared/smallFile.ts";
import { infoOf, type KeyFile, type KeyInfo, parseKeyFile } from "./keyFile.ts";
import { type DocumentSigner, derivationPath, derivePrivateKey, documentSigner, noPhrase, publicKeyOfPrivate } from "./privateKey.ts";
import { addressOfPublicKey, publicKeyOf, secp256k1Any } from "./publicKey.ts";
import { openSealed, type Sealed, seal } from "./seal.ts";

/** Where secrets are kept: `file` encrypts each with a passphrase, `test` keeps them in the clear for local chains. */
export type KeyringBackend = "file" | "test";

/** The keys of one home. */
export interface Keyring {
  list(): readonly KeyInfo[];
  /** @throws CliError when there is no such key */
  show(name: string): KeyInfo;
  /** Adds account `index` of a recovery phrase. @throws CliError when the name is taken or the phrase is none */
  add(name: string, mnemonic: string, passphrase: string, index?: number): Promise<KeyInfo>;
  /** Adds a private key of 32 bytes. @throws CliError when the name is taken */
  addPrivateKey(name: string, privateKey: Uint8Array, passphrase: string): KeyInfo;
  /** Adds a key that others sign with: a single one, or a multisig key. @throws CliError when the name is taken */
  addPublic(name: string, key: Any): KeyInfo;
  /** The recovery phrase. @throws CliError on a wrong passphrase, or when the key has none */
  phrase(name: string, passphrase: string): string;
  /** The private key, 32 bytes. @throws CliError on a wrong passphrase, or when it is not here */
  privateKey(name: string, passphrase: string): Promise<Uint8Array>;
  /** Opens a key for signing, once for any number of documents. @throws CliError on a wrong passphrase, or when it is not here */
  signer(name: string, passphrase: string): Promise<DocumentSigner>;
  rename(name: string, to: string): KeyInfo;
  delete(name: string): void;
}

/** Opens the keyring of a home; nothing is written before the first key is added. */
export function openKeyring(home: string, backend: KeyringBackend): Keyring {
  const folder = new KeyFolder(join(home, `keyring-${backend}`), backend);
  const protect = (kind: "mnemonic" | "privateKey", secret: string, passphrase: string): Partial<KeyFile> =>
    backend === "test" ? { [kind]: secret } : { sealed: seal(secret, passphrase) };
  const phrase = (name: string, passphrase: string): string => {
    const file = folder.readSecret(name);
    if (file.path === "") throw new CliError(`key "${name}" has no recovery phrase`, { why: whyNoPhrase(file) });
    return file.mnemonic ?? openSealed(requireSealed(file), passphrase, name);
  };
  const privateKey = async (name: string, passphrase: string): Promise<Uint8Array> => {
    const file = folder.readSecret(name);
    if (file.type !== "local") throw new CliError(`key "${name}" cannot sign`, { why: whyNoPhrase(file), next: "hanzod tx sign --help" });
    if (file.path !== "") return derivePrivateKey(phrase(name, passphrase), file.path);
    return new Uint8Array(Buffer.from(file.privateKey ?? openSealed(requireSealed(file), passphrase, name), "hex"));
  };
  return {
    list: () => folder.names().map((name) => onThisChain(infoOf(folder.read(name)))),
    show: (name) => onThisChain(infoOf(folder.read(name))),
    async add(name, mnemonic, passphrase, index = 0) {
      folder.requireFree(name);
      const path = derivationPath(index);
      const info = localInfo(name, path, await derivePrivateKey(mnemonic, path));
      return folder.write({ ...info, version: 1, ...protect("mnemonic", mnemonic, passphrase) });
    },
    addPrivateKey(name, secret, passphrase) {
      folder.requireFree(name);
      return folder.write({
        ...localInfo(name, "", secret),
        version: 1,
        ...protect("privateKey", Buffer.from(secret).toString("hex"), passphrase),
      });
    },
    addPublic(name, key) {
      folder.requireFree(name);
      const multi = key.typeUrl === KEY_TYPES.multisig;
      // Of a single key the message has one field: tag and length, then the 33 bytes.
      const bytes = multi ? key.value : key.value.subarray(2);
      const publicKey = Buffer.from(bytes).toString("hex");
      const info: KeyInfo = { name, type: multi ? "multi" : "offline", address: addressOfPublicKey(key), publicKey, path: "" };
      return folder.write({ ...info, version: 1 });
    },
    phrase,
    privateKey,
    signer: async (name, passphrase) => documentSigner(await privateKey(name, passphrase)),
    rename(name, to) {
      const file = folder.read(name);
      folder.requireFree(to);
      const info = folder.write({ ...file, name: to });
      folder.remove(name);
      return info;
    },
    delete(name) {
      folder.read(name);
      folder.remove(name);
    },
  };
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The folder with one file per key. */
class KeyFolder {
  readonly #path: string;
  readonly #backend: KeyringBackend;

  constructor(path: string, backend: KeyringBackend) {
    this.#path = path;
    this.#backend = backend;
  }

  names(): string[] {
    if (!existsSync(this.#path)) return [];
    return readdirSync(this.#path)
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -".json".length))
      .sort();
  }

  read(name: string): KeyFile {
    requireName(name);
    const path = this.#fileOf(name);
    if (!existsSync(path)) {
      throw new CliError(`there is no key "${name}"`, {
        why: `${this.#path} has: ${this.names().join(", ") || "no keys"}`,
        next: `hanzod keys add ${name} --keyring-backend ${this.#backend}`,
      });
    }
    try {
      return parseKeyFile(readSmallFile(path), path);
    } catch (cause) {
      if (cause instanceof CliError) throw cause;
      throw new CliError(`${path} is not a key file`, { why: reasonOf(cause), cause });
    }
  }

  /** Reads a key to use its secret. @throws CliError also when others can read it */
  readSecret(name: string): KeyFile {
    const file = this.read(name);
    const path = this.#fileOf(name);
    const mode = statSync(path).mode & 0o777;
    if (file.type === "local" && (mode & 0o077) !== 0)
      throw new CliError(`${path} is open to others (mode ${mode.toString(8)})`, {
        why: "whoever can read or change it has the key",
        next: `chmod 600 ${path}`,
      });
    return file;
  }

  requireFree(name: string): void {
    requireName(name);
    if (existsSync(this.#fileOf(name)))
      throw new CliError(`a key "${name}" exists already`, {
        why: `${this.#fileOf(name)} is there`,
        next: "choose another name; hanzod keys list shows those taken",
      });
  }

  /** Writes a key in one step, so that a crash leaves it whole or not at all. */
  write(file: KeyFile): KeyInfo {
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
    const draft = `${this.#fileOf(file.name)}.${process.pid}.tmp`;
    writeFileSync(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, this.#fileOf(file.name));
    return infoOf(file);
  }

  remove(name: string): void {
    rmSync(this.#fileOf(name));
  }

  #fileOf(name: string): string {
    return join(this.#path, `${name}.json`);
  }
}

/** The key with its address as the command's chain writes it: a key may be older than the home's chain. @throws CliError when its public key is none */
function onThisChain(info: KeyInfo): KeyInfo {
  try {
    return { ...info, address: addressOfPublicKey(publicKeyOf(info)) };
  } catch (cause) {
    throw new CliError(`the public key of "${info.name}" is none`, {
      why: reasonOf(cause),
      next: `hanzod keys delete ${info.name}, and add it again`,
      cause,
    });
  }
}

function localInfo(name: string, path: string, privateKey: Uint8Array): KeyInfo {
  const bytes = publicKeyOfPrivate(privateKey);
  return {
    name,
    type: "local",
    address: addressOfPublicKey(secp256k1Any(bytes)),
    publicKey: Buffer.from(bytes).toString("hex"),
    path,
  };
}

/** A cosmjs wallet of a recovery phrase at {@link derivationPath}. @throws CliError when the phrase is not one */
export async function walletOf(mnemonic: string, prefix: string, index = 0): Promise<DirectSecp256k1HdWallet> {
  try {
    return await DirectSecp256k1HdWallet.fromMnemonic(mnemonic.trim(), { prefix, hdPaths: [stringToPath(derivationPath(index))] });
  } catch (cause) {
    throw noPhrase(cause);
  }
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

function whyNoPhrase({ type }: KeyFile): string {
  switch (type) {
    case "multi":
      return "it is a multisig key: its members sign, and hanzod tx multisign puts their signatures together";
    case "offline":
      return "only its public key is here";
    case "local":
      return "it was imported as a private key";
  }
}
