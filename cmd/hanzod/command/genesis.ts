import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { Output } from "../../shared/output.ts";
import { addGenesisAccount } from "../genesis/addAccount.ts";
import { findGenesisProblems } from "../genesis/findGenesisProblems.ts";
import { formatGenesisProblem } from "../genesis/requireValidGenesis.ts";
import type { Home } from "../node/home.ts";
import { EXIT } from "../node/nodeError.ts";
import { parseCoinsText } from "../request/coinsText.ts";
import { findSender } from "../tx/sender.ts";
import { type KeyringOptions, keyringOf, withKeyringOptions } from "./keyringOptions.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

/** `hanzod genesis`: the file that a chain begins with. */
export function genesisCommand(): Command {
  return new Command("genesis")
    .description("check and change the file that a chain begins with (config/genesis.json)")
    .addCommand(validateCommand())
    .addCommand(addAccountCommand());
}

function validateCommand(): Command {
  return withCommonOptions(new Command("validate").alias("validate-genesis"))
    .description("check a genesis file as a first start does: every mistake with its line, exit 78 when there is one")
    .argument("[file]", "default: the home's")
    .action(async (file: string | undefined, options: CommonOptions) => {
      const path = file ?? homeOf(options).config.genesis;
      await requireValid(path, await readGenesis(path), outputOf(options));
      outputOf(options).result(
        { path, valid: true, problems: [] },
        `${path} is valid: every module's checks, the supply and all invariants hold`,
      );
    });
}

type AddOptions = KeyringOptions & { readonly append?: boolean };

function addAccountCommand(): Command {
  return withKeyringOptions(new Command("add-account").alias("add-genesis-account"))
    .description("add an account with coins to the genesis file of a chain that has not begun")
    .argument("<account>", "address, or name of a key")
    .argument("<coins>", "such as 1000000aai, several separated by commas")
    .option("--append", "add the coins to an account that is there already")
    .action(async (name: string, text: string, options: AddOptions) => {
      const home = homeOf(options);
      requireNotBegun(home);
      const path = home.config.genesis;
      const { address } = findSender(keyringOf(options), name);
      const coins = parseCoinsText(text);
      if (coins.length === 0)
        throw new CliError("an account without coins", { why: "at least one amount is expected, such as 1000000aai" });
      const before = await readGenesis(path);
      await requireValid(path, before, outputOf(options));
      const document = JSON.parse(before) as object;
      addGenesisAccount(document, { address, coins, append: options.append === true });
      const changed = `${JSON.stringify(document, null, 2)}\n`;
      await requireStillValid(changed);
      const draft = `${path}.${process.pid}.tmp`;
      await writeFile(draft, changed, { mode: 0o644 });
      await rename(draft, path);
      outputOf(options).result({ address, coins, path }, `${address} has ${text} more in ${path}`);
    });
}

async function readGenesis(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), next: "hanzod init makes a home with one", cause });
  }
}

/** Prints every mistake. @throws CliError (exit code 78) when there is one */
async function requireValid(path: string, text: string, output: Output): Promise<void> {
  const problems = await findGenesisProblems(text);
  if (problems.length === 0) return;
  if (output.json) output.result({ path, valid: false, problems }, "");
  const lines = problems.map((problem) => `${path}:${problem.line}: ${formatGenesisProblem(problem)}`);
  throw new CliError(`${path} has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}`, {
    why: lines.join("\n        "),
    next: "mend the file, then: hanzod genesis validate",
    exitCode: EXIT.config,
  });
}

/** Nothing is written that a first start would refuse. */
async function requireStillValid(changed: string): Promise<void> {
  const problems = await findGenesisProblems(changed);
  if (problems.length > 0)
    throw new CliError("with these coins the genesis file would be wrong; nothing was written", {
      why: problems.map(formatGenesisProblem).join("\n        "),
      next: "leave out coins whose supply a module answers for, such as credit and resources of the market",
    });
}

/** A chain that has begun keeps its genesis: CometBFT has a copy of its own, and other nodes have the file. */
function requireNotBegun(home: Home): void {
  if (existsSync(home.data.app))
    throw new CliError(`the chain of ${home.root} has begun`, {
      why: "its genesis file is fixed from the first start on; a changed one is refused (HZN-GENESIS)",
      next: "send coins with a transaction: hanzod tx bank send",
    });
}
