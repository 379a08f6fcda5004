import { spawn } from "node:child_process";
import { Command } from "commander";
import { encodeBech32 } from "../../../app/encoding/bech32.ts";
import { CliError } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";
import { consensusKeyJson } from "../genesis/validatorTerms.ts";
import type { CometBuild } from "../node/cometBuild.ts";
import { cometEnvironment, readCometIdentity } from "../node/cometConfig.ts";
import { createConsensusKeyFile } from "../node/consensusKeyFile.ts";
import { type Home, requireHome } from "../node/home.ts";
import { acquireLock } from "../node/lock.ts";
import { chosenCometBuild, cometBinary } from "./cometBinary.ts";
import { bootstrapStateCommand } from "./cometBootstrap.ts";
import { confirm } from "./confirm.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

interface PassedCommand {
  readonly name: string;
  readonly description: string;
  /** What is lost, asked before. */
  readonly destroys?: string;
}

/** Commands of CometBFT that are of use with a node whose application is this program. */
const PASSED: readonly PassedCommand[] = [
  { name: "show-node-id", description: "id of the node among its peers" },
  { name: "inspect", description: "serve the RPC on the data of a stopped node, without running it" },
  { name: "reindex-event", description: "write the index of transactions and blocks of a stopped node anew" },
  {
    name: "reset-state",
    description: "remove CometBFT's blocks and state; the application's store stays",
    destroys: "remove all blocks",
  },
  {
    name: "unsafe-reset-all",
    description: "remove the whole data folder, and what the validator remembers having signed",
    destroys: "remove all data, also the record of what this validator has signed (it may then sign twice and be slashed)",
  },
];

/** `hanzod comet …`: CometBFT's own commands on the node's home. */
export function cometCommand(): Command {
  const comet = new Command("comet")
    .aliases(["cometbft", "tendermint"])
    .description("commands of CometBFT on the node's home; what they do not know here is passed on to it");
  for (const passed of PASSED) comet.addCommand(passedCommand(passed));
  return comet
    .addCommand(bootstrapStateCommand(runComet))
    .addCommand(showValidatorCommand())
    .addCommand(showAddressCommand())
    .addCommand(genValidatorCommand())
    .addCommand(versionCommand());
}

function passedCommand({ name, description, destroys }: PassedCommand): Command {
  const command = new Command(name)
    .description(description)
    .option("--home <dir>", "the node's folder (default: $HANZO_HOME, else ~/.hanzod)")
    .argument("[options...]", "further options of CometBFT's command")
    .allowUnknownOption();
  if (destroys !== undefined) command.option("-y, --yes", "do not ask");
  return command.action(async (words: readonly string[], options: CommonOptions & { readonly yes?: boolean }) => {
    const home = homeOf(options);
    await requireHome(home);
    if (destroys !== undefined && options.yes !== true) await confirm(`${home.root}: ${destroys}`);
    // What writes to the data must not do so beside a running node.
    const lock = name === "show-node-id" ? undefined : await acquireLock(home.run.lock);
    try {
      await runComet(home, name, words);
    } finally {
      await lock?.release();
    }
  });
}

async function runComet(home: Home, name: string, words: readonly string[], build?: CometBuild): Promise<void> {
  const binary = await cometBinary(build ?? chosenCometBuild());
  const child = spawn(binary, [name, ...words, "--home", home.root], { stdio: "inherit", env: cometEnvironment(process.env) });
  // Ctrl-C reaches both: CometBFT ends in order, and this process after it.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGINT", forward).on("SIGTERM", forward);
  const code = await new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("exit", (exit, signal) => done(exit ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
  });
  if (code !== 0) throw new CliError(`cometbft ${name} ended with code ${code}`, { why: "see what it said above", exitCode: code });
}

function showValidatorCommand(): Command {
  return withCommonOptions(new Command("show-validator"))
    .description("public key of the validator, as messages name it")
    .action(async (options: CommonOptions) => {
      const { validatorPublicKey } = await readCometIdentity(homeOf(options));
      process.stdout.write(`${JSON.stringify(consensusKeyJson(validatorPublicKey))}\n`);
    });
}

function genValidatorCommand(): Command {
  return withCommonOptions(new Command("gen-validator"))
    .description("make a key that signs blocks, in a file beside the node's own, and print its public part")
    .argument("[file]", "where to write it (default: config/priv_validator_key.new.json of the node)")
    .action((file: string | undefined, options: CommonOptions) => {
      const path = file ?? `${homeOf(options).config.privValidatorKey.replace(/\.json$/, "")}.new.json`;
      const key = consensusKeyJson(createConsensusKeyFile(path));
      const text = `${JSON.stringify(key)}\nwritten to ${path}; to sign with it: hanzod tx staking rotate-cons-pub-key ${path} --from OPERATOR`;
      outputOf(options).result({ file: path, pubkey: key }, text);
    });
}

function showAddressCommand(): Command {
  return withCommonOptions(new Command("show-address"))
    .description("consensus address of the validator")
    .action(async (options: CommonOptions) => {
      const { validatorAddress } = await readCometIdentity(homeOf(options));
      const address = encodeBech32(`${commandChain().bech32Prefix}valcons`, validatorAddress);
      outputOf(options).result({ address, hex: Buffer.from(validatorAddress).toString("hex").toUpperCase() }, address);
    });
}

function versionCommand(): Command {
  return new Command("version").description("version of CometBFT").action(async () => {
    const child = spawn(await cometBinary(), ["version"], { stdio: "inherit" });
    await new Promise((done) => child.once("exit", done));
  });
}
