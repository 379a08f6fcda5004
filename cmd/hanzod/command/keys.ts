import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { CliError } from "../../shared/cliError.ts";
import { formatTable } from "../../shared/output.ts";
import { commandChain } from "../config/commandChain.ts";
import { parseAddressText } from "../keyring/addressText.ts";
import { armorPrivateKey, isArmored, openArmor } from "../keyring/armor.ts";
import type { KeyInfo } from "../keyring/keyFile.ts";
import { newPhrase } from "../keyring/privateKey.ts";
import { multisigKey, parsePublicKey, publicKeyJson, publicKeyOf } from "../keyring/publicKey.ts";
import { confirm } from "./confirm.ts";
import { exportPassphrase, type KeyringOptions, keyringOf, passphraseOf, withKeyringOptions } from "./keyringOptions.ts";
import { type CommonOptions, outputOf, parseCount, withCommonOptions } from "./options.ts";

/** What names a key, for help texts. */
const KEY = "name of the key; hanzod keys list shows them";

/** `hanzod keys …`. */
export function keysCommand(): Command {
  const keys = new Command("keys").description("keys of accounts: add, import, list, show, rename, export, delete");
  const commands = [addCommand(), importCommand(), listCommand(), showCommand(), renameCommand(), exportCommand(), deleteCommand()];
  for (const command of [...commands, mnemonicCommand(), parseCommand()]) keys.addCommand(command);
  return keys;
}

type IndexOption = KeyringOptions & { readonly index: number };

function withIndex(command: Command): Command {
  return withKeyringOptions(command).option("--index <n>", "account at m/44'/118'/0'/0/n", parseIndex, 0);
}

type AddOptions = IndexOption & {
  readonly recover?: boolean;
  readonly pubkey?: string;
  readonly multisig?: string;
  readonly multisigThreshold: number;
  readonly nosort?: boolean;
};

function addCommand(): Command {
  return withIndex(new Command("add").argument("<name>", "what the key is called in this keyring"))
    .description("make a key, whose recovery phrase is printed once; or add one that others sign with")
    .option("--recover", "read the recovery phrase from standard input instead of making one")
    .option("--pubkey <json>", "public key of somebody else, as hanzod keys show NAME --pubkey prints it")
    .option("--multisig <keys>", "several keys that sign together: names, separated by commas")
    .option("--multisig-threshold <n>", "how many of them must sign", parseCount, 1)
    .option("--nosort", "keep the members in the given order (default: by address)")
    .action(async (name: string, options: AddOptions) => {
      if ([options.recover, options.pubkey, options.multisig].filter((given) => given !== undefined).length > 1)
        throw new CliError("--recover, --pubkey and --multisig exclude each other", { next: "give one of them" });
      const keyring = keyringOf(options);
      if (options.pubkey !== undefined) return reportAdded(options, keyring.addPublic(name, parsePublicKey(options.pubkey).any));
      if (options.multisig !== undefined) {
        const members = options.multisig.split(",").map((member) => keyring.show(member.trim()));
        const key = multisigKey(members, options.multisigThreshold, options.nosort !== true);
        return reportAdded(options, keyring.addPublic(name, key));
      }
      const made = options.recover === true ? undefined : newPhrase();
      const key = await keyring.add(name, made ?? readFileSync(0, "utf8").trim(), passphraseOf(options), options.index);
      return reportAdded(options, key, made);
    });
}

function importCommand(): Command {
  return withIndex(
    new Command("import")
      .argument("<name>", "what the key is called in this keyring")
      .argument("[file]", "file with recovery phrase or armoured private key (default: standard input)"),
  )
    .description("add a key from its recovery phrase, or from what keys export printed")
    .action(async (name: string, file: string | undefined, options: IndexOption) => {
      const text = readFileSync(file ?? 0, "utf8").trim();
      const keyring = keyringOf(options);
      const key = isArmored(text)
        ? keyring.addPrivateKey(name, openArmor(text, exportPassphrase(options)), passphraseOf(options))
        : await keyring.add(name, text, passphraseOf(options), options.index);
      reportAdded(options, key);
    });
}

function listCommand(): Command {
  return withKeyringOptions(new Command("list"))
    .description("all keys of the home")
    .action((options: KeyringOptions) => {
      const list = keyringOf(options).list();
      const rows = list.map((key) => [key.name, key.type, key.address, key.path]);
      outputOf(options).result(
        list,
        rows.length === 0 ? "no keys yet\n  next: hanzod keys add NAME" : formatTable(["NAME", "TYPE", "ADDRESS", "PATH"], rows),
      );
    });
}

