import { Command } from "commander";
import { MsgCancelUpgrade, MsgSoftwareUpgrade } from "#proto/cosmos/upgrade/v1beta1/tx";
import { parseWholeNumber } from "../tx/txOptions.ts";
import { type ProposalOptions, propose, withProposalOptions } from "./proposalOptions.ts";
import { type SendOptions, withTxOptions } from "./sendOptions.ts";

type UpgradeOptions = SendOptions & ProposalOptions & { readonly upgradeHeight: bigint; readonly upgradeInfo?: string };

/** `hanzod tx upgrade software-upgrade NAME --upgrade-height H`: a proposal, as with the SDK's tools. */
export function softwareUpgradeCommand(): Command {
  return withProposalOptions(withTxOptions(new Command("software-upgrade")))
    .description("propose an upgrade: when the vote is for it, the nodes stop before the block of that height for the new program")
    .argument("<name>", "name of the upgrade, which the new program knows")
    .requiredOption("--upgrade-height <n>", "block that the new program executes first", parseWholeNumber)
    .option("--upgrade-info <text>", "for operators and cosmovisor, such as JSON with the program's addresses and checksums")
    .action((name: string, options: UpgradeOptions) =>
      propose(options, {
        "@type": `/${MsgSoftwareUpgrade.$type}`,
        plan: { name, height: String(options.upgradeHeight), info: options.upgradeInfo ?? "" },
      }),
    );
}

/** `hanzod tx upgrade cancel-software-upgrade`: a proposal, as with the SDK's tools. */
export function cancelUpgradeCommand(): Command {
  return withProposalOptions(withTxOptions(new Command("cancel-software-upgrade").alias("cancel-upgrade")))
    .description("propose that the upgrade which is planned be forgotten")
    .action((options: SendOptions & ProposalOptions) => propose(options, { "@type": `/${MsgCancelUpgrade.$type}` }));
}
