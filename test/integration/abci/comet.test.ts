import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import {
  cometEnvironment,
  getCometListener,
  getCometSetting,
  initCometHome,
  readCometIdentity,
  writeCometConfig,
} from "../../../cmd/hanzod/node/cometConfig.ts";
import { EXIT } from "../../../cmd/hanzod/node/nodeError.ts";
import { type NodeOptions, type RunningNode, startNode } from "../../../cmd/hanzod/node/supervisor.ts";
import { GrammarChecker } from "../../harness/abciGrammar.ts";
import { callRpc, createTestHome, getComet, waitForHeight } from "./cometNode.ts";
import { KvstoreApp } from "./kvstoreApp.ts";

let binary = "";
let made: Awaited<ReturnType<typeof createTestHome>>;
const logged: string[] = [];

before(async () => {
  binary = await getComet();
  made = await createTestHome(binary);
});
after(() => made.remove());

function start(app: KvstoreApp, observer: GrammarChecker, more: Partial<NodeOptions> = {}): Promise<RunningNode> {
  return startNode({
    home: made.home,
    openApp: async () => ({ app, close: async () => void logged.push("store closed") }),
    comet: { binary },
    log: (level, text) => logged.push(`${level} ${text}`),
    observer,
    ...more,
  });
}

test("CometBFT makes blocks with the application, replays them to a new one, and every call follows the grammar", async () => {
  const app = new KvstoreApp();
  const grammar = new GrammarChecker();
  const node = await start(app, grammar);
  try {
    await waitForHeight(node.endpoints.rpc, 3);
    const sent = await callRpc(node.endpoints.rpc, 'broadcast_tx_commit?tx="name=satoshi"');
    assert.equal(Reflect.get(sent["tx_result"] as object, "code"), 0);
    assert.equal(app.find("name"), "satoshi");
    const refused = await callRpc(node.endpoints.rpc, 'broadcast_tx_sync?tx="nonsense"');
    assert.equal(refused["code"], 2);
    const queried = await callRpc(node.endpoints.rpc, 'abci_query?data="name"');
    assert.equal(Reflect.get(queried["response"] as object, "value"), Buffer.from("satoshi").toString("base64"));
  } finally {
    const exit = await node.stop();
    assert.deepEqual(exit, { exitCode: EXIT.ok, error: undefined });
  }
  assert.deepEqual(grammar.violations, []);
  assert.ok(grammar.decided >= 3n, `decided ${grammar.decided}`);

  // An application that lost everything is brought up to date by the handshake: any number of blocks is replayed.
  const fresh = new KvstoreApp();
  const replay = new GrammarChecker();
  const second = await start(fresh, replay);
  try {
    assert.ok(fresh.height >= app.height, `replayed to ${fresh.height} of ${app.height}`);
    assert.equal(fresh.find("name"), "satoshi");
  } finally {
    await second.stop();
  }
  assert.deepEqual(replay.violations, []);
});

test("a home made with CometBFT's own init keeps its keys, its comments and its genesis file when it is made again", async () => {
  const { home, remove } = await createTestHome(binary);
  try {
    const identity = await readCometIdentity(home);
    const show = (command: string): string => execFileSync(binary, [command, "--home", home.root], { encoding: "utf8" }).trim();
    assert.equal(identity.nodeId, show("show-node-id"));
    assert.equal(JSON.parse(show("show-validator")).value, Buffer.from(identity.validatorPublicKey).toString("base64"));
    const key: unknown = JSON.parse(await readFile(home.config.privValidatorKey, "utf8"));
    assert.equal(Buffer.from(identity.validatorAddress).toString("hex").toUpperCase(), Reflect.get(key as object, "address"));

    const genesis = await readFile(home.config.genesis, "utf8");
    assert.deepEqual(await initCometHome(binary, home), identity);
    assert.equal(await readFile(home.config.genesis, "utf8"), genesis);

    const before = await readFile(home.config.comet, "utf8");
    const { port } = await getCometListener(home, "p2p.laddr");
    await writeCometConfig(home, {
      moniker: 'quo"ted',
      abciAddress: "tcp://127.0.0.1:1",
      rpc: { host: "0.0.0.0", port: 2, corsAllowedOrigins: ["*"] },
      p2p: { port, persistentPeers: ["a@b:1", "c@d:2"] },
      prometheusPort: 3,
      mempoolSize: 9,
    });
    const after = await readFile(home.config.comet, "utf8");
    assert.equal(after.split("\n").length, before.split("\n").length);
    assert.equal(
      after.split("\n").filter((line) => line.startsWith("#")).length,
      before.split("\n").filter((line) => line.startsWith("#")).length,
    );
    assert.deepEqual(await getCometListener(home, "rpc.laddr"), { host: "0.0.0.0", port: 2 });
    assert.equal(await getCometSetting(home, "moniker"), 'quo"ted');
    assert.equal(await getCometSetting(home, "p2p.persistent_peers"), "a@b:1,c@d:2");
    assert.equal(await getCometSetting(home, "p2p.addr_book_strict"), "true");
    // CometBFT's 100 ms each are most of what a block of several validators takes beyond the pause.
    assert.equal(await getCometSetting(home, "p2p.flush_throttle_timeout"), "10ms");
    assert.equal(await getCometSetting(home, "consensus.peer_gossip_sleep_duration"), "25ms");
    assert.equal(await getCometSetting(home, "instrumentation.prometheus"), "true");
    // CometBFT itself reads what was written.
    assert.equal(show("show-node-id"), identity.nodeId);
    await assert.rejects(getCometSetting(home, "p2p.nonsense"), /has no key p2p\.nonsense/);
    await writeFile(home.config.nodeKey, '{"priv_key":{"value":"AAAA"}}');
    await assert.rejects(readCometIdentity(home), /priv_key has 3 bytes, an ed25519 key has 64/);
  } finally {
    await remove();
  }
});

test("variables that would override config.toml do not reach CometBFT", () => {
  const kept = { PATH: "/bin", CMTX: "1", FAIL_TEST_INDEX: "2", HTTPS_PROXY: "p" };
  assert.deepEqual(cometEnvironment({ ...kept, CMT_RPC_LADDR: "x", CMTHOME: "y", CMT_HOME: "z", TMHOME: "w", TM_P2P_LADDR: "v" }), kept);
});
