import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PORTS_PER_NODE, testnetNodes, testnetPorts } from "../../cmd/hanzod/testnet/createTestnet.ts";
import { hanzod, startHanzod } from "./cli/hanzod.ts";
import { findBasePort } from "./harness/network.ts";
import { appHead, callRpc, waitForHeight } from "./harness/rpc.ts";

const NODES = 4;

/** Process that runs a node, from the lock that it holds. */
async function holderOf(lock: string): Promise<number> {
  return (JSON.parse(await readFile(lock, "utf8")) as { pid: number }).pid;
}

async function ownAppHash(rpc: string, height: number): Promise<string> {
  return (await callRpc<{ app_hash: string }>(rpc, "block_results", { height: String(height) })).app_hash;
}

test("four validators reach height 20 with equal states, survive the kill of one, and it catches up when it is started again", async () => {
  const root = await mkdtemp(join(tmpdir(), "hz-net-"));
  const basePort = await findBasePort(PORTS_PER_NODE * NODES);
  const rpcOf = (index: number): string => `http://127.0.0.1:${testnetPorts(basePort, index).rpc}`;
  const network = startHanzod([
    "testnet",
    "--validators",
    String(NODES),
    "--home",
    root,
    "--base-port",
    String(basePort),
    "--block-time",
    "100",
  ]);
  const victim = testnetNodes({ root, validators: NODES, basePort })[NODES - 1];
  assert.ok(victim !== undefined);
  try {
    // A row does not wait long for a node that starts late: it is one from height 20 on.
    await network.waitFor(/^height (?:[2-9]\d|\d{3,}) .* 4 of 4 agree$/m);
    process.kill(await holderOf(victim.home.run.lock), "SIGKILL");
    await network.waitFor(/^node3 ended \(SIGKILL\); start it again with: hanzod start --home /m);
    const { height } = await appHead(rpcOf(0));
    await Promise.all([0, 1, 2].map((index) => waitForHeight(rpcOf(index), height + 5)));
    await network.waitFor(/^height \d+ .* 3 of 4 agree {3}without node3$/m);
    const again = startHanzod(["start", "--home", victim.home.root, "--quiet"]);
    try {
      await waitForHeight(rpcOf(3), height + 5);
      const hashes = await Promise.all([0, 1, 2, 3].map((index) => ownAppHash(rpcOf(index), height + 5)));
      assert.equal(new Set(hashes).size, 1, hashes.join(", "));
      const target = (await appHead(rpcOf(0))).height + 3;
      await waitForHeight(rpcOf(3), target);
    } finally {
      await again.end("SIGTERM");
    }
    assert.equal(await network.end("SIGINT"), 0);
    assert.doesNotMatch(network.stdout, /DIFFERENT/);
  } finally {
    await network.end("SIGTERM");
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

test("a network of two ends by itself at the height asked for, its homes are not overwritten, and it goes on from where it was", async () => {
  const root = await mkdtemp(join(tmpdir(), "hz-net-"));
  const basePort = await findBasePort(2 * PORTS_PER_NODE);
  const words = ["testnet", "--validators", "2", "--home", root, "--base-port", String(basePort), "--block-time", "50"];
  try {
    const made = await hanzod([...words, "--no-start"]);
    assert.equal(made.code, 0, made.stderr);
    const genesis = await Promise.all(["node0", "node1"].map((name) => readFile(join(root, name, "config", "genesis.json"), "utf8")));
    assert.equal(genesis[0], genesis[1]);
    const again = await hanzod([...words, "--no-start"]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /holds a network already/);
    const moved = await hanzod([...words.slice(0, 6), String(basePort + 100), "--blocks", "1"]);
    assert.match(moved.stderr, /uses port \d+ for its RPC/);
    const ran = await hanzod([...words, "--blocks", "3"]);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /all 2 nodes reached height 3 with equal app hashes\n$/);
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
