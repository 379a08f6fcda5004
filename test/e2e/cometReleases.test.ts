// Other releases of CometBFT than the pinned one, where somebody names their binaries:
// COMETBFT_OTHERS=0.39.4=/path/to/cometbft,0.40.0=/path/to/cometbft
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { wantedRelease } from "../../cmd/hanzod/node/cometRelease.ts";
import { homeLayout } from "../../cmd/hanzod/node/home.ts";
import { testnetNodes } from "../../cmd/hanzod/testnet/createTestnet.ts";
import { hanzodOk } from "./cli/hanzod.ts";
import { createChainHome } from "./harness/chainHome.ts";
import { findBasePort, loadNetwork, requireSameStates } from "./harness/network.ts";
import { spawnNode } from "./harness/nodeProcess.ts";
import { callRpc, waitForHeight } from "./harness/rpc.ts";

const TRANSFERS = 20;
/** The variables that make a node run a release; none for the pinned one. */
type Variables = Readonly<Record<string, string>>;
const PINNED: Variables = {};

const OTHERS: readonly Variables[] = (process.env["COMETBFT_OTHERS"] ?? "")
  .split(",")
  .filter((entry) => entry !== "")
  .map((entry) => {
    const [release = "", binary = ""] = entry.split("=");
    return { COMETBFT_RELEASE: release, COMETBFT_BIN: binary };
  });
const skip = OTHERS.length === 0 ? "COMETBFT_OTHERS names no binaries" : false;

test("a home of the pinned release goes on with each other one, and back", { skip }, async () => {
  const chain = await createChainHome();
  try {
    let height = 2;
    for (const variables of [PINNED, ...OTHERS, PINNED]) {
      const node = spawnNode(chain, [], variables);
      try {
        await node.ready();
        await waitForHeight(chain.rpc, height + 2);
        height = await loadNetwork([chain.rpc], chain.chainId, TRANSFERS);
      } finally {
        assert.equal(await node.end("SIGTERM"), 0, node.output());
      }
      assert.ok(node.output().includes(`CometBFT ${wantedRelease(variables).version} (`), node.output());
    }
  } finally {
    await chain.remove();
  }
});

test("another release makes homes whose settings this node can write and finds nothing wrong with", { skip }, async () => {
  for (const variables of OTHERS) {
    const root = await mkdtemp(join(tmpdir(), "hz-release-"));
    const port = await findBasePort(4);
    try {
      const ports = ["--rpc-port", "--p2p-port", "--rest-port", "--grpc-port"].flatMap((flag, index) => [flag, String(port + index)]);
      await hanzodOk(["init", "--home", root, "--chain-id", "hanzo-release-1", "--local", ...ports], { env: variables });
      const node = spawnNode({ home: homeLayout(root), rpc: `http://127.0.0.1:${port}` }, [], variables);
      try {
        await node.ready();
        await waitForHeight(`http://127.0.0.1:${port}`, 3);
        const doctor = await hanzodOk(["doctor", "--home", root, "--json"], { env: variables });
        assert.doesNotMatch(doctor, /run\.version|comet\.unknown-key/);
      } finally {
        assert.equal(await node.end("SIGTERM"), 0, node.output());
      }
    } finally {
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  }
});

test("validators of the pinned release and of others agree at every height under load", { skip }, async () => {
  const root = await mkdtemp(join(tmpdir(), "hz-releases-"));
  const validators = 4;
  const basePort = await findBasePort(4 * validators);
  const chainId = "hanzo-releases-1";
  const words = ["--validators", String(validators), "--home", root, "--base-port", String(basePort), "--block-time", "150"];
  await hanzodOk(["testnet", ...words, "--chain-id", chainId, "--no-start"]);
  const nodes = testnetNodes({ root, validators, basePort });
  const rpcs = nodes.map(({ ports }) => `http://127.0.0.1:${ports.rpc}`);
  const variables = [PINNED, ...OTHERS];
  const running = nodes.map(({ home }, index) => spawnNode({ home, rpc: rpcs[index] ?? "" }, [], variables[index % variables.length]));
  try {
    await Promise.all(running.map((node) => node.ready()));
    await Promise.all(rpcs.map((rpc) => waitForHeight(rpc, 3)));
    await requireSameStates(rpcs, await loadNetwork(rpcs, chainId, TRANSFERS));
    const blocks = await Promise.all(rpcs.map((rpc) => callRpc<{ block_id: { hash: string } }>(rpc, "block", { height: "3" })));
    assert.equal(new Set(blocks.map(({ block_id: id }) => id.hash)).size, 1);
  } finally {
    const codes = await Promise.all(running.map((node) => node.end("SIGTERM")));
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    assert.deepEqual(
      codes,
      codes.map(() => 0),
    );
  }
});
