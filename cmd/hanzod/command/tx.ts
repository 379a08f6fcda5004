import { Command } from "commander";
import { addServiceCommands, type MethodCall } from "../request/serviceCommands.ts";
import { messageServices } from "../request/services.ts";
import { findSender } from "../tx/sender.ts";
import { sendMessage } from "../tx/sendMessage.ts";
import { keyringOf } from "./keyringOptions.ts";
import { type SendOptions, sceneOf, withTxOptions } from "./sendOptions.ts";
import { createValidatorCommand } from "./txCreateValidator.ts";
import { fileCommands } from "./txFile.ts";

/** `hanzod tx <module> <method>`: every message of the chain, signed and sent; and commands for transactions in files. */
export function txCommand(): Command {
  const tx = new Command("tx").description("sign and send a transaction: every message of every module; and transactions in files");
  for (const command of fileCommands()) tx.addCommand(command);
  return addServiceCommands(tx, {
    messages: true,
    services: messageServices(),
    written: { "/cosmos.staking.v1beta1.Msg/CreateValidator": createValidatorCommand },
    decorate: withTxOptions,
    run: (call, options) => send(call, options as unknown as SendOptions),
  });
}

async function send(call: MethodCall, options: SendOptions): Promise<void> {
  const value = call.request(findSender(keyringOf(options), options.from).address);
  await sendMessage(await sceneOf(options), { typeUrl: `/${call.method.input}`, value }, options);
}
