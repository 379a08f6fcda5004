// Four validators, each in a process of its own that may be killed and started again.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cometBinary } from "../../../cmd/hanzod/command/cometBinary.ts";
import { COMET_BUILDS, type CometBuild } from "../../../cmd/hanzod/node/cometBuild.ts";
import { findRunning } from "../../../cmd/hanzod/node/processIdentity.ts";
import { createTestnet, PORTS_PER_NODE, type TestnetNode } from "../../../cmd/hanzod/testnet/createTestnet.ts";
import { findBasePort } from "../../e2e/harness/network.ts";
import { killComet, type NodeProcess, spawnNode } from "../../e2e/harness/nodeProcess.ts";
import { appHead } from "../../e2e/harness/rpc.ts";

/** Validators: one may be missing. */
export const NODES = 4;
/** Milliseconds between blocks. */
const BLOCK_MS = 200;

/** Which process of a node is killed. */
export type Victim = "app" | "comet" | "both";

/** The network. */
export class KillNetwork {
  readonly chainId = "hanzo-kill-1";
  readonly rpcs: readonly string[];
  /** Builds of CometBFT that its nodes use in turn. */
  readonly builds: readonly CometBuild[];
  readonly #root: string;
  readonly #nodes: readonly TestnetNode[];
  readonly #processes: NodeProcess[] = [];

  private constructor(root: string, nodes: readonly TestnetNode[], builds: readonly CometBuild[]) {
    this.#root = root;
    this.#nodes = nodes;
    this.builds = builds;
    this.rpcs = nodes.map(({ ports }) => `http://127.0.0.1:${ports.rpc}`);
  }

  /** Makes homes and starts all nodes. */
  static async start(): Promise<KillNetwork> {
    const root = await mkdtemp(join(tmpdir(), "hz-kill-"));
    const builds = await availableBuilds();
    const options = { root, validators: NODES, basePort: await findBasePort(PORTS_PER_NODE * NODES), timeoutCommitMs: BLOCK_MS };
    const network = new KillNetwork(root, await createTestnet({ ...options, chainId: "hanzo-kill-1", cometBuilds: builds }), builds);
    for (let node = 0; node < NODES; node++) network.#spawn(node);
    try {
      await Promise.all(network.#processes.map((process) => process.ready()));
    } catch (error) {
      await network.stop(true);
      throw error;
    }
    return network;
  }

  /** Kills processes of a node with SIGKILL. CometBFT alone is started again by its node, anything else by {@link revive}. */
  async kill(node: number, victim: Victim): Promise<void> {
    const { home } = this.#at(node);
    const pid = async (): Promise<number | undefined> =>
      (await findRunning(await readFile(home.run.cometPid, "utf8").catch(() => "")))?.pid;
    const before = await pid();
    if (victim !== "app") assert.ok(await killComet({ home }), `CometBFT of node${node} ran`);
    if (victim !== "comet") await this.#process(node).end("SIGKILL");
    else while ((await pid()) === before) await new Promise((wake) => setTimeout(wake, 20));
  }

  /** Starts a killed node again. */
  revive(node: number): void {
    if (this.#process(node).child.exitCode === null && this.#process(node).child.signalCode === null) return;
    this.#spawn(node);
  }

  /** Height of a node's application; 0 while it does not answer. */
  async height(node: number): Promise<number> {
    return appHead(this.rpcs[node] ?? "").then(
      ({ height }) => height,
      () => 0,
    );
  }

  /** The largest height of all nodes. */
  async highest(): Promise<number> {
    return Math.max(...(await Promise.all(this.#nodes.map((_, node) => this.height(node)))));
  }

  /** What a node's process printed. */
  output(node: number): string {
    return this.#process(node).output();
  }

  /** Stops all nodes in order. @param keep leaves the homes @returns their exit codes */
  async stop(keep = false): Promise<(number | null)[]> {
    const codes = await Promise.all(this.#processes.map((process) => process.end("SIGTERM")));
    for (const { home } of this.#nodes) await killComet({ home });
    if (!keep) await rm(this.#root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    return codes;
  }

  /** Folder of the homes. */
  get root(): string {
    return this.#root;
  }

  #spawn(node: number): void {
    this.#processes[node] = spawnNode({ home: this.#at(node).home, rpc: this.rpcs[node] ?? "" });
  }

  #at(node: number): TestnetNode {
    return this.#nodes[node] ?? assert.fail(`node${node}`);
  }

  #process(node: number): NodeProcess {
    return this.#processes[node] ?? assert.fail(`node${node} was started`);
  }
}

/** Both builds where both can be made. */
async function availableBuilds(): Promise<CometBuild[]> {
  const found = await Promise.all(
    COMET_BUILDS.map((build) =>
      cometBinary(build).then(
        () => build,
        () => undefined,
      ),
    ),
  );
  return found.filter((build) => build !== undefined);
}
