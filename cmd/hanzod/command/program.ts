import { Command } from "commander";
import { hanzoVersion } from "../../../app/hanzo.ts";
import { VALUES_COMMAND } from "../completion/completionScript.ts";
import { speakOf } from "../config/commandChain.ts";
import { type CommonOptions, homeOf } from "./options.ts";

/** Loads a command. @param program the whole tree */
type LoadCommand = (program: Command) => Promise<Command>;

/** Every command by its name, in the order of the help. A command's code is loaded when it is called: most of it is for others. */
const COMMANDS: ReadonlyMap<string, LoadCommand> = new Map<string, LoadCommand>([
  ["init", async () => (await import("./init.ts")).initCommand()],
  ["start", async () => (await import("./start.ts")).startCommand()],
  ["dev", async () => (await import("./dev.ts")).devCommand()],
  ["localnet", async () => (await import("./localnet.ts")).localnetCommand()],
  ["demo", async () => (await import("./demo.ts")).demoCommand()],
  ["testnet", async () => (await import("./testnet.ts")).testnetCommand()],
  ["config", async () => (await import("./config.ts")).configCommand()],
  ["doctor", async () => (await import("./doctor.ts")).doctorCommand()],
  ["genesis", async () => (await import("./genesis.ts")).genesisCommand()],
  ["export", async () => (await import("./export.ts")).exportCommand()],
  ["snapshots", async () => (await import("./snapshots.ts")).snapshotsCommand()],
  ["statesync", async () => (await import("./statesync.ts")).statesyncCommand()],
  ["comet", async () => (await import("./comet.ts")).cometCommand()],
  ["keys", async () => (await import("./keys.ts")).keysCommand()],
  ["tx", async () => (await import("./tx.ts")).txCommand()],
  ["query", async () => (await import("./query.ts")).queryCommand()],
  ["hmm", async () => (await import("./hmm.ts")).hmmCommand()],
  ["experience", async () => (await import("./experience.ts")).experienceCommand()],
  ["status", async () => (await import("./status.ts")).statusCommand()],
  ["chain-info", async () => (await import("./chainInfo.ts")).chainInfoCommand()],
  ["selftest", async () => (await import("./selftest.ts")).selftestCommand()],
  ["sim", async () => (await import("./sim.ts")).simCommand()],
  ["version", async () => (await import("./version.ts")).versionCommand()],
  ["completion", async (program) => (await import("./completion.ts")).completionCommand(program)],
]);

/** What completion scripts call; not for people, so not in the help. */
const HIDDEN: ReadonlyMap<string, LoadCommand> = new Map<string, LoadCommand>([
  [VALUES_COMMAND, async () => (await import("./completion.ts")).completionValuesCommand()],
]);

/** Other names of commands. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["q", "query"],
  ["cometbft", "comet"],
  ["tendermint", "comet"],
]);

/** Commands that read the whole tree. */
const READERS: ReadonlySet<string> = new Set(["completion", "help"]);

/**
 * The program with the command that the words name; with all of them when they name none (help, mistakes) or one that reads the others.
 * @param words of the command line, SDK spellings translated; left out, all commands are loaded
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command("hanzod")
    .description("Node and wallet of the Hanzo Network.")
    .version(hanzoVersion.version, "--version", "print the version of this build")
    .addHelpText(
      "after",
      "\nFirst steps:\n  hanzod init --local      make a local chain\n  hanzod start             run it\n  hanzod hmm pools         look at the market",
    );
  program.hook("preAction", (_program, command) => speakOf(homeOf(command.opts<CommonOptions>())));
  const [word = ""] = words;
  const name = ALIASES.get(word) ?? word;
  const only = READERS.has(name) ? undefined : (COMMANDS.get(name) ?? HIDDEN.get(name));
  if (only !== undefined) return program.addCommand(await only(program), { hidden: HIDDEN.has(name) });
  for (const load of COMMANDS.values()) program.addCommand(await load(program));
  for (const load of HIDDEN.values()) program.addCommand(await load(program), { hidden: true });
  return program;
}
