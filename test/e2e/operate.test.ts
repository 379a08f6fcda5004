// A node as its operator sees it: probes, metrics, log, settings at run time, halting.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { EXIT } from "../../cmd/hanzod/node/nodeError.ts";
import { findFreePort } from "../../cmd/hanzod/node/ports.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { HANZOD, spawnNode } from "./harness/nodeProcess.ts";
import { waitForHeight } from "./harness/rpc.ts";

const run = promisify(execFile);

describe("a node and its operator", () => {
  let chain: ChainHome;
  before(async () => {
    chain = await createChainHome();
  });
  after(() => chain.remove());

  const hanzod = (...words: string[]) => run(process.execPath, [HANZOD, ...words, "--home", chain.home.root]);

  it("answers probes and scrapes, says ready only while it is, and changes its log while it runs", async () => {
    const node = spawnNode(chain, ["--log-format", "json", "--log-level", "warn"]);
    try {
      await node.ready();
      await waitForHeight(chain.rpc, 3);
      // The REST port opens when CometBFT runs already.
      await until(async () => (await fetch(`${chain.rest}/livez`).catch(() => undefined))?.status === 200, node.output);
      for (const path of ["livez", "readyz", "healthz"]) {
        const answer = await fetch(`${chain.rest}/${path}`);
        assert.equal(answer.status, 200, `${path}: ${await answer.text()}`);
      }
      const parts = (await (await fetch(`${chain.rest}/healthz?verbose`)).json()) as { readonly ready: boolean };
      assert.equal(parts.ready, true);
      const metrics = await (await fetch(`${chain.rest}/metrics`)).text();
      assert.ok(Number(/^hanzo_block_height (\d+)$/m.exec(metrics)?.[1]) >= 3, metrics);
      for (const line of ["hanzo_comet_up 1", "hanzo_comet_starts_total 1", "hanzo_mempool_txs 0"])
        assert.ok(metrics.includes(`${line}\n`), line);
      // Every block changes the state: the thread that writes it may be some blocks behind, and catches up.
      const scrape = async (): Promise<string> => (await fetch(`${chain.rest}/metrics`)).text();
      await until(async () => /^hanzo_store_flat_lag_blocks \d$/m.test(await scrape()), node.output);
      assert.ok(Number(/^hanzo_store_log_bytes (\d+)$/m.exec(metrics)?.[1]) > 0);
      assert.ok(!/^hanzo_store_commit_seconds_count 0$/m.test(metrics));
      // A path that is nobody's is refused as before.
      assert.equal((await fetch(`${chain.rest}/livezz`)).status, 501);
      assert.equal((await fetch(`${chain.rest}/livez`, { method: "POST" })).status, 501);
    } finally {
      assert.equal(await node.end("SIGTERM"), 0, node.output());
    }
    for (const line of node
      .output()
      .split("\n")
      .filter((text) => text !== ""))
      assert.equal(typeof JSON.parse(line), "object", line);
  });

  it("reads its settings again at hanzod config reload: levels at once, the rest at the next start", async () => {
    await hanzod("config", "set", "log-level", "error");
    const node = spawnNode(chain);
    try {
      await node.ready();
      await hanzod("config", "set", "log-level", "warn,state:debug");
      await hanzod("config", "set", "api.max-open-connections", "77");
      await hanzod("config", "reload");
      await until(() => /debug state: block committed height=\d+ txs=0/.test(node.output()), node.output);
      assert.match(node.output(), /settings read again; log-level is warn,state:debug; at the next start: api\.max-open-connections/);
    } finally {
      assert.equal(await node.end("SIGTERM"), 0, node.output());
    }
    await hanzod("config", "set", "log-level", "info");
  });

  it("serves metrics and health on their own address, also without REST", async () => {
    const port = await findFreePort();
    const node = spawnNode(chain, ["--telemetry.address", `tcp://127.0.0.1:${port}`, "--api.enable=false"]);
    try {
      await node.ready();
      const at = `http://127.0.0.1:${port}`;
      await until(async () => (await fetch(`${at}/readyz`).catch(() => undefined))?.status === 200, node.output);
      assert.match(await (await fetch(`${at}/metrics`)).text(), /^process_resident_memory_bytes \d+$/m);
      assert.equal((await fetch(`${at}/cosmos/bank/v1beta1/params`)).status, 404);
      assert.equal((await fetch(`${at}/readyz`, { method: "POST" })).status, 405);
      await assert.rejects(fetch(`${chain.rest}/livez`));
    } finally {
      assert.equal(await node.end("SIGTERM"), 0, node.output());
    }
  });

  it("stops in order when nobody reads its log any more", async () => {
    const node = spawnNode(chain, ["--log-level", "state:debug"]);
    await node.ready();
    node.child.stderr?.destroy();
    assert.equal(await node.exited, EXIT.ok);
    assert.ok(!existsSync(chain.home.run.lock), "the lock was released");
  });

  it("halts after the height it was told, and does not start again before it is told otherwise", async () => {
    await startAndStop();
    // What the validator signed last is at most one block ahead of what was committed before the node ended.
    const signed = JSON.parse(await readFile(chain.home.data.privValidatorState, "utf8")) as { readonly height: string };
    const halt = Number(signed.height) + 3;
    const node = spawnNode(chain, ["--halt-height", String(halt)]);
    assert.equal(await node.exited, EXIT.ok, node.output());
    assert.match(node.output(), new RegExp(`height ${halt} is committed and the node halts`));
    const again = spawnNode(chain, ["--halt-height", String(halt)]);
    assert.equal(await again.exited, EXIT.config, again.output());
    assert.match(again.output(), new RegExp(`HZN-HALT: the chain is at height ${halt}, and halt-height = ${halt}`));
    const late = spawnNode(chain, ["--halt-time", "1"]);
    assert.equal(await late.exited, EXIT.config, late.output());
    assert.match(late.output(), /HZN-HALT.*halt-time = 1/);
    assert.ok((await startAndStop()).height >= halt);
  });

  async function startAndStop(): Promise<{ readonly height: number }> {
    const node = spawnNode(chain);
    try {
      await node.ready();
      const status = (await (await fetch(`${chain.rpc}/status`)).json()) as {
        readonly result: { readonly sync_info: { readonly latest_block_height: string } };
      };
      return { height: Number(status.result.sync_info.latest_block_height) };
    } finally {
      await node.end("SIGTERM");
    }
  }

  it("has an app.toml with a comment to every key", async () => {
    const text = await readFile(chain.home.config.app, "utf8");
    assert.match(text, /# the node stops after it has committed this height; 0 never\.\n# .*HANZOD_HALT_HEIGHT.*\nhalt-height = 0\n/);
  });
});

async function until(condition: () => boolean | Promise<boolean>, output: () => string): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (await condition()) return;
    await sleep(100);
  }
  assert.fail(`not within five minutes:\n${output()}`);
}
