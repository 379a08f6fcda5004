import type { Command } from "commander";
import type { NodeOptions } from "../client/nodeOption.ts";
import { outputOf } from "../command/options.ts";
import { marketCommand, openMarket, sameNode } from "./market.ts";
import { askQuote } from "./quote.ts";
import { formatQuote, quoteJson } from "./quoteReport.ts";

/** `hanzod hmm quote gpu 10AI`. */
export function quoteCommand(): Command {
  return marketCommand("quote", "what an amount buys, costs or brings now, and how the order would execute")
    .argument("<pool>", "pool, such as gpu")
    .argument("[amount]", "what to spend (10AI) or to buy (1h, 40GiB-h, 10GiB)")
    .option("--buy <amount>", "exact amount to buy, such as 1h or 40GiB-h")
    .option("--sell <amount>", "exact amount to sell, or what a sale shall bring (5AI)")
    .addHelpText(
      "after",
      "\nExamples:\n  hanzod hmm quote gpu 10AI\n  hanzod hmm quote vram --buy 40GiB-h\n  hanzod hmm quote gpu --sell 2h",
    )
    .action(async (poolId: string, offer: string | undefined, options: NodeOptions & { buy?: string; sell?: string }) => {
      const quote = await askQuote(await openMarket(options), poolId, { offer, buy: options.buy, sell: options.sell });
      const node = sameNode(options);
      outputOf(options).result(quoteJson(quote, node), formatQuote(quote, node));
    });
}
