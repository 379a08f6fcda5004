import { Command } from "commander";
import { CliError } from "../../shared/cliError.ts";
import { chainOfHome } from "../config/chainOf.ts";
import { addGenesisAccount } from "../genesis/addAccount.ts";
import { type GenTxDocument, genTxProblems } from "../genesis/genTxProblems.ts";
import { type VestingOptions, vestingAccount } from "../genesis/vestingAccount.ts";
import { parseCoinsText } from "../request/coinsText.ts";
import { findSender } from "../tx/sender.ts";
import { parseWholeNumber } from "../tx/txOptions.ts";
import { collectCommand } from "./genesisCollect.ts";
import { genesisText, readGenesis, requireNotBegun, requireStillValid, requireValid, writeGenesis } from "./genesisFile.ts";
import { genTxCommand } from "./genesisGenTx.ts";
import { type KeyringOptions, keyringOf, withKeyringOptions } from "./keyringOptions.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

/** `hanzod genesis`: the file that a chain begins with. */
export function genesisCommand(): Command {
  return new Command("genesis")
    .description("check and change the file that a chain begins with (config/genesis.json)")
    .addCommand(validateCommand())
    .addCommand(addAccountCommand())
    .addCommand(genTxCommand())
    .addCommand(collectCommand());
}

function validateCommand(): Command {
  return withCommonOptions(new Command("validate").alias("validate-genesis"))
    .description("check a genesis file as a first start does: every mistake with its line, exit 78 when there is one")
    .argument("[file]", "default: the home's")
    .option("--draft", "the file may still be without validators: their transactions are collected later")
    .action(async (file: string | undefined, options: CommonOptions & { readonly draft?: boolean }) => {
      const path = file ?? homeOf(options).config.genesis;
      const text = await readGenesis(path);
      const rules = { draft: options.draft === true, chain: chainOfHome(homeOf(options)) };
      await requireValid(path, text, outputOf(options), rules);
      const warnings = genTxProblems(JSON.parse(text) as GenTxDocument).map(({ detail }) => detail);
      outputOf(options).result(
        { path, valid: true, problems: [], warnings },
        [
          ...warnings.map((warning) => `warning: ${warning}`),
          `${path} is valid: every module's checks, the validators' transactions, the supply and all invariants hold`,
          ...(file === undefined ? [`  next: hanzod start --home ${homeOf(options).root}`] : []),
        ].join("\n"),
      );
    });
}

const SUPPLY_ADVICE = "leave out coins whose supply a module answers for, such as credit and resources of the market";

type AddOptions = KeyringOptions & VestingOptions & { readonly append?: boolean };

function addAccountCommand(): Command {
  return withKeyringOptions(new Command("add-account").alias("add-genesis-account"))
    .description("add an account with coins to the genesis file of a chain that has not begun")
    .argument("<account>", "address, or name of a key")
    .argument("<coins>", "such as 1000000aai, several separated by commas")
    .option("--append", "add the coins to an account that is there already")
    .option("--vesting-amount <coins>", "part of the coins that is locked at first")
    .option("--vesting-start-time <seconds>", "Unix time from which on it becomes free evenly (default: all at the end)", parseWholeNumber)
    .option("--vesting-end-time <seconds>", "Unix time at which all of it is free", parseWholeNumber)
    .option("--vesting-periods <file>", 'locked by periods: JSON with "start_time" and "periods" of "coins" and "length_seconds"')
    .action(async (name: string, text: string, options: AddOptions) => {
      const home = homeOf(options);
      requireNotBegun(home);
      const path = home.config.genesis;
      const { address } = findSender(keyringOf(options), name);
      const coins = parseCoinsText(text);
      if (coins.length === 0)
        throw new CliError("an account without coins", { why: "at least one amount is expected, such as 1000000aai" });
      const before = await readGenesis(path);
      await requireValid(path, before, outputOf(options), { draft: true, chain: chainOfHome(home) });
      const document = JSON.parse(before) as object;
      const vesting = vestingAccount(address, coins, options);
      addGenesisAccount(document, { address, coins, append: options.append === true, ...(vesting === undefined ? {} : { vesting }) });
      const changed = genesisText(document);
      await requireStillValid(changed, "these coins", SUPPLY_ADVICE, { draft: true, chain: chainOfHome(home) });
      await writeGenesis(path, changed);
      const next = `  next: hanzod genesis validate --draft --home ${home.root}`;
      outputOf(options).result(
        { address, coins, path },
        vesting === undefined
          ? `${address} has ${text} more in ${path}\n${next}`
          : `${address} has ${text} in ${path}, a part of it locked at first\n${next}`,
      );
    });
}
