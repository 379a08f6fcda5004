import { Command } from "commander";
import { MsgSubmitProposal, MsgVoteWeighted } from "#proto/cosmos/gov/v1/tx";
import { CliError } from "../../shared/cliError.ts";
import { readJsonFile } from "../../shared/jsonFile.ts";
import { parseCoinsText } from "../request/coinsText.ts";
import { sendJson } from "./sendJson.ts";
import { type SendOptions, withTxOptions } from "./sendOptions.ts";

/** Keys of the file that describes a proposal, as the SDK's tools name them. */
const PROPOSAL_KEYS: ReadonlySet<string> = new Set(["messages", "metadata", "deposit", "title", "summary", "expedited"]);

/** `hanzod tx gov submit-proposal`: from a JSON file as the SDK's tools take it. */
export function submitProposalCommand(): Command {
  return withTxOptions(new Command("submit-proposal"))
    .description("propose messages that the chain itself shall execute")
    .argument("<file>", 'JSON with "messages", "deposit", "title", "summary", and if wanted "metadata" and "expedited"')
    .action((file: string, options: SendOptions) => {
      const json = readJsonFile(file);
      const unknown = Object.keys(json).find((key) => !PROPOSAL_KEYS.has(key));
      if (unknown !== undefined)
        throw new CliError(`${file}: unknown key ${unknown}`, { why: `known keys are ${[...PROPOSAL_KEYS].join(", ")}` });
      const { deposit = "", ...proposal } = json;
      if (typeof deposit !== "string") throw new CliError(`${file}: deposit is no text`, { why: 'coins are expected, such as "10AI"' });
      const coins = parseCoinsText(deposit);
      return sendJson(options, MsgSubmitProposal.$type, (proposer) => ({ ...proposal, initial_deposit: coins, proposer }));
    });
}

/** `hanzod tx gov vote-weighted 1 yes=0.6,no=0.4`. */
export function voteWeightedCommand(): Command {
  return withTxOptions(new Command("vote-weighted"))
    .description("vote with a part of the power for each of several options")
    .argument("<proposal-id>", "number of the proposal")
    .argument("<options>", "options with their parts, together 1: yes=0.6,no=0.3,abstain=0.05,no_with_veto=0.05")
    .option("--metadata <text>", "anything else")
    .action((id: string, text: string, options: SendOptions & { readonly metadata?: string }) => {
      const parts = weightedOptions(text);
      const { metadata = "" } = options;
      return sendJson(options, MsgVoteWeighted.$type, (voter) => ({ proposal_id: id, voter, options: parts, metadata }));
    });
}

function weightedOptions(text: string): readonly object[] {
  return text.split(",").map((part) => {
    const [, option = "", weight = ""] = /^(yes|no|abstain|no[-_]with[-_]veto)=(\d+(?:\.\d+)?)$/i.exec(part.trim()) ?? [];
    if (option === "") throw new CliError(`"${part}" is no vote`, { why: "an option with its part is expected, such as yes=0.6" });
    return { option: `VOTE_OPTION_${option.replace(/-/g, "_").toUpperCase()}`, weight };
  });
}
