// CometBFT that dies at two moments in a row leaves its write-ahead log without the end of a height, whatever the application is. Without it,
// it refuses to sign what it has signed already, and a validator alone stands still.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { getCometListener } from "../../../cmd/hanzod/node/cometConfig.ts";
import type { Home } from "../../../cmd/hanzod/node/home.ts";
import { mendWal } from "../../../cmd/hanzod/node/mendWal.ts";
import { SigningWatch } from "../../../cmd/hanzod/node/signingWatch.ts";
import { type NodeOptions, type RunningNode, startNode } from "../../../cmd/hanzod/node/supervisor.ts";
import { writeFailingComet } from "../../e2e/harness/failingComet.ts";
import { createTestHome, getComet, waitForHeight } from "./cometNode.ts";
import { KvstoreApp } from "./kvstoreApp.ts";

const run = promisify(execFile);
/** Dies between a block's store and the end of its height, and in the next height when everything is signed. */
const FAILING = [3, 6];

async function start(home: Home, app: KvstoreApp, comet: NodeOptions["comet"], said: string[] = []): Promise<RunningNode> {
  return startNode({ home, comet, openApp: async () => ({ app, close: async () => undefined }), log: (_level, text) => said.push(text) });
}

/** Runs CometBFT by itself. @returns what it said until it ended or its time was over */
async function runComet(binary: string, home: Home, ms: number): Promise<string[]> {
  const said = await run(binary, ["start", "--home", home.root], { timeout: ms }).catch((error: { stdout?: string }) => error);
  return (said.stdout ?? "").split("\n");
}

test("CometBFT alone stands still after fail points 3 and 6, its operator is told, and a mended log lets it go on", async () => {
  const binary = await getComet();
  const { home, remove } = await createTestHome(binary);
  const node = await start(home, new KvstoreApp(), "external");
  try {
    const failing = await writeFailingComet(home.root, binary, FAILING);
    for (const index of FAILING) assert.ok((await runComet(failing, home, 20_000)).some((line) => line.includes(`fail-test ${index} `)));
    const stuck = await runComet(binary, home, 8_000);
    assert.ok(!stuck.some((line) => /finalizing commit of block/.test(line)), "no block is made");
    const watch = new SigningWatch();
    const [told, ...more] = stuck.flatMap((line) => watch.look(line) ?? []);
    assert.equal(told?.code, "HZN-SIGNED");
    assert.match(told?.message ?? "", /step regression at height 2 round 0/);
    assert.equal(more.length, 0, "once");

    assert.match(mendWal(home).join(), /between storing block 1 and noting so/);
    const again = new SigningWatch();
    const mended = await runComet(binary, home, 4_000);
    assert.ok(mended.filter((line) => /finalizing commit of block/.test(line)).length > 2, mended.join("\n"));
    assert.deepEqual(
      mended.flatMap((line) => again.look(line) ?? []),
      [],
    );
  } finally {
    await node.stop();
    await remove();
  }
});

test("a supervised CometBFT that dies at fail points 3 and 6 in a row goes on by itself", { timeout: 60_000 }, async () => {
  const binary = await getComet();
  const { home, remove } = await createTestHome(binary);
  const policy = { delaysMs: [1], restarts: 5, windowMs: 60_000, stopMs: 10_000 };
  const said: string[] = [];
  const node = await start(home, new KvstoreApp(), { binary: await writeFailingComet(home.root, binary, FAILING), policy }, said);
  try {
    const { host, port } = await getCometListener(home, "rpc.laddr");
    const reached = async (): Promise<void> => waitForHeight(`http://${host}:${port}`, 5).catch(() => sleep(100).then(reached));
    await reached();
  } finally {
    assert.equal((await node.stop()).error, undefined);
    await remove();
  }
  assert.equal(said.filter((line) => line.includes("is started again")).length, FAILING.length, said.join("\n"));
  assert.ok(
    said.some((line) => /between storing block 1 and noting so/.test(line)),
    said.join("\n"),
  );
  assert.ok(!said.some((line) => line.includes("HZN-SIGNED")));
});
