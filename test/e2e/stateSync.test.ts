// A fresh node joins a running chain from a snapshot of its peer: a real CometBFT on both sides.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SnapshotFolder } from "../../app/statesync/snapshotFolder.ts";
import { readAppConfig, writeAppConfig } from "../../cmd/hanzod/config/appConfig.ts";
import { readCometIdentity, setPersistentPeers, setStateSync } from "../../cmd/hanzod/node/cometConfig.ts";
import { NodeError } from "../../cmd/hanzod/node/nodeError.ts";
import { hanzod, hanzodOk } from "./cli/hanzod.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { firstBlockOf } from "./harness/joiner.ts";
import { loadNetwork } from "./harness/network.ts";
import { callRpc, waitForHeight } from "./harness/rpc.ts";
import { waitUntil } from "./harness/validatorNet.ts";
import { balancesOf, devAccounts } from "./harness/wallet.ts";

const INTERVAL = 20;
/** So many that a snapshot is still there when the joining node has looked around for five seconds. */
const KEEP = 10;

interface Status {
  readonly sync_info: { readonly earliest_block_height: string; readonly catching_up: boolean };
}

interface Dumped {
  readonly file: string;
  readonly height: string;
  readonly format: number;
  readonly bytes: number;
  readonly hash: string;
  readonly next: string;
}

const ownHash = async (rpc: string, height: number): Promise<string> =>
  (await callRpc<{ app_hash: string }>(rpc, "block_results", { height: String(height) })).app_hash;

