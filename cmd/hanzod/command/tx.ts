import { Command, Option } from "commander";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { addServiceCommands, type MethodCall } from "../request/serviceCommands.ts";
import { messageServices } from "../request/services.ts";
import { parseGas, parseGasAdjustment } from "../tx/gas.ts";
import { findSender } from "../tx/sender.ts";
import { sendMessage, type TxOptions, type TxScene } from "../tx/sendMessage.ts";
import { type KeyringOptions, keyringOf, passphraseOf, withKeyringOptions } from "./keys.ts";
import { outputOf } from "./options.ts";

/**
 * Simulated gas is exact on the state it saw. Other transactions may come in between and change the lengths of stored numbers or the path
 * of a trade, so a tenth more is bought; `--gas-adjustment 1` buys exactly what was simulated.
 */
const DEFAULT_ADJUSTMENT = "1.1";

/** `hanzod tx <module> <method>`: every message of the chain, signed and sent. */
export function txCommand(): Command {
  const tx = new Command("tx").description("sign and send a transaction: every message of every module");
  return addServiceCommands(tx, {
    messages: true,
    services: messageServices(),
    decorate: withTxOptions,
    run: (call, options) => send(call, options as unknown as SendOptions),
  });
}

/** Options of a command that signs a transaction. */
export type SendOptions = KeyringOptions & NodeOptions & TxOptions & { readonly from: string };

/** Adds the options of a command that signs a transaction. */
export function withTxOptions(command: Command): Command {
  return withKeyringOptions(command)
    .requiredOption("--from <key>", "key that signs, by name or address")
    .option("--node <url>", "RPC of a node (default: the home's)")
    .option("--chain-id <id>", "name of the chain (default: the node's)")
    .option("--gas <limit>", '"auto" simulates; or a whole number', parseGas, "auto")
    .addOption(
      new Option("--gas-adjustment <factor>", "what simulated gas is multiplied with")
        .argParser(parseGasAdjustment)
        .default(parseGasAdjustment(DEFAULT_ADJUSTMENT), DEFAULT_ADJUSTMENT),
    )
    .option("--fees <coins>", "fee, such as 5000aai (default: gas limit times gas price)")
    .option("--gas-prices <prices>", "price per unit of gas (default: what the node asks for)")
    .option("--memo <text>", "note that everybody can read", "")
    .option("--dry-run", "simulate and print the gas; send nothing")
    .option("--generate-only", "print the unsigned transaction; send nothing")
    .option("--wait", "wait until it is in a block and print the result");
}

/** Node, keyring and sender that the options name. @throws CliError when one of them is not there */
export async function sceneOf(options: SendOptions): Promise<TxScene> {
  const keyring = keyringOf(options);
  const sender = findSender(keyring, options.from);
  return { client: await nodeClientOf(options), keyring, sender, passphrase: () => passphraseOf(options), output: outputOf(options) };
}

async function send(call: MethodCall, options: SendOptions): Promise<void> {
  const value = call.request(findSender(keyringOf(options), options.from).address);
  await sendMessage(await sceneOf(options), { typeUrl: `/${call.method.input}`, value }, options);
}