function showCommand(): Command {
  return withKeyringOptions(new Command("show").argument("<name>", KEY))
    .description("address and public key")
    .option("-a, --address", "only the address")
    .option("-p, --pubkey", "only the public key, as other tools take it")
    .action((name: string, options: KeyringOptions & { readonly address?: boolean; readonly pubkey?: boolean }) => {
      const key = keyringOf(options).show(name);
      const shown = publicKeyJson(publicKeyOf(key));
      if (options.pubkey === true) process.stdout.write(`${JSON.stringify(shown)}\n`);
      else outputOf(options).result(key, options.address === true ? key.address : describeKey(key));
    });
}

function describeKey({ name, type, address, publicKey, path }: KeyInfo): string {
  const lines = [`name        ${name}`, `type        ${type}`, `address     ${address}`, `public key  ${publicKey}`];
  return [...lines, ...(path === "" ? [] : [`path        ${path}`])].join("\n");
}

function renameCommand(): Command {
  return withKeyringOptions(new Command("rename").argument("<name>", KEY).argument("<new-name>", "what it is called from now on"))
    .description("give a key another name")
    .action((name: string, to: string, options: KeyringOptions) => {
      const key = keyringOf(options).rename(name, to);
      outputOf(options).result(key, `renamed ${name} to ${to}`);
    });
}

type ExportOptions = KeyringOptions & { readonly phrase?: boolean; readonly unarmoredHex?: boolean; readonly unsafe?: boolean };

function exportCommand(): Command {
  return withKeyringOptions(new Command("export").argument("<name>", KEY))
    .description("print the private key, sealed with the passphrase, as other Cosmos tools import it")
    .option("--phrase", "print the recovery phrase instead: whoever reads it owns the account")
    .option("--unarmored-hex", "print the bare private key instead; needs --unsafe")
    .option("--unsafe", "confirm that a bare key is wanted")
    .action(async (name: string, options: ExportOptions) => {
      const keyring = keyringOf(options);
      const output = outputOf(options);
      if (options.phrase === true) {
        const mnemonic = keyring.phrase(name, passphraseOf(options));
        output.result({ name, mnemonic }, mnemonic);
        return;
      }
      if (options.unarmoredHex === true && options.unsafe !== true)
        throw new CliError("a bare private key is not printed without --unsafe", {
          why: "whoever reads it owns the account",
          next: "leave --unarmored-hex out for a key under the passphrase, or add --unsafe",
        });
      const privateKey = await keyring.privateKey(name, passphraseOf(options));
      if (options.unarmoredHex === true) {
        const hex = Buffer.from(privateKey).toString("hex");
        output.result({ name, privateKey: hex }, hex);
        return;
      }
      const armored = armorPrivateKey(privateKey, exportPassphrase(options));
      output.result({ name, armored }, armored);
    });
}

function deleteCommand(): Command {
  return withKeyringOptions(new Command("delete").argument("<name>", KEY))
    .description("remove a key; without its recovery phrase the account is lost")
    .option("-y, --yes", "do not ask")
    .action(async (name: string, options: KeyringOptions & { readonly yes?: boolean }) => {
      const keyring = keyringOf(options);
      const { address } = keyring.show(name);
      if (options.yes !== true) await confirm(`delete key ${name} of ${address}`);
      keyring.delete(name);
      outputOf(options).result({ deleted: name }, `deleted ${name}`);
    });
}

function mnemonicCommand(): Command {
  return withCommonOptions(new Command("mnemonic"))
    .description("print a new recovery phrase of 24 words; nothing is kept")
    .action((options: CommonOptions) => {
      const mnemonic = newPhrase();
      outputOf(options).result({ mnemonic }, mnemonic);
    });
}

function parseCommand(): Command {
  return withCommonOptions(new Command("parse").argument("<address>", "bech32 or hexadecimal"))
    .description("show an address in every form: hexadecimal, account, operator and consensus address")
    .action((text: string, options: CommonOptions) => {
      const forms = parseAddressText(text, commandChain().bech32Prefix);
      outputOf(options).result(forms, [`hex        ${forms.hex}`, ...forms.addresses.map((address) => `address    ${address}`)].join("\n"));
    });
}

function reportAdded(options: KeyringOptions, key: KeyInfo, mnemonic?: string): void {
  const lines = [
    `added ${key.name}: ${key.address}`,
    ...(mnemonic === undefined ? [] : ["", "recovery phrase, shown only now:", mnemonic]),
  ];
  outputOf(options).result({ ...key, ...(mnemonic === undefined ? {} : { mnemonic }) }, lines.join("\n"));
}

function parseIndex(text: string): number {
  const index = Number(text);
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 31)
    throw new InvalidArgumentError("a whole number from 0 to 2147483647 is expected");
  return index;
}