describe("state sync", () => {
  let source: ChainHome;
  let joining: ChainHome;
  const nodes: InProcessNode[] = [];

  before(async () => {
    source = await createChainHome(150);
    writeAppConfig(source.home, {
      ...readAppConfig(source.home),
      "state-sync.snapshot-interval": INTERVAL,
      "state-sync.snapshot-keep-recent": KEEP,
    });
    nodes.push(await startInProcess(source));
    joining = await createChainHome(150);
    await copyFile(source.home.config.genesis, joining.home.config.genesis);
  });
  after(async () => {
    for (const { node } of nodes.toReversed()) await node.stop();
    await joining?.remove();
    await source?.remove();
  });

  it("a node makes snapshots while it makes blocks", async () => {
    await loadNetwork([source.rpc], source.chainId, 3);
    await waitForHeight(source.rpc, 2 * INTERVAL + 5);
    const folder = new SnapshotFolder(source.home.data.snapshots);
    // They are written beside the blocks.
    const found = await waitUntil("two snapshots", async () => (folder.list().length >= 2 ? folder.list() : undefined));
    assert.ok(found.every(({ height }) => height % BigInt(INTERVAL) === 0n));
  });

  it("a fresh node begins with the newest snapshot, goes on with the chain and has its state", async () => {
    const { nodeId } = await readCometIdentity(source.home);
    const status = await callRpc<{ node_info: { listen_addr: string } }>(source.rpc, "status");
    await setPersistentPeers(joining.home, [`${nodeId}@${status.node_info.listen_addr.replace("tcp://", "")}`]);
    const enabled = await hanzod(["statesync", "enable", "--rpc", source.rpc, "--home", joining.home.root, "--output", "json"]);
    assert.equal(enabled.code, 0, enabled.stderr);
    const trusted = JSON.parse(enabled.stdout) as { readonly trust_height: string; readonly trust_hash: string };
    const { block_id: block } = await callRpc<{ block_id: { hash: string } }>(source.rpc, "block", { height: trusted.trust_height });
    assert.equal(trusted.trust_hash, block.hash);
    // The same, with less waiting.
    const rpcServers = [source.rpc, source.rpc];
    await setStateSync(joining.home, { rpcServers, trustHeight: BigInt(trusted.trust_height), trustHash: block.hash, discoveryTime: "5s" });
    const joined = await startInProcess(joining);
    nodes.push(joined);
    const from = await waitUntil("a node that has caught up", () => firstBlockOf(joining.rpc));
    assert.ok(from > INTERVAL, `it began at block ${from}`);
    const height = Number(joined.app.height) + 5;
    await waitForHeight(joining.rpc, height);
    await waitForHeight(source.rpc, height);
    for (let at = from; at <= height; at++) assert.equal(await ownHash(joining.rpc, at), await ownHash(source.rpc, at), `height ${at}`);
    const [account] = await devAccounts();
    assert.deepEqual(await balancesOf(joining.rpc, account?.address ?? ""), await balancesOf(source.rpc, account?.address ?? ""));
    assert.deepEqual(joined.app.brokenInvariants(), []);
    assert.deepEqual(joined.log, []);
    assert.deepEqual(readdirSync(joining.home.data.dir).includes("snapshots") ? readdirSync(joining.home.data.snapshots) : [], []);
  });

  it("it has the state after a restart, without another snapshot", async () => {
    const joined = nodes.pop();
    const height = Number(joined?.app.height);
    await joined?.node.stop();
    await sleep(500);
    const again = await startInProcess(joining);
    nodes.push(again);
    assert.ok(Number(again.app.height) >= height);
    await waitForHeight(joining.rpc, height + 5);
    assert.equal(await ownHash(joining.rpc, height + 5), await ownHash(source.rpc, height + 5));
  });

  it("says what to do when it was stopped between the restore and its first block, and begins again so", async () => {
    await nodes.pop()?.node.stop();
    const { root, data } = joining.home;
    // That is what it has then: a state and no block.
    await rm(join(data.dir, "blockstore.db"), { recursive: true });
    const signed = await readFile(data.privValidatorState, "utf8");
    const refusal = await startInProcess(joining).then(
      () => assert.fail("it started"),
      (error: unknown) => error,
    );
    assert.ok(refusal instanceof NodeError && refusal.code === "HZN-STATE-SYNC", String(refusal));
    assert.match((await hanzod(["doctor", "--home", root, "--json"])).stdout, /"comet\.state-sync"/);
    const named = /hanzod (comet reset-state --yes --home \S+) && rm -r (\S+) && hanzod start/.exec(refusal.next);
    assert.ok(named?.[1] !== undefined && named[2] === data.app, refusal.next);
    await hanzodOk(named[1].split(" "));
    await rm(named[2], { recursive: true });
    assert.equal(await readFile(data.privValidatorState, "utf8"), signed);
    const again = await startInProcess(joining);
    nodes.push(again);
    const from = await waitUntil("a node that has caught up", () => firstBlockOf(joining.rpc));
    assert.ok(from > INTERVAL, `it began at block ${from}`);
    assert.equal(await ownHash(joining.rpc, from), await ownHash(source.rpc, from));
  });

  it("comes back from a snapshot of its own when its store is lost", async () => {
    const last = nodes.pop();
    await last?.node.stop();
    const home = ["--home", joining.home.root];
    const exported = await hanzod(["snapshots", "export", ...home, "--output", "json"]);
    assert.equal(exported.code, 0, exported.stderr);
    const { height } = JSON.parse(exported.stdout) as { readonly height: string };
    assert.match(
      (await hanzod(["snapshots", "list", ...home])).stdout,
      new RegExp(`^height ${height} {2}format 3 {2}chunks 1 {2}[0-9a-f]{64}$`, "m"),
    );
    const over = await hanzod(["snapshots", "restore", height, ...home]);
    assert.match(over.stderr, /has a state of height/);
    await rm(joining.home.data.app, { recursive: true });
    const restored = await hanzod(["snapshots", "restore", height, "3", ...home]);
    assert.equal(restored.code, 0, restored.stderr);
    const again = await startInProcess(joining);
    nodes.push(again);
    await waitForHeight(joining.rpc, Number(height) + 5);
    assert.equal(await ownHash(joining.rpc, Number(height) + 5), await ownHash(source.rpc, Number(height) + 5));
    assert.equal((await hanzod(["snapshots", "delete", height, ...home])).code, 0);
    assert.match((await hanzod(["snapshots", "delete", height, ...home])).stderr, /there is no snapshot of height/);
  });

  it("its state is carried to another home in one file, which is taken as a whole or not at all", async () => {
    await nodes.pop()?.node.stop();
    const from = ["--home", joining.home.root];
    const file = join(joining.home.root, "state.tar.gz");
    const { height } = JSON.parse(await hanzodOk(["snapshots", "export", ...from, "--json"])) as { readonly height: string };
    const dumped = JSON.parse(await hanzodOk(["snapshots", "dump", height, "--output", file, ...from, "--json"])) as Dumped;
    assert.deepEqual([dumped.file, dumped.height, dumped.format, dumped.bytes], [file, height, 3, statSync(file).size]);
    const busy = await hanzod(["snapshots", "load", file, "--home", source.home.root]);
    assert.match(busy.stderr, /HZN-LOCK/);

    const other = await createChainHome(150);
    try {
      const to = ["--home", other.home.root];
      await copyFile(source.home.config.genesis, other.home.config.genesis);
      const cut = join(joining.home.root, "cut.tar.gz");
      await writeFile(cut, (await readFile(file)).subarray(0, 1000));
      const refused = await hanzod(["snapshots", "load", cut, ...to]);
      assert.match(refused.stderr, /cut\.tar\.gz is not taken.*store\/21 .*unexpected end of file.*get the archive again/s);
      assert.equal(await hanzodOk(["snapshots", "list", ...to]), "no snapshots\n");
      const loaded = JSON.parse(await hanzodOk(["snapshots", "load", file, ...to, "--json"])) as Dumped;
      assert.deepEqual([loaded.height, loaded.hash, loaded.next], [height, dumped.hash, `hanzod snapshots restore ${height}`]);
      assert.equal(await hanzodOk(["completion-values", "snapshots", ...to]), `${height}\n`);
      const restored = JSON.parse(await hanzodOk(["snapshots", "restore", height, ...to, "--json"])) as { readonly app_hash: string };
      const { block } = await callRpc<{ block: { header: { app_hash: string } } }>(source.rpc, "block", {
        height: String(Number(height) + 1),
      });
      assert.equal(restored.app_hash, block.header.app_hash.toLowerCase());

      // Without the blocks before it: CometBFT's data begins there, too, once a light client has proven the state.
      assert.match((await hanzod(["comet", "bootstrap-state", ...to])).stderr, /nobody is named .*hanzod statesync enable --rpc/s);
      await hanzodOk(["statesync", "enable", "--rpc", source.rpc, ...to]);
      const begun = await hanzodOk(["comet", "bootstrap-state", ...to]);
      assert.match(begun, new RegExp(`CometBFT begins behind height ${height}, whose app hash ${restored.app_hash} is the chain's`));
      const { nodeId } = await readCometIdentity(source.home);
      const status = await callRpc<{ node_info: { listen_addr: string } }>(source.rpc, "status");
      await setPersistentPeers(other.home, [`${nodeId}@${status.node_info.listen_addr.replace("tcp://", "")}`]);
      nodes.push(await startInProcess(other));
      await waitForHeight(other.rpc, Number(height) + 5);
      assert.equal(await ownHash(other.rpc, Number(height) + 5), await ownHash(source.rpc, Number(height) + 5));
      assert.equal((await callRpc<Status>(other.rpc, "status")).sync_info.earliest_block_height, String(Number(height) + 1));
    } finally {
      if (nodes.length > 1) await nodes.pop()?.node.stop();
      await other.remove();
    }
  });
});
