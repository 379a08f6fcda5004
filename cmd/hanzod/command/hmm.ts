import { Command } from "commander";
import { buyRouteCommand } from "../hmm/buyRouteCommand.ts";
import { invariantsCommand, ordersCommand } from "../hmm/orderCommands.ts";
import { poolCommand, poolsCommand } from "../hmm/poolCommands.ts";
import { quoteCommand } from "../hmm/quoteCommand.ts";
import { routeCommand } from "../hmm/routeCommand.ts";
import { revealCommand, sealCommand } from "../hmm/sealCommands.ts";

/** `hanzod hmm …`: the compute market for people, in hours and gibibytes. Every message and query is under `tx hmm` and `q hmm`, too. */
export function hmmCommand(): Command {
  const hmm = new Command("hmm").description("the compute market in hours and GiB: prices, quotes, routes, sealed orders");
  const commands = [
    poolsCommand(),
    poolCommand(),
    quoteCommand(),
    routeCommand(),
    buyRouteCommand(),
    ordersCommand(),
    sealCommand(),
    revealCommand(),
    invariantsCommand(),
  ];
  for (const command of commands) hmm.addCommand(command);
  return hmm;
}
