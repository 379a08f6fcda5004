import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { initCometHome, writeCometConfig } from "../../../cmd/hanzod/node/cometConfig.ts";
import { type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";

const run = promisify(execFile);

/** The checkout: tests run from dist/test/integration/abci. */
export const CHECKOUT = new URL("../../../../", import.meta.url).pathname;

/** Finds or builds the CometBFT of versions.lock. */
export async function getComet(tool: "cometbft" | "abci-cli" = "cometbft"): Promise<string> {
  const { stdout } = await run(join(CHECKOUT, "scripts", "cometbft.sh"), ["--tool", tool], { timeout: 600_000 });
  return stdout.trim();
}

/** A throw-away home of a one-validator chain with fast blocks. */
export async function createTestHome(binary: string): Promise<{ readonly home: Home; remove(): Promise<void> }> {
  const home = homeLayout(await mkdtemp(join(tmpdir(), "hz-")));
  const identity = await initCometHome(binary, home);
  const [rpcPort = 0, p2pPort = 0] = await findFreePorts(2);
  await writeCometConfig(home, {
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { port: rpcPort },
    p2p: { port: p2pPort, localNetwork: true },
    timeoutCommitMs: 50,
  });
  await writeFile(
    home.config.genesis,
    JSON.stringify({
      genesis_time: "2026-01-01T00:00:00Z",
      chain_id: "kv-1",
      initial_height: "1",
      validators: [
        {
          pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.from(identity.validatorPublicKey).toString("base64") },
          power: "10",
          name: "v",
        },
      ],
      app_hash: "",
    }),
  );
  return { home, remove: () => rm(home.root, { recursive: true, force: true }) };
}

/** Calls CometBFT's RPC and returns `result`. @throws Error with the RPC's own text. */
export async function callRpc(rpc: string, path: string): Promise<Record<string, unknown>> {
  const answer: unknown = await (await fetch(`${rpc}/${path}`)).json();
  if (typeof answer !== "object" || answer === null) throw new Error(`no object from ${path}`);
  if ("error" in answer) throw new Error(JSON.stringify(answer.error));
  return Reflect.get(answer, "result");
}

/** Waits until CometBFT reports a height. */
export async function waitForHeight(rpc: string, height: number): Promise<void> {
  const deadline = performance.now() + 180_000;
  while (performance.now() < deadline) {
    const status = await callRpc(rpc, "status");
    const info: unknown = status["sync_info"];
    if (typeof info === "object" && info !== null && Number(Reflect.get(info, "latest_block_height")) >= height) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no height ${height} within 180 s`);
}

/** The log that CometBFT left in a home. */
export function readCometLog(home: Home): Promise<string> {
  return readFile(home.logs.comet, "utf8");
}
