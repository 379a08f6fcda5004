import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { getCometListener, readCometIdentity, writeCometConfig } from "../../../cmd/hanzod/node/cometConfig.ts";
import { EXIT } from "../../../cmd/hanzod/node/nodeError.ts";
import { type RunningNode, startNode } from "../../../cmd/hanzod/node/supervisor.ts";
import { editToml } from "../../../cmd/hanzod/node/tomlEdit.ts";
import { GrammarChecker } from "../../harness/abciGrammar.ts";
import { callRpc, createTestHome, getComet, waitForHeight } from "./cometNode.ts";
import { KvstoreApp } from "./kvstoreApp.ts";

async function heightOf(rpc: string): Promise<number> {
  const { sync_info: info } = await callRpc(rpc, "status");
  return Number(Reflect.get(info as object, "latest_block_height"));
}

test("a transaction given to a node that is no validator reaches the validator, and both call their applications by the grammar", async () => {
  const binary = await getComet();
  const [validator, follower] = [await createTestHome(binary), await createTestHome(binary)];
  const nodes: RunningNode[] = [];
  try {
    const p2p = await getCometListener(validator.home, "p2p.laddr");
    const { nodeId } = await readCometIdentity(validator.home);
    await copyFile(validator.home.config.genesis, follower.home.config.genesis);
    await writeCometConfig(follower.home, {
      abciAddress: "unix:///unused",
      rpc: await getCometListener(follower.home, "rpc.laddr"),
      p2p: {
        port: (await getCometListener(follower.home, "p2p.laddr")).port,
        localNetwork: true,
        persistentPeers: [`${nodeId}@127.0.0.1:${p2p.port}`],
      },
    });
    // A node that joins a running chain catches up by gossip, which is slower than twenty blocks a second.
    for (const { home } of [validator, follower]) {
      const config = await readFile(home.config.comet, "utf8");
      const slow: readonly (readonly [string, string])[] = [
        ["consensus.timeout_commit", "400ms"],
        ["consensus.peer_gossip_sleep_duration", "10ms"],
        ["rpc.timeout_broadcast_tx_commit", "120s"],
      ];
      await writeFile(home.config.comet, editToml(config, new Map(slow)));
    }
    const apps = [new KvstoreApp(), new KvstoreApp()] as const;
    const grammars = [new GrammarChecker(), new GrammarChecker()] as const;
    for (const [index, made] of [validator, follower].entries()) {
      const [app, observer] = index === 0 ? [apps[0], grammars[0]] : [apps[1], grammars[1]];
      nodes.push(
        await startNode({
          home: made.home,
          openApp: async () => ({ app, close: async () => undefined }),
          comet: { binary },
          log: () => undefined,
          observer,
        }),
      );
    }
    const rpc = nodes[1]?.endpoints.rpc ?? "";
    await waitForHeight(rpc, 3);
    // Transactions are passed on only to peers of about the same height.
    while ((await heightOf(rpc)) + 1 < (await heightOf(nodes[0]?.endpoints.rpc ?? "")))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const sent = await callRpc(rpc, 'broadcast_tx_commit?tx="far=away"');
    assert.equal(Reflect.get(sent["tx_result"] as object, "code"), 0);
    assert.equal(apps[0].find("far"), "away");
    assert.equal(apps[1].find("far"), "away");
    for (const node of nodes) assert.deepEqual(await node.stop(), { exitCode: EXIT.ok, error: undefined });
    assert.deepEqual(
      grammars.flatMap((grammar) => grammar.violations),
      [],
    );
  } finally {
    for (const node of nodes) await node.stop();
    await validator.remove();
    await follower.remove();
  }
});

test("a CometBFT that somebody else runs is served over tcp and may come and go", async () => {
  const binary = await getComet();
  const { home, remove } = await createTestHome(binary);
  const app = new KvstoreApp();
  const observer = new GrammarChecker();
  const node = await startNode({
    home,
    openApp: async () => ({ app, close: async () => undefined }),
    comet: "external",
    abciAddress: "tcp://127.0.0.1:0",
    log: () => undefined,
    observer,
  });
  try {
    for (const height of [2, 5]) {
      const comet = spawn(binary, ["start", "--home", home.root, "--proxy_app", node.endpoints.abci], { stdio: "ignore" });
      const gone = new Promise((resolve) => comet.once("exit", resolve));
      const up = async (): Promise<boolean> =>
        waitForHeight(node.endpoints.rpc, height).then(
          () => true,
          () => false,
        );
      while (!(await up())) await new Promise((resolve) => setTimeout(resolve, 20));
      comet.kill("SIGTERM");
      await gone;
    }
    assert.ok(app.height >= 5n);
    assert.deepEqual(observer.violations, []);
    assert.equal((await node.stop()).exitCode, EXIT.ok);
  } finally {
    await node.stop();
    await remove();
  }
});
