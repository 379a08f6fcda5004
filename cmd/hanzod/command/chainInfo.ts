import { Command } from "commander";
import { CliError } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import { askNodeFacts, type ChainFacts, readHomeFacts } from "../chaininfo/chainFacts.ts";
import { cosmosKitProps, registryAssets, registryChain } from "../chaininfo/chainRegistry.ts";
import { keplrChainInfo } from "../chaininfo/keplr.ts";
import { pingPubChain } from "../chaininfo/pingPub.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { homeOf } from "./options.ts";

interface ChainInfoOptions extends NodeOptions {
  readonly rest?: string;
  readonly rpc?: string;
}

/** Documents by the name of their command. */
const FORMATS: readonly (readonly [name: string, description: string, write: (facts: ChainFacts) => object])[] = [
  ["keplr", "for Keplr's experimentalSuggestChain, and wallets that take the same", keplrChainInfo],
  ["chain-registry", "chain.json of the Cosmos chain registry", registryChain],
  ["assetlist", "assetlist.json of the Cosmos chain registry", registryAssets],
  ["cosmos-kit", "properties of cosmos-kit's ChainProvider", cosmosKitProps],
  ["ping-pub", "configuration of the explorer Ping.pub, chains/<network>/<name>.json", pingPubChain],
];

/** `hanzod chain-info`: what wallets and registries want to know of a chain, as JSON. */
export function chainInfoCommand(): Command {
  const command = new Command("chain-info").description("what wallets and registries want to know of this chain, as JSON");
  for (const [name, description, write] of FORMATS)
    command.addCommand(
      new Command(name)
        .description(description)
        .option("--home <dir>", "the home whose genesis file and settings are read (default: $HANZO_HOME, else ~/.hanzod)")
        .option("--node <url>", "ask a running node instead; say its REST API with --rest")
        .option("--rest <url>", "REST API that wallets are told")
        .option("--rpc <url>", "RPC that wallets are told")
        .action(async (options: ChainInfoOptions) => void process.stdout.write(`${toJson(write(await factsOf(options)))}\n`)),
    );
  return command;
}

async function factsOf(options: ChainInfoOptions): Promise<ChainFacts> {
  const { node, rest, rpc } = options;
  for (const url of [rest, rpc])
    if (url !== undefined && !/^https?:\/\/[^/]+/.test(url))
      throw new CliError(`"${url}" is no address`, { why: "http://host:port or https is expected" });
  if (node !== undefined && rest === undefined)
    throw new CliError("a node does not say where its REST API is", { next: "add --rest http://127.0.0.1:1317" });
  const facts = node === undefined ? await readHomeFacts(homeOf(options)) : await askNodeFacts(await nodeClientOf(options), rest ?? "");
  return { ...facts, ...(rest === undefined ? {} : { rest }), ...(rpc === undefined ? {} : { rpc }) };
}
