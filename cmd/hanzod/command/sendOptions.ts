import { type Command, Option } from "commander";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { parseGas, parseGasAdjustment } from "../tx/gas.ts";
import { findSender } from "../tx/sender.ts";
import type { TxScene } from "../tx/sendMessage.ts";
import { parseTimeoutDuration, parseWholeNumber, type TxOptions } from "../tx/txOptions.ts";
import { type KeyringOptions, keyringOf, passphraseOf } from "./keyringOptions.ts";
import { outputOf } from "./options.ts";
import { withSignOptions } from "./signOptions.ts";

/**
 * Simulated gas is exact on the state it saw. Other transactions may come in between and change the lengths of stored numbers or the path
 * of a trade, so a tenth more is bought; `--gas-adjustment 1` buys exactly what was simulated.
 */
const DEFAULT_ADJUSTMENT = "1.1";

/** Options of a command that signs a transaction. */
export type SendOptions = KeyringOptions & NodeOptions & TxOptions & { readonly from: string };

/** Adds the options of a command that makes and signs a transaction. */
export function withTxOptions(command: Command): Command {
  return withSignOptions(command)
    .requiredOption("--from <key>", "key that signs, by name or address")
    .option("--gas <limit>", '"auto" simulates; or a whole number', parseGas, "auto")
    .addOption(
      new Option("--gas-adjustment <factor>", "what simulated gas is multiplied with")
        .argParser(parseGasAdjustment)
        .default(parseGasAdjustment(DEFAULT_ADJUSTMENT), DEFAULT_ADJUSTMENT),
    )
    .option("--fees <coins>", "fee, such as 5000aai (default: gas limit times gas price)")
    .option("--gas-prices <prices>", "price per unit of gas (default: what the node asks for)")
    .option("--fee-payer <key>", "account that pays the fee and signs too, by name or address (default: the sender)")
    .option("--fee-granter <key>", "account whose fee allowance pays, by name or address")
    .option("--note <text>", "note that everybody can read")
    .addOption(new Option("--memo <text>", "the same as --note").hideHelp())
    .option("--timeout-height <n>", "last block that may hold the transaction (default: none)", parseWholeNumber)
    .option("--unordered", "without a sequence, beside other transactions of the account; needs --timeout-duration")
    .option("--timeout-duration <time>", "how long an unordered transaction counts, such as 90s; at most 10m", parseTimeoutDuration)
    .option("--dry-run", "simulate and print the gas; send nothing")
    .option("--generate-only", "write the unsigned transaction; send nothing")
    .option("--wait", "wait until it is in a block and print the result")
    .addOption(new Option("-y, --yes", "accepted for scripts; nothing is ever asked").hideHelp())
    .addOption(
      new Option("-b, --broadcast-mode <mode>", "accepted for scripts: the answer comes when the mempool has taken it")
        .choices(["sync"])
        .hideHelp(),
    );
}

/** Node, keyring and sender that the options name. @throws CliError when one of them is not there */
export async function sceneOf(options: SendOptions): Promise<TxScene> {
  const keyring = keyringOf(options);
  const sender = findSender(keyring, options.from);
  return { client: await nodeClientOf(options), keyring, sender, passphrase: () => passphraseOf(options), output: outputOf(options) };
}
