import type { Command } from "commander";
import { MsgSubmitProposal } from "#proto/cosmos/gov/v1/tx";
import { createAddressCodec, moduleAddress } from "../../../app/sdk/index.ts";
import { commandChain } from "../config/commandChain.ts";
import { parseCoinsText } from "../request/coinsText.ts";
import { sendJson } from "./sendJson.ts";
import type { SendOptions } from "./sendOptions.ts";

/** What a proposal says of itself, as options name it. */
export interface ProposalOptions {
  readonly title: string;
  readonly summary: string;
  readonly metadata?: string;
  readonly deposit?: string;
  readonly expedited?: boolean;
}

/** Adds the options that describe a proposal, with the names of the SDK's tools. */
export function withProposalOptions(command: Command): Command {
  return command
    .requiredOption("--title <text>", "title of the proposal")
    .requiredOption("--summary <text>", "what it is for")
    .option("--metadata <text>", "anything else, such as a link")
    .option("--deposit <coins>", "what the sender deposits for it, such as 10AI")
    .option("--expedited", "vote faster, with a higher threshold");
}

/** Address of the account that governance acts as. */
export function governanceAddress(): string {
  const { bech32Prefix, authorityModule } = commandChain();
  return createAddressCodec(bech32Prefix).format(moduleAddress(authorityModule));
}

/**
 * Proposes one message that governance shall execute.
 * @param message its proto JSON with `@type`, without the authority
 * @throws CliError
 */
export function propose(options: SendOptions & ProposalOptions, message: object): Promise<void> {
  const { title, summary, metadata = "", deposit, expedited = false } = options;
  return sendJson(options, MsgSubmitProposal.$type, (proposer) => ({
    messages: [{ ...message, authority: governanceAddress() }],
    initial_deposit: deposit === undefined ? [] : parseCoinsText(deposit),
    proposer,
    metadata,
    title,
    summary,
    expedited,
  }));
}
