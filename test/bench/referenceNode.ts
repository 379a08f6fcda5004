// The reference chain of the benchmarks: a usual chain of the Cosmos SDK (tools/reference), in a home with the settings of ours.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Home, homeLayout } from "../../cmd/hanzod/node/home.ts";
import { type LoadHomeOptions, type LoadNode, makeCometHome, spawnLoadNode } from "./loadNode.ts";

/** How the reference chain is built and started: as it comes, or with what made it faster. */
export const REFERENCE_BUILDS = ["reference-tuned", "reference-default"] as const;
export type ReferenceBuild = (typeof REFERENCE_BUILDS)[number];

/** Of a start; the tuned build checks signatures with libsecp256k1 besides. */
const STARTS: Readonly<Record<ReferenceBuild, { readonly flags: readonly string[]; readonly environment: NodeJS.ProcessEnv }>> = {
  "reference-default": { flags: [], environment: {} },
  "reference-tuned": { flags: ["--pruning", "nothing", "--iavl-disable-fastnode"], environment: { GOGC: "400" } },
};
/** Flags of both: no API, as with our node, and the least fee that ours asks for. */
const FLAGS = ["--grpc.enable=false", "--minimum-gas-prices", "0.025aai", "--log_level", "error"];

/** Binary of a build. @throws Error when it was not built */
function binaryOf(build: ReferenceBuild): string {
  const path = resolve(import.meta.dirname, "../../..", ".cache/bin", build);
  if (!existsSync(path)) throw new Error(`no ${path}: build it with make reference (needs Go, and for the tuned build a C compiler)`);
  return path;
}

/** Writes a home whose only validator is the node itself, with the accounts, the blocks and the CometBFT settings of our load nodes. */
export async function makeReferenceHome(root: string, build: ReferenceBuild, options: LoadHomeOptions): Promise<Home> {
  const home = homeLayout(root);
  await makeCometHome(home, options);
  const child = spawn(binaryOf(build), ["genesis", "--home", root, "--chain-id", options.chainId], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  child.stdin.end(options.senders.map(({ address }) => `${address}\n`).join(""));
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${build} genesis ended with ${String(code)}`);
  return home;
}

/** Starts the reference chain: CometBFT runs inside its process. */
export function startReferenceNode(home: Home, build: ReferenceBuild): Promise<LoadNode> {
  const { flags, environment } = STARTS[build];
  return spawnLoadNode(home, [binaryOf(build), "start", "--home", home.root, ...FLAGS, ...flags], () => undefined, environment);
}
