import { readFileSync } from "node:fs";
import { Bip39, Random } from "@cosmjs/crypto";
import { Command, InvalidArgumentError } from "commander";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { formatTable } from "../../shared/output.ts";
import { type Keyring, type KeyringBackend, openKeyring } from "../keyring/keyring.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

/** Options that name a keyring. */
export interface KeyringOptions extends CommonOptions {
  readonly keyringBackend: KeyringBackend;
  readonly passphraseFile?: string;
}

/** Adds `--home`, `--json`, `--keyring-backend` and `--passphrase-file`. */
export function withKeyringOptions(command: Command): Command {
  return withCommonOptions(command)
    .option("--keyring-backend <kind>", "file (encrypted) or test (in the clear, for local chains)", parseBackend, "file")
    .option("--passphrase-file <file>", "file whose first line opens the keyring (default: $HANZOD_PASSPHRASE)");
}

/** `hanzod keys …`. */
export function keysCommand(): Command {
  const keys = new Command("keys").description("keys of accounts: add, import, list, show, export, delete");
  for (const command of [addCommand(), importCommand(), listCommand(), showCommand(), exportCommand(), deleteCommand()])
    keys.addCommand(command);
  return keys;
}

type IndexOption = KeyringOptions & { readonly index: number };

function withIndex(command: Command): Command {
  return withKeyringOptions(command).option("--index <n>", "account at m/44'/118'/0'/0/n", parseIndex, 0);
}

function addCommand(): Command {
  return withIndex(new Command("add").argument("<name>"))
    .description("make a key; its recovery phrase is printed once")
    .action((name: string, options: IndexOption) => addKey(name, options, Bip39.encode(Random.getBytes(32)).toString(), true));
}

function importCommand(): Command {
  return withIndex(new Command("import").argument("<name>").argument("[file]", "file with the recovery phrase (default: standard input)"))
    .description("add a key from its recovery phrase")
    .action((name: string, file: string | undefined, options: IndexOption) =>
      addKey(name, options, readFileSync(file ?? 0, "utf8"), false),
    );
}

function listCommand(): Command {
  return withKeyringOptions(new Command("list"))
    .description("all keys of the home")
    .action((options: KeyringOptions) => {
      const list = keyringOf(options).list();
      const rows = list.map((key) => [key.name, key.address, key.path]);
      outputOf(options).result(
        list,
        rows.length === 0 ? "no keys yet\n  next: hanzod keys add NAME" : formatTable(["NAME", "ADDRESS", "PATH"], rows),
      );
    });
}

function showCommand(): Command {
  return withKeyringOptions(new Command("show").argument("<name>"))
    .description("address and public key")
    .option("--address", "only the address")
    .action((name: string, options: KeyringOptions & { address?: boolean }) => {
      const key = keyringOf(options).show(name);
      const all = `name        ${key.name}\naddress     ${key.address}\npublic key  ${key.publicKey}\npath        ${key.path}`;
      outputOf(options).result(key, options.address === true ? key.address : all);
    });
}

function exportCommand(): Command {
  return withKeyringOptions(new Command("export").argument("<name>"))
    .description("print the recovery phrase: whoever reads it owns the account")
    .action((name: string, options: KeyringOptions) => {
      const mnemonic = keyringOf(options).export(name, passphraseOf(options));
      outputOf(options).result({ name, mnemonic }, mnemonic);
    });
}

function deleteCommand(): Command {
  return withKeyringOptions(new Command("delete").argument("<name>"))
    .description("remove a key; without its recovery phrase the account is lost")
    .action((name: string, options: KeyringOptions) => {
      keyringOf(options).delete(name);
      outputOf(options).result({ deleted: name }, `deleted ${name}`);
    });
}

/** The keyring that the options name. */
export function keyringOf(options: KeyringOptions): Keyring {
  return openKeyring(homeOf(options).root, options.keyringBackend, CHAIN.bech32Prefix);
}

/** The passphrase of a `file` keyring; empty for `test`. @throws CliError when there is none */
export function passphraseOf(options: KeyringOptions): string {
  if (options.keyringBackend === "test") return "";
  const passphrase =
    options.passphraseFile === undefined ? process.env["HANZOD_PASSPHRASE"] : readFileSync(options.passphraseFile, "utf8").split("\n")[0];
  if (passphrase === undefined || passphrase === "") {
    throw new CliError("the keyring needs a passphrase", {
      why: "neither --passphrase-file nor HANZOD_PASSPHRASE is given",
      next: "HANZOD_PASSPHRASE=… hanzod …, or --keyring-backend test for a local chain",
    });
  }
  return passphrase;
}

async function addKey(name: string, options: KeyringOptions & { index: number }, mnemonic: string, reveal: boolean): Promise<void> {
  const key = await keyringOf(options).add(name, mnemonic, passphraseOf(options), options.index);
  const secret = reveal ? { mnemonic } : {};
  const lines = [`added ${key.name}: ${key.address}`, ...(reveal ? ["", "recovery phrase, shown only now:", mnemonic] : [])];
  outputOf(options).result({ ...key, ...secret }, lines.join("\n"));
}

function parseBackend(text: string): KeyringBackend {
  if (text !== "file" && text !== "test") throw new InvalidArgumentError(`file or test is expected, got ${text}`);
  return text;
}

function parseIndex(text: string): number {
  const index = Number(text);
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 31)
    throw new InvalidArgumentError("a whole number from 0 to 2147483647 is expected");
  return index;
}
