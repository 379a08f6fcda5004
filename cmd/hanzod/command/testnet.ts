import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { formatTable } from "../../shared/output.ts";
import { parseCometBuild } from "../node/cometBuild.ts";
import { getCometListener } from "../node/cometConfig.ts";
import { requirePorts } from "../node/ports.ts";
import { createTestnet, type TestnetNode, testnetNodes } from "../testnet/createTestnet.ts";
import { type NodeProcess, startNodeProcess } from "../testnet/nodeProcess.ts";
import { watchTestnet } from "../testnet/watchTestnet.ts";
import { parseCount, parsePort } from "./options.ts";

interface TestnetCommandOptions {
  readonly validators: number;
  readonly home: string;
  readonly basePort: number;
  readonly chainId: string;
  readonly blockTime: number;
  readonly start: boolean;
  readonly blocks?: number;
  readonly cometBuild?: string;
}

/** `hanzod testnet`: several validators on this machine. */
export function testnetCommand(): Command {
  return new Command("testnet")
    .description("make and run several validators on this machine; a line per height shows whether their states agree")
    .option("--validators <n>", "how many nodes, each a validator", parseCount, 4)
    .requiredOption("--home <dir>", "folder that gets a home per node: node0, node1, …")
    .option("--base-port <port>", "node i uses this + 4i (RPC), + 1 (peers), + 2 (REST), + 3 (gRPC)", parsePort, 27_000)
    .option("--chain-id <id>", "name of the chain", LOCAL_CHAIN_ID)
    .option("--block-time <ms>", "wait after each block", parseCount, 500)
    .option("--comet-build <builds>", "builds of CometBFT that the nodes use in turn: stock, hanzo, or both with a comma")
    .option("--no-start", "only write the homes")
    .option("--blocks <n>", "end when every node has reached this height: exit 0 when all states agree", parseCount)
    .action(runTestnet);
}

async function runTestnet(options: TestnetCommandOptions): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const root = resolve(options.home);
  const cometBuilds = options.cometBuild?.split(",").map((name) => parseCometBuild(name, "--comet-build")) ?? [];
  const { validators, basePort, chainId, blockTime: timeoutCommitMs } = options;
  const expected = testnetNodes({ root, validators, basePort });
  const made = expected.filter(({ home }) => existsSync(home.config.genesis)).length;
  if (made > 0 && (made < validators || !options.start)) {
    throw new CliError(`${root} holds a network already`, {
      why: `${made} of ${validators} homes are there`,
      next: "give the same --validators and --base-port to go on with it, or choose another --home",
    });
  }
  if (made > 0) await requirePortsOf(expected);
  const nodes = made > 0 ? expected : await createTestnet({ root, validators, basePort, chainId, timeoutCommitMs, cometBuilds });
  print(formatTable(["NODE", "RPC", "PEERS", "REST", "GRPC", "HOME"], nodes.map(tableRow)));
  if (!options.start) {
    print(`next: hanzod start --home ${nodes[0]?.home.root ?? root}`);
    return;
  }
  await runNodes(nodes, options.blocks, print);
}

/** A network that exists listens where its settings say. @throws CliError when `--base-port` says otherwise */
async function requirePortsOf(nodes: readonly TestnetNode[]): Promise<void> {
  for (const { home, ports } of nodes) {
    const { port } = await getCometListener(home, "rpc.laddr");
    if (port !== ports.rpc)
      throw new CliError(`${home.root} uses port ${port} for its RPC, not ${ports.rpc}`, {
        why: "the network was made with another --base-port",
        next: "give the --base-port that it was made with",
      });
  }
}

async function runNodes(nodes: readonly TestnetNode[], blocks: number | undefined, print: (line: string) => void): Promise<void> {
  await requirePorts(
    nodes.flatMap(({ name, ports }) =>
      Object.entries(ports).map(([part, port]) => ({
        name: `${part} of ${name}`,
        host: "127.0.0.1",
        port: port as number,
        option: "--base-port",
      })),
    ),
  );
  const end = new AbortController();
  const stop = (): void => end.abort();
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const children = nodes.map(startNodeProcess);
  for (const child of children) void reportExit(child, end.signal, print);
  try {
    await watchTestnet({ nodes, print, blocks, signal: AbortSignal.any([end.signal, allGone(children)]) });
    if (!end.signal.aborted && children.every(({ running }) => !running)) {
      throw new CliError("every node has ended", {
        why: children
          .flatMap(({ lastLines }) => lastLines)
          .slice(-5)
          .join(" | "),
        next: `hanzod start --home ${nodes[0]?.home.root ?? ""}`,
      });
    }
  } finally {
    end.abort();
    await Promise.all(children.map((child) => child.stop()));
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
  if (blocks !== undefined) print(`all ${nodes.length} nodes reached height ${blocks} with equal app hashes`);
}

/** Aborted when no child is left. */
function allGone(children: readonly NodeProcess[]): AbortSignal {
  const gone = new AbortController();
  void Promise.all(children.map(({ exited }) => exited)).then(() => gone.abort());
  return gone.signal;
}

/** Tells of a node that ended by itself; the others go on as long as more than two thirds of the power are left. */
async function reportExit({ node, exited, lastLines }: NodeProcess, ending: AbortSignal, print: (line: string) => void): Promise<void> {
  const how = await exited;
  if (ending.aborted) return;
  print(`${node.name} ended (${how}); start it again with: hanzod start --home ${node.home.root}`);
  for (const line of lastLines.slice(-5)) print(`  ${line}`);
}

function tableRow({ name, home, ports }: TestnetNode): readonly string[] {
  return [
    name,
    `http://127.0.0.1:${ports.rpc}`,
    `127.0.0.1:${ports.p2p}`,
    `http://127.0.0.1:${ports.rest}`,
    `127.0.0.1:${ports.grpc}`,
    home.root,
  ];
}
