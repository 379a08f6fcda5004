// Both builds of CometBFT make one network, and either takes over the home of the other.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { cometBinary } from "../../cmd/hanzod/command/cometBinary.ts";
import { COMET_BUILDS, type CometBuild } from "../../cmd/hanzod/node/cometBuild.ts";
import { PORTS_PER_NODE, testnetNodes } from "../../cmd/hanzod/testnet/createTestnet.ts";
import { hanzod, hanzodOk, startHanzod } from "./cli/hanzod.ts";
import { createChainHome } from "./harness/chainHome.ts";
import { findBasePort, loadNetwork, requireSameStates } from "./harness/network.ts";
import { spawnNode } from "./harness/nodeProcess.ts";
import { appHead, waitForHeight } from "./harness/rpc.ts";

const run = promisify(execFile);
const NODES = 4;
/** Transfers of each of the ten accounts. */
const TRANSFERS = 60;

const buildOfNode = async (home: string): Promise<string> =>
  (JSON.parse(await hanzodOk(["status", "--home", home, "--json"])) as { cometbftBuild: string }).cometbftBuild;

test("four validators of both builds agree at every height under load, and each says which build it runs", async () => {
  const root = await mkdtemp(join(tmpdir(), "hz-builds-"));
  const basePort = await findBasePort(PORTS_PER_NODE * NODES);
  const nodes = testnetNodes({ root, validators: NODES, basePort });
  const rpcs = nodes.map(({ ports }) => `http://127.0.0.1:${ports.rpc}`);
  const chainId = "hanzo-builds-1";
  const words = ["testnet", "--validators", String(NODES), "--home", root, "--base-port", String(basePort), "--block-time", "150"];
  const network = startHanzod([...words, "--chain-id", chainId, "--comet-build", "stock,hanzo"]);
  try {
    // A row does not wait long for a node that starts late.
    await network.waitFor(/^height \d+ .* 4 of 4 agree$/m);
    assert.deepEqual(await Promise.all(nodes.map(({ home }) => buildOfNode(home.root))), ["stock", "hanzo", "stock", "hanzo"]);
    await requireSameStates(rpcs, await loadNetwork(rpcs, chainId, TRANSFERS));
    assert.equal(await network.end("SIGINT"), 0, network.stderr);
    assert.doesNotMatch(network.stdout, /DIFFERENT/);
  } finally {
    await network.end("SIGTERM");
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

test("a home goes on with the other build and back, and the start says which one runs", async () => {
  const chain = await createChainHome();
  try {
    let height = 2;
    for (const build of ["stock", "hanzo", "stock"] satisfies CometBuild[]) {
      const node = spawnNode(chain, ["--comet-build", build]);
      try {
        await node.ready();
        await waitForHeight(chain.rpc, height + 3);
        height = (await appHead(chain.rpc)).height;
        assert.equal(await buildOfNode(chain.home.root), build);
      } finally {
        assert.equal(await node.end("SIGTERM"), 0, node.output());
      }
      assert.match(node.output(), new RegExp(`CometBFT 0\\.38\\.25 \\(${build} build\\)`));
    }
  } finally {
    await chain.remove();
  }
});

/** Ends within a block, and the build that goes on. At 7 the application has committed the block that CometBFT's state does not have. */
const ENDS = [
  { index: "0", next: "hanzo" },
  { index: "3", next: "hanzo" },
  { index: "7", next: "hanzo" },
  { index: "7", next: "stock" },
] as const;

test("FAIL_TEST_INDEX ends our build within a block, and the home goes on after each such end", async () => {
  const chain = await createChainHome();
  const { home } = chain;
  try {
    const binary = await cometBinary("hanzo");
    for (const { index, next } of ENDS) {
      const failing = spawnNode(chain, ["--comet", "external"]);
      try {
        const comet = run(binary, ["start", "--home", home.root], { env: { ...process.env, FAIL_TEST_INDEX: index } });
        await assert.rejects(comet, { code: 1, stdout: new RegExp(`fail-test ${index} `) });
      } finally {
        await failing.end("SIGTERM");
      }
      const node = spawnNode(chain, ["--comet-build", next]);
      try {
        await node.ready();
        await waitForHeight(chain.rpc, (await appHead(chain.rpc)).height + 3);
      } finally {
        assert.equal(await node.end("SIGTERM"), 0, node.output());
      }
    }
  } finally {
    await chain.remove();
  }
});

/** The command that only our build has. */
const ONE_MORE = /^ {2}bootstrap-state .*\n/m;

test("our build has the commands and flags of the release, and one command more", async () => {
  const [stock = "", ours = ""] = await Promise.all(COMET_BUILDS.map((build) => cometBinary(build)));
  const help = async (binary: string, words: readonly string[]): Promise<string> => (await run(binary, [...words, "--help"])).stdout;
  const commands = [...(await help(stock, [])).matchAll(/^ {2}([a-z][a-z-]*) {2,}/gm)].map(([, name]) => name ?? "");
  assert.ok(commands.includes("start") && commands.includes("rollback"), commands.join(" "));
  const all = await help(ours, []);
  assert.match(all, ONE_MORE);
  assert.equal(all.replace(ONE_MORE, ""), await help(stock, []));
  for (const name of commands) assert.equal(await help(ours, [name]), await help(stock, [name]), name);
});

test("hanzod version names the build that is chosen, and refuses one that does not exist", async () => {
  const say = async (build: string): Promise<string> => hanzodOk(["version", "--json"], { env: { COMETBFT_BUILD: build } });
  for (const build of COMET_BUILDS) assert.equal((JSON.parse(await say(build)) as { cometbftBuild: string }).cometbftBuild, build);
  const { code, stderr } = await hanzod(["version"], { env: { COMETBFT_BUILD: "fast" } });
  assert.equal(code, 78, stderr);
  assert.match(stderr, /HZN-COMET-BUILD.*COMETBFT_BUILD is "fast"/s);
});
