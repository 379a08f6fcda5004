import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Command, InvalidArgumentError } from "commander";
import type { RequestQuery } from "#proto/tendermint/abci/types";
import { createGrpcServer } from "../../../app/api/grpcServer.ts";
import { createRestServer } from "../../../app/api/rest.ts";
import { descriptorImage, descriptors } from "../../../app/descriptorImage.ts";
import { LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { hanzoFacts, hanzoServices, openApiJson } from "../../../app/hanzoServices.ts";
import { formatTable } from "../../shared/output.ts";
import { browserPages } from "../app/browserPages.ts";
import { timeJson } from "../dev/cometJson.ts";
import type { DevBlock } from "../dev/devBlock.ts";
import type { DevChain } from "../dev/devChain.ts";
import { createDevRpc } from "../dev/devRpc.ts";
import { openDevChain } from "../dev/openDevChain.ts";
import { resolveHome } from "../node/home.ts";
import { type PortNeed, requirePorts } from "../node/ports.ts";
import { DEFAULT_PORTS } from "./init.ts";
import { parseCount } from "./options.ts";

interface DevCommandOptions {
  readonly home?: string;
  readonly chainId: string;
  readonly blockTime?: number;
  readonly restPort: number;
  readonly grpcPort: number;
  readonly rpcPort: number;
  readonly blocks?: number;
  readonly quiet?: boolean;
}

const HOST = "127.0.0.1";

/** `hanzod dev`: the state machine alone, with a block for every transaction. */
export function devCommand(): Command {
  return new Command("dev")
    .description("run a chain in this process, without CometBFT: a block as soon as a transaction arrives, gone when it ends")
    .option("--home <dir>", "keep the chain there (default: in memory)")
    .option("--chain-id <id>", "name of the chain", LOCAL_CHAIN_ID)
    .option("--block-time <ms>", "a block every so many milliseconds, also an empty one", parseCount)
    .option("--rest-port <port>", "REST API; 0 takes a free one", parsePortOrFree, DEFAULT_PORTS.rest)
    .option("--grpc-port <port>", "gRPC API; 0 takes a free one", parsePortOrFree, DEFAULT_PORTS.grpc)
    .option("--rpc-port <port>", "RPC for wallets; 0 takes a free one", parsePortOrFree, DEFAULT_PORTS.rpc)
    .option("--blocks <n>", "end after so many blocks", parseCount)
    .option("--quiet", "no line per block")
    .action(runDev);
}

async function runDev(options: DevCommandOptions): Promise<void> {
  if (options.blocks === undefined) await requirePorts(needsOf(options));
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const end = new AbortController();
  const opened = await openDevChain({
    chainId: options.chainId,
    ...(options.home === undefined ? {} : { home: resolveHome(options.home, process.env) }),
    ...(options.blockTime === undefined ? {} : { blockTimeMs: options.blockTime }),
    onBlock: (block) => {
      if (options.quiet !== true) print(formatBlock(block));
    },
    onFatal: (error) => end.abort(error),
  });
  const { chain } = opened;
  const undo: (() => Promise<unknown>)[] = [() => opened.close()];
  try {
    // Wallets refuse a chain without a block.
    const first = await chain.makeBlock();
    if (options.blocks !== undefined) await makeBlocks(chain, first, options.blocks, options.blockTime);
    else {
      await serve(options, chain, undo, print);
      chain.start();
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end.abort());
      await once(end.signal, "abort");
    }
  } finally {
    for (const step of undo.reverse()) await step();
  }
  // Aborted without a reason by Ctrl-C; with one when a block could not be made.
  if (end.signal.aborted && !(end.signal.reason instanceof DOMException)) throw end.signal.reason;
}

async function makeBlocks(chain: DevChain, first: DevBlock, count: number, blockTimeMs = 0): Promise<void> {
  const last = first.header.height + BigInt(count) - 1n;
  while (chain.height < last) {
    if (blockTimeMs > 0) await new Promise((wake) => setTimeout(wake, blockTimeMs));
    await chain.makeBlock();
  }
}

async function serve(
  options: DevCommandOptions,
  chain: DevChain,
  undo: (() => Promise<unknown>)[],
  print: (line: string) => void,
): Promise<void> {
  const rpc = createDevRpc(chain);
  const rpcUrl = await listen(rpc.server, options.rpcPort);
  undo.push(() => rpc.close());
  const api = {
    descriptors: descriptors(),
    services: hanzoServices,
    query: (request: RequestQuery) => chain.query(request),
    chain: hanzoFacts(() => chain.chainId),
  };
  const pages = browserPages({ walletRpc: rpcUrl, apiPage: true, probes: [] });
  const rest = await createRestServer({ ...api, allowAnyOrigin: true, pages, openApi: openApiJson });
  const restUrl = await rest.listen({ host: HOST, port: options.restPort });
  undo.push(() => rest.close());
  const grpc = createGrpcServer({ ...api, image: descriptorImage() });
  const grpcPort = await grpc.listen({ host: HOST, port: options.grpcPort });
  undo.push(() => grpc.close());
  print(
    formatTable(
      ["ENDPOINT", "URL"],
      [
        ["RPC", rpcUrl],
        ["REST", restUrl],
        ["API page", `${restUrl}/swagger/`],
        ["wallet for tests", `${restUrl}/wallet/`],
        ["gRPC", `${HOST}:${grpcPort}`],
      ],
    ),
  );
  print(`chain ${chain.chainId}: hanzod q hmm pools --node ${rpcUrl}`);
  print("Ctrl-C ends it.");
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: HOST, port }, () => resolve(`http://${HOST}:${(server.address() as AddressInfo).port}`));
  });
}

function needsOf({ restPort, rpcPort, grpcPort }: DevCommandOptions): readonly PortNeed[] {
  const needs = [
    { name: "the RPC", host: HOST, port: rpcPort, option: "--rpc-port" },
    { name: "the REST API", host: HOST, port: restPort, option: "--rest-port" },
    { name: "the gRPC API", host: HOST, port: grpcPort, option: "--grpc-port" },
  ];
  return needs.filter(({ port }) => port !== 0);
}

function formatBlock({ header, txs, response }: DevBlock): string {
  const failed = response.txResults.filter(({ code }) => code !== 0).length;
  const work =
    txs.length === 0 ? "" : `  ${txs.length} transaction${txs.length === 1 ? "" : "s"}${failed === 0 ? "" : `, ${failed} failed`}`;
  const hash = Buffer.from(response.appHash).toString("hex").slice(0, 12);
  return `block ${header.height}  ${timeJson(header.time).slice(11, 19)}  app hash ${hash}…${work}`;
}

function parsePortOrFree(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError("a port from 1 to 65535 is expected, or 0 for a free one");
  return port;
}
