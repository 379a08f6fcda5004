// `make run`: the job before one's eyes, a line per block, Ctrl-C stops everything, the next run goes on with the same chain.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { LOCAL_CHAIN_ID } from "../../app/hanzo.ts";
import { localAddresses } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { isPortFree } from "../../cmd/hanzod/node/ports.ts";
import { findRunning } from "../../cmd/hanzod/node/processIdentity.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { HANZOD, killComet } from "./harness/nodeProcess.ts";

const PATIENCE_MS = 300_000;

/** What one run printed, by lines. */
interface Run {
  readonly lines: readonly string[];
  readonly code: number | null;
  /** Identity of its CometBFT. */
  readonly comet: string;
}

describe("hanzod localnet", () => {
  let chain: ChainHome;
  before(async () => {
    // As the command makes it, but on free ports.
    chain = await createChainHome(100, LOCAL_CHAIN_ID);
  });
  after(async () => {
    await killComet(chain);
    await chain.remove();
  });

  /** Runs until three lines about blocks are there, and one of a height beyond `height`, then presses Ctrl-C. */
  async function runOnce(height = 0): Promise<Run> {
    const child = spawn(process.execPath, [HANZOD, "localnet", "--home", chain.home.root], { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
    const deadline = performance.now() + PATIENCE_MS;
    const isEnough = (): boolean => {
      const heights = heightsIn(text);
      return heights.length >= 3 && Math.max(...heights) > height;
    };
    while (!isEnough() && child.exitCode === null && performance.now() < deadline) await sleep(50);
    const comet = await readFile(chain.home.run.cometPid, "utf8").catch(() => "");
    child.kill("SIGINT");
    return { code: await exited, lines: text.split("\n"), comet };
  }

  const lineOf = ({ lines }: Run, start: string): string =>
    lines.find((line) => line.startsWith(start)) ?? assert.fail(`${start} in:\n${lines.join("\n")}`);
  const heightsIn = (text: string): number[] => [...text.matchAll(/^block (\d+)/gm)].map(([, height]) => Number(height));

  it("shows the purchase, endpoints, accounts and blocks, and ends cleanly; a second run continues the chain", async () => {
    const first = await runOnce();
    assert.equal(first.code, 0, first.lines.join("\n"));
    assert.match(lineOf(first, "quote"), /GPU-seconds for .* credit/);
    assert.match(lineOf(first, "tx "), /[0-9A-F]{64} .*height \d+ .*gas \d+/);
    assert.match(lineOf(first, "price"), /→/);
    assert.match(lineOf(first, "fees"), /burn .*treasury .*liquidity providers/);
    assert.equal(first.lines.filter((line) => line.startsWith("balances")).length, 2);
    for (const address of await localAddresses())
      assert.ok(
        first.lines.some((line) => line.includes(address)),
        address,
      );
    for (const url of [chain.rpc, chain.rest])
      assert.ok(
        first.lines.some((line) => line.includes(url)),
        url,
      );
    assert.equal(first.lines.filter((line) => line !== "").at(-1), "stopped");
    assert.notEqual(first.comet, "");
    assert.equal(await findRunning(first.comet), undefined, "CometBFT has ended");
    for (const url of [chain.rpc, chain.rest]) assert.ok(await isPortFree(Number(new URL(url).port)), `${url} is free again`);

    // A run begins with the newest blocks, which the run before may have shown too; it ends above them.
    const last = Math.max(...heightsIn(first.lines.join("\n")));
    const second = await runOnce(last);
    assert.equal(second.code, 0, second.lines.join("\n"));
    assert.ok(Math.max(...heightsIn(second.lines.join("\n"))) > last, "heights go on");
    const price = / ([\d.,]+) →/.exec(lineOf(second, "price"))?.[1];
    assert.notEqual(price, / ([\d.,]+) →/.exec(lineOf(first, "price"))?.[1], "the market remembers the first purchase");
  });
});
