import { Command } from "commander";
import { addServiceCommands, type MethodCall } from "../request/serviceCommands.ts";
import { messageServices } from "../request/services.ts";
import { findSender } from "../tx/sender.ts";
import { sendMessage } from "../tx/sendMessage.ts";
import { draftProposalCommand } from "./draftProposal.ts";
import { keyringOf } from "./keyringOptions.ts";
import { type SendOptions, sceneOf, withTxOptions } from "./sendOptions.ts";
import { execCommand, grantCommand } from "./txAuthz.ts";
import { createValidatorCommand } from "./txCreateValidator.ts";
import { withdrawAllRewardsCommand, withdrawRewardsCommand } from "./txDistribution.ts";
import { editValidatorCommand } from "./txEditValidator.ts";
import { grantAllowanceCommand, revokeAllowanceCommand } from "./txFeegrant.ts";
import { fileCommands } from "./txFile.ts";
import { submitProposalCommand, voteWeightedCommand } from "./txGov.ts";
import { rotateConsPubKeyCommand } from "./txRotateConsPubKey.ts";
import { cancelUpgradeCommand, softwareUpgradeCommand } from "./txUpgrade.ts";

/** Messages whose commands the SDK's tools spell in a way of their own. */
const WRITTEN = {
  "/cosmos.staking.v1beta1.Msg/CreateValidator": createValidatorCommand,
  "/cosmos.staking.v1beta1.Msg/EditValidator": editValidatorCommand,
  "/cosmos.staking.v1beta1.Msg/RotateConsPubKey": rotateConsPubKeyCommand,
  "/cosmos.distribution.v1beta1.Msg/WithdrawDelegatorReward": withdrawRewardsCommand,
  "/cosmos.upgrade.v1beta1.Msg/SoftwareUpgrade": softwareUpgradeCommand,
  "/cosmos.upgrade.v1beta1.Msg/CancelUpgrade": cancelUpgradeCommand,
  "/cosmos.gov.v1.Msg/SubmitProposal": submitProposalCommand,
  "/cosmos.gov.v1.Msg/VoteWeighted": voteWeightedCommand,
  "/cosmos.authz.v1beta1.Msg/Grant": grantCommand,
  "/cosmos.authz.v1beta1.Msg/Exec": execCommand,
  "/cosmos.feegrant.v1beta1.Msg/GrantAllowance": grantAllowanceCommand,
  "/cosmos.feegrant.v1beta1.Msg/RevokeAllowance": revokeAllowanceCommand,
} as const;

/** Commands besides those of messages, by module. */
const MORE = { distribution: [withdrawAllRewardsCommand], gov: [draftProposalCommand] } as const;

/** `hanzod tx <module> <method>`: every message of the chain, signed and sent; and commands for transactions in files. */
export function txCommand(): Command {
  const tx = new Command("tx").description("sign and send a transaction: every message of every module; and transactions in files");
  for (const command of fileCommands()) tx.addCommand(command);
  return addServiceCommands(tx, {
    messages: true,
    services: messageServices(),
    written: WRITTEN,
    more: MORE,
    decorate: withTxOptions,
    run: (call, options) => send(call, options as unknown as SendOptions),
  });
}

async function send(call: MethodCall, options: SendOptions): Promise<void> {
  const value = call.request(findSender(keyringOf(options), options.from).address);
  await sendMessage(await sceneOf(options), { typeUrl: `/${call.method.input}`, value }, options);
}
