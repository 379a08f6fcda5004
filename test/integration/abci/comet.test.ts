import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GrammarChecker } from "../../../app/abci/grammar.ts";
import { EXIT } from "../../../cmd/hanzod/node/nodeError.ts";
import { type NodeOptions, type RunningNode, startNode } from "../../../cmd/hanzod/node/supervisor.ts";
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
