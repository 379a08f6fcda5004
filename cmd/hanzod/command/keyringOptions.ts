import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { type Keyring, type KeyringBackend, openKeyring } from "../keyring/keyring.ts";
import { type CommonOptions, homeOf, withCommonOptions } from "./options.ts";

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

/** The keyring that the options name. */
export function keyringOf(options: KeyringOptions): Keyring {
  return openKeyring(homeOf(options).root, options.keyringBackend);
}

/** The passphrase of a `file` keyring; empty for `test`. @throws CliError when there is none */
export function passphraseOf(options: KeyringOptions): string {
  return options.keyringBackend === "test" ? "" : requiredPassphrase(options, "the keyring needs a passphrase");
}

/** The passphrase that seals an exported key, whatever the backend. @throws CliError when there is none */
export function exportPassphrase(options: KeyringOptions): string {
  return requiredPassphrase(options, "an exported key needs a passphrase");
}

function requiredPassphrase({ passphraseFile }: KeyringOptions, what: string): string {
  const passphrase = passphraseFile === undefined ? process.env["HANZOD_PASSPHRASE"] : readFirstLine(passphraseFile);
  if (passphrase !== undefined && passphrase !== "") return passphrase;
  throw new CliError(what, {
    why: "neither --passphrase-file nor HANZOD_PASSPHRASE is given",
    next: "HANZOD_PASSPHRASE=… hanzod …, or --keyring-backend test for a local chain",
  });
}

function readFirstLine(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").split("\n")[0];
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), cause });
  }
}

function parseBackend(text: string): KeyringBackend {
  if (text !== "file" && text !== "test") throw new InvalidArgumentError(`file or test is expected, got ${text}`);
  return text;
}
