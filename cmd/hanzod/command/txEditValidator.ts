import { Command, Option } from "commander";
import { MsgEditValidator } from "#proto/cosmos/staking/v1beta1/tx";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { CliError } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";
import { sendJson } from "./sendJson.ts";
import { type SendOptions, withTxOptions } from "./sendOptions.ts";

/** A text of the description that stays as it is (cosmos-sdk x/staking). */
const SAME = "[do-not-modify]";

interface EditOptions extends SendOptions {
  readonly moniker?: string;
  readonly newMoniker?: string;
  readonly identity?: string;
  readonly website?: string;
  readonly securityContact?: string;
  readonly details?: string;
  readonly commissionRate?: string;
  readonly minSelfDelegation?: string;
}

/** `hanzod tx staking edit-validator`: what no option says stays as it is. */
export function editValidatorCommand(): Command {
  return withTxOptions(new Command("edit-validator"))
    .description("change how the sender's validator presents itself, its commission or its least own stake; the rest stays")
    .option("--moniker <name>", "the validator's name")
    .addOption(new Option("--new-moniker <name>", "the same as --moniker").hideHelp())
    .option("--identity <text>", "identity signature, such as Keybase's")
    .option("--website <url>", "web page")
    .option("--security-contact <text>", "where to report weaknesses")
    .option("--details <text>", "anything else")
    .option("--commission-rate <rate>", "part of the rewards of its delegators; once in 24 hours")
    .option("--min-self-delegation <amount>", "least stake of its own, in base units; it only rises")
    .action((options: EditOptions) => {
      const { newMoniker, moniker = newMoniker, identity, website, securityContact, details, commissionRate, minSelfDelegation } = options;
      const given = [moniker, identity, website, securityContact, details, commissionRate, minSelfDelegation];
      if (given.every((text) => text === undefined))
        throw new CliError("nothing to change", { why: "no option says what", next: "hanzod tx staking edit-validator --help" });
      const description = {
        moniker: moniker ?? SAME,
        identity: identity ?? SAME,
        website: website ?? SAME,
        security_contact: securityContact ?? SAME,
        details: details ?? SAME,
      };
      const address = createAddressCodec(commandChain().bech32Prefix);
      return sendJson(options, MsgEditValidator.$type, (sender) => ({
        description,
        validator_address: address.operator.format(address.parse(sender)),
        ...(commissionRate === undefined ? {} : { commission_rate: commissionRate }),
        ...(minSelfDelegation === undefined ? {} : { min_self_delegation: minSelfDelegation }),
      }));
    });
}
