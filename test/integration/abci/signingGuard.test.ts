// CometBFT that dies at two moments in a row leaves its write-ahead log without the end of a height, whatever the application is. Without it,
// it refuses to sign what it has signed already, and a validator alone stands still.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { getCometListener } from "../../../cmd/hanzod/node/cometConfig.ts";
import type { Home } from "../../../cmd/hanzod/node/home.ts";
import { mendWal } from "../../../cmd/hanzod/node/mendWal.ts";
import { SigningWatch } from "../../../cmd/hanzod/node/signingWatch.ts";
import { type NodeOptions, type RunningNode, startNode } from "../../../cmd/hanzod/node/supervisor.ts";
import { writeFailingComet } from "../../e2e/harness/failingComet.ts";
import { createTestHome, getComet, waitForHeight } from "./cometNode.ts";
import { KvstoreApp } from "./kvstoreApp.ts";

/** Dies between a block's store and the end of its height, and in the next height when everything is signed. */
const FAILING = [3, 6];

async function start(home: Home, app: KvstoreApp, comet: NodeOptions["comet"], said: string[] = []): Promise<RunningNode> {
  return startNode({ home, comet, openApp: async () => ({ app, close: async () => undefined }), log: (_level, text) => said.push(text) });
}

/** Blocks that CometBFT says it made. */
const madeIn = (said: string): number => said.split("finalizing commit of block").length - 1;

/** Runs CometBFT by itself until it ends, or has said enough and some milliseconds are over. @returns what it said */
async function runComet(binary: string, home: Home, isEnough: (said: string) => boolean = () => false, moreMs = 0): Promise<string[]> {
  const comet = spawn(binary, ["start", "--home", home.root], { stdio: ["ignore", "pipe", "ignore"] });
  const gone = once(comet.stdout, "close");
  let said = "";
  comet.stdout.setEncoding("utf8").on("data", (part: string) => {
    said += part;
  });
  while (comet.exitCode === null && comet.signalCode === null && !isEnough(said)) await sleep(20);
  await sleep(moreMs);
  comet.kill("SIGTERM");
  await gone;
  return said.split("\n");
}

test("CometBFT alone stands still after fail points 3 and 6, its operator is told, and a mended log lets it go on", async () => {
  const binary = await getComet();
  const { home, remove } = await createTestHome(binary);
  const node = await start(home, new KvstoreApp(), "external");
  try {
    const failing = await writeFailingComet(home.root, binary, FAILING);
    for (const index of FAILING) assert.ok((await runComet(failing, home)).some((line) => line.includes(`fail-test ${index} `)));
    const stuck = await runComet(binary, home, (said) => said.includes("step regression at height 2"), 3_000);
    assert.equal(madeIn(stuck.join("\n")), 0, "no block is made");
    const watch = new SigningWatch();
    const [told, ...more] = stuck.flatMap((line) => watch.look(line) ?? []);
    assert.equal(told?.code, "HZN-SIGNED");
    assert.match(told?.message ?? "", /step regression at height 2 round 0/);
    assert.equal(more.length, 0, "once");

    assert.match(mendWal(home).join(), /between storing block 1 and noting so/);
    const again = new SigningWatch();
    const mended = await runComet(binary, home, (said) => madeIn(said) > 2);
    assert.ok(madeIn(mended.join("\n")) > 2, mended.join("\n"));
    assert.deepEqual(
      mended.flatMap((line) => again.look(line) ?? []),
      [],
    );
  } finally {
    await node.stop();
    await remove();
  }
});

test("a supervised CometBFT that dies at fail points 3 and 6 in a row goes on by itself", { timeout: 600_000 }, async () => {
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
