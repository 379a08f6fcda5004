import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { KernelStatus } from "../../../app/experience/kernelMessages.ts";
import { CliError } from "../../shared/cliError.ts";
import { kernelText, recordedKernels } from "../app/nodeKernels.ts";
import { readAppConfig } from "../config/appConfig.ts";
import { call } from "../job/followBlocks.ts";
import { type CometBuild, recordedCometBuild } from "../node/cometBuild.ts";
import { getCometListener } from "../node/cometConfig.ts";
import { type Home, requireHome } from "../node/home.ts";
import { findRunning } from "../node/processIdentity.ts";
import { reachableHost } from "../node/reachableHost.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

/** What a running node says of itself. */
export interface NodeStatus {
  readonly chainId: string;
  readonly rpc: string;
  readonly rest: string;
  /** `host:port`. */
  readonly grpc: string;
  readonly height: number;
  /** Hash of the state after that height, upper-case hexadecimal. */
  readonly appHash: string;
  readonly catchingUp: boolean;
  readonly nodeId: string;
  readonly moniker: string;
  /** Release of CometBFT, and which build of it this home runs. */
  readonly cometbft: string;
  readonly cometbftBuild: CometBuild | "external" | "unknown";
  /** Backend that computes aggregates of experience, and why others do not; null before it is chosen. */
  readonly kernels: KernelStatus | null;
}

/** `hanzod status`. */
export function statusCommand(): Command {
  return withCommonOptions(new Command("status"))
    .description("height, app hash and addresses of a running node")
    .action(async (options: CommonOptions) => {
      const status = await nodeStatus(homeOf(options));
      const lines = [
        `chain     ${status.chainId}`,
        `height    ${status.height}${status.catchingUp ? " (catching up)" : ""}`,
        `app hash  ${status.appHash}`,
        `CometBFT  ${status.cometbft} (${status.cometbftBuild} build)`,
        ...(status.kernels === null ? [] : kernelLines(status.kernels)),
        `RPC       ${status.rpc}`,
        `REST      ${status.rest}`,
        `gRPC      ${status.grpc}`,
      ];
      outputOf(options).result(status, lines.join("\n"));
    });
}

function kernelLines(kernels: KernelStatus): string[] {
  return [`kernels   ${kernelText(kernels)}`, ...kernels.refused.map(({ name, why }) => `          not ${name}: ${why}`)];
}

/** Addresses that a home's settings name, whether or not the node runs. */
export async function endpointsOf(home: Home): Promise<{ readonly rpc: string; readonly rest: string; readonly grpc: string }> {
  await requireHome(home);
  const { host, port } = await getCometListener(home, "rpc.laddr");
  const { "api.address": api, "grpc.address": grpc } = readAppConfig(home);
  return {
    rpc: `http://${reachableHost(host)}:${port}`,
    rest: `http://${reachableHost(api.host)}:${api.port}`,
    grpc: `${reachableHost(grpc.host)}:${grpc.port}`,
  };
}

/** Asks a running node. @throws CliError when nothing answers */
async function nodeStatus(home: Home): Promise<NodeStatus> {
  const { rpc, rest, grpc } = await endpointsOf(home);
  // Another node may answer at the same port: without its lock, this home's node does not run.
  const holder = await findRunning(await readFile(home.run.lock, "utf8").catch(() => ""));
  if (holder === undefined) throw noNode(home, rpc);
  try {
    const [status, info] = await Promise.all([call<CometStatus>(rpc, "status"), call<AbciInfo>(rpc, "abci_info")]);
    const { node_info: node, sync_info: sync } = status;
    const appHash = Buffer.from(info.response.last_block_app_hash ?? "", "base64")
      .toString("hex")
      .toUpperCase();
    return {
      chainId: node.network,
      rpc,
      rest,
      grpc,
      height: Number(info.response.last_block_height ?? 0),
      appHash,
      catchingUp: sync.catching_up,
      nodeId: node.id,
      moniker: node.moniker,
      cometbft: node.version,
      cometbftBuild: await recordedCometBuild(home),
      kernels: recordedKernels(home) ?? null,
    };
  } catch (cause) {
    throw silentComet(home, rpc, holder.pid, cause);
  }
}

function noNode(home: Home, rpc: string): CliError {
  return new CliError(`no node of ${home.root} answers at ${rpc}`, {
    why: "it is not running",
    next: `hanzod start --home ${home.root}`,
  });
}

/** The application runs, and its CometBFT does not answer (yet). */
function silentComet(home: Home, rpc: string, pid: number, cause: unknown): CliError {
  return new CliError(`the node of ${home.root} does not answer at ${rpc}`, {
    why: `process ${pid} runs, and CometBFT is not there: it starts, it is started again, or with --comet external nobody has started it`,
    next: `tail ${home.logs.comet}, or start CometBFT as hanzod start said`,
    cause,
  });
}

interface CometStatus {
  readonly node_info: { readonly id: string; readonly network: string; readonly moniker: string; readonly version: string };
  readonly sync_info: { readonly catching_up: boolean };
}
interface AbciInfo {
  readonly response: { readonly last_block_height?: string; readonly last_block_app_hash?: string };
}
