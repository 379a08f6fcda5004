import { Command } from "commander";
import { type HmmExtension, setupHmmExtension } from "../../../app/client/extensions.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { withCommonOptions } from "../command/options.ts";

/** The market's queries, as commands ask them. */
export type Market = HmmExtension["hmm"];

/** The market as a node sees it. What the node refuses is thrown as RefusedQuery, with codespace and code. */
export function marketOf(client: NodeClient): Market {
  const queryAbci = async (path: string, data: Uint8Array): Promise<{ readonly value: Uint8Array; readonly height: number }> => {
    const { value, height } = await client.query(path, data);
    return { value, height: Number(height) };
  };
  return setupHmmExtension({ queryAbci }).hmm;
}

/** The market of the node that the options name. */
export async function openMarket(options: NodeOptions): Promise<Market> {
  return marketOf(await nodeClientOf(options));
}

/** Adds `--home`, `--json` and `--node`. */
function withMarketOptions(command: Command): Command {
  return withCommonOptions(command).option("--node <url>", "RPC of a node (default: the home's)");
}

/** A command that reads the market. */
export function marketCommand(name: string, description: string): Command {
  return withMarketOptions(new Command(name)).description(description);
}

/** The options that the next command needs to reach the same node, with a blank in front; empty for the default home. */
export function sameNode({ home, node }: NodeOptions): string {
  return `${home === undefined ? "" : ` --home ${home}`}${node === undefined ? "" : ` --node ${node}`}`;
}

/** All pages of a list. @param page asks for one page; `key` is undefined for the first */
export async function allPages<Page extends { readonly pagination?: { readonly nextKey: Uint8Array } | undefined }, Item>(
  page: (key: Uint8Array | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let key: Uint8Array | undefined; ; ) {
    const answer = await page(key);
    items.push(...itemsOf(answer));
    key = answer.pagination?.nextKey;
    if (key === undefined || key.length === 0) return items;
  }
}
