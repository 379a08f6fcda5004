import { Command } from "commander";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { setStateSync } from "../node/cometConfig.ts";
import { requireHome } from "../node/home.ts";
import { parseWholeNumber } from "../tx/txOptions.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

type EnableOptions = CommonOptions & {
  readonly rpc: string;
  readonly trustHeight?: bigint;
  readonly trustHash?: string;
  readonly trustPeriod?: string;
};

/** Blocks that the trusted one lies behind the newest: headers are verified forwards from it, so it should be older than the snapshot. */
const TRUST_DEPTH = 2000n;
const TIMEOUT_MS = 10_000;

/** `hanzod statesync …`: whether a new node begins with a snapshot. */
export function statesyncCommand(): Command {
  return new Command("statesync")
    .description("whether a node without blocks begins with a snapshot of its peers")
    .addCommand(enableCommand())
    .addCommand(disableCommand());
}

function enableCommand(): Command {
  return withCommonOptions(new Command("enable"))
    .description("begin with a snapshot; peers are those of config.toml")
    .requiredOption(
      "--rpc <addresses>",
      "RPC addresses of nodes of the chain that you trust, separated by commas; best those of different people",
    )
    .option(
      "--trust-height <n>",
      "a block that you know to be the chain's (default: one that all of the addresses agree on)",
      parseWholeNumber,
    )
    .option("--trust-hash <hex>", "its hash; asked for when left out")
    .option("--trust-period <duration>", "how long ago it may be, below the time that unbonding takes (default: what config.toml says)")
    .action(async (options: EnableOptions) => {
      const home = homeOf(options);
      await requireHome(home);
      const servers = options.rpc.split(",").map((server) => httpAddress(server.trim()));
      const trusted = await findTrusted(servers, options);
      await setStateSync(home, {
        // CometBFT asks for two; who has one address names it twice.
        rpcServers: servers.length === 1 ? [...servers, ...servers] : servers,
        trustHeight: trusted.height,
        trustHash: trusted.hash,
        ...(options.trustPeriod === undefined ? {} : { trustPeriod: options.trustPeriod }),
      });
      outputOf(options).result(
        { trust_height: trusted.height.toString(), trust_hash: trusted.hash, rpc_servers: servers },
        `state sync is on; it trusts block ${trusted.height}, ${trusted.hash}: compare that with somebody whom you trust\n  next: hanzod start --home ${home.root}`,
      );
    });
}

function disableCommand(): Command {
  return withCommonOptions(new Command("disable"))
    .description("begin with the first block")
    .action(async (options: CommonOptions) => {
      const home = homeOf(options);
      await requireHome(home);
      await setStateSync(home, undefined);
      outputOf(options).result(
        { enabled: false },
        `state sync is off; a node without blocks begins with the first one\n  next: hanzod start --home ${home.root}`,
      );
    });
}

/** A block that all servers name alike. @throws CliError when they do not, or one does not answer */
async function findTrusted(
  servers: readonly string[],
  { trustHeight, trustHash }: Pick<EnableOptions, "trustHeight" | "trustHash">,
): Promise<{ readonly height: bigint; readonly hash: string }> {
  const height = trustHeight ?? (await recentHeight(servers));
  const hashes = trustHash === undefined ? await Promise.all(servers.map((server) => blockHash(server, height))) : [trustHash];
  const [hash = "", ...others] = hashes.map((text) => text.toUpperCase());
  if (!/^[0-9A-F]{64}$/.test(hash))
    throw new CliError(`${JSON.stringify(hash)} is no hash of a block`, {
      why: "64 hexadecimal digits are expected",
      next: "leave --trust-hash out to ask the nodes",
    });
  if (others.some((other) => other !== hash))
    throw new CliError(`the nodes name different blocks at height ${height}`, {
      why: servers.map((server, index) => `${server}: ${hashes[index]}`).join("\n        "),
      next: "they are of different chains, or one of them lies: ask somebody whom you trust",
    });
  return { height, hash };
}

async function recentHeight(servers: readonly string[]): Promise<bigint> {
  // The one behind all others has the block, too, and so has the one that keeps the fewest.
  const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : 1);
  const known = await Promise.all(servers.map((server) => syncInfo(server)));
  const newest = known.map(({ latest }) => latest).toSorted(ascending)[0] ?? 1n;
  const oldest =
    known
      .map(({ earliest }) => earliest)
      .toSorted(ascending)
      .at(-1) ?? 1n;
  return newest - TRUST_DEPTH > oldest ? newest - TRUST_DEPTH : oldest;
}

async function syncInfo(server: string): Promise<{ readonly latest: bigint; readonly earliest: bigint }> {
  const status = await ask(server, "status");
  const info = status["sync_info"] as Record<string, unknown> | undefined;
  return { latest: heightOf(server, info?.["latest_block_height"]), earliest: heightOf(server, info?.["earliest_block_height"]) };
}

function heightOf(server: string, text: unknown): bigint {
  if (typeof text === "string" && /^[1-9]\d{0,18}$/.test(text)) return BigInt(text);
  throw new CliError(`${server} has no blocks`, {
    why: `it names height ${JSON.stringify(text)}`,
    next: "name a node of the running chain with --rpc",
  });
}

async function blockHash(server: string, height: bigint): Promise<string> {
  const block = await ask(server, `block?height=${height}`);
  const id = block["block_id"] as Record<string, unknown> | undefined;
  return typeof id?.["hash"] === "string" ? id["hash"] : "";
}

async function ask(server: string, call: string): Promise<Record<string, unknown>> {
  let why: string;
  try {
    const response = await fetch(`${server}/${call}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answer = (await response.json()) as { result?: Record<string, unknown>; error?: { data?: string; message?: string } };
    if (answer.result !== undefined) return answer.result;
    why = answer.error?.data ?? answer.error?.message ?? "it gave no result";
  } catch (error) {
    why = reasonOf(error);
  }
  throw new CliError(`${server} does not answer ${call}`, {
    why,
    next: "name the RPC address of a running node with --rpc, such as http://host:26657",
  });
}

function httpAddress(server: string): string {
  const text = server.replace(/^tcp:\/\//, "http://");
  const url = text.includes("://") ? text : `http://${text}`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new CliError(`${JSON.stringify(server)} is no RPC address`, {
      why: "http://host:port is expected",
      next: "for instance --rpc http://a.example:26657,http://b.example:26657",
    });
  return url.replace(/\/+$/, "");
}
