import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkHealth } from "../../../cmd/hanzod/health/checkHealth.ts";
import { healthPages } from "../../../cmd/hanzod/health/healthPages.ts";

const NOW = 1_000_000_000;
const comet = { height: 5, blockTimeMs: NOW - 2_000, catchingUp: false };
const well = { storeHeight: 5n, comet, nowMs: NOW };
const rules = { maxBlockAge: 60, readyWhileCatchingUp: false };

describe("a node's health", () => {
  for (const [name, facts, rule, wrong] of [
    ["is good when everything is", well, rules, []],
    ["needs the store", { ...well, storeHeight: undefined }, rules, ["store"]],
    ["needs CometBFT", { ...well, comet: undefined }, rules, ["comet", "sync", "block"]],
    ["is not good while old blocks are fetched", { ...well, comet: { ...comet, catchingUp: true } }, rules, ["sync"]],
    [
      "may be good while old blocks are fetched",
      { ...well, comet: { ...comet, catchingUp: true, blockTimeMs: 0 } },
      { ...rules, readyWhileCatchingUp: true },
      [],
    ],
    ["needs a block of late", { ...well, comet: { ...comet, blockTimeMs: NOW - 61_000 } }, rules, ["block"]],
    ["takes a block at the limit", { ...well, comet: { ...comet, blockTimeMs: NOW - 60_000 } }, rules, []],
    ["takes any block where told", { ...well, comet: { ...comet, blockTimeMs: 0 } }, { ...rules, maxBlockAge: 0 }, []],
    ["needs a first block", { ...well, comet: { ...comet, height: 0 } }, rules, ["block"]],
    ["takes a block from a clock that is ahead", { ...well, comet: { ...comet, blockTimeMs: NOW + 5_000 } }, rules, []],
  ] as const)
    it(name, () => {
      const checks = checkHealth(facts, rule);
      assert.deepEqual(
        checks.filter(({ ok }) => !ok).map(({ name: part }) => part),
        wrong,
      );
      assert.deepEqual(
        checks.map(({ name: part }) => part),
        ["store", "comet", "sync", "block"],
      );
    });

  it("is told to probes: alive always, ready with 200 or 503, in parts with ?verbose", async () => {
    let facts: Parameters<typeof checkHealth>[0] = well;
    const pagesOf = () => healthPages(async () => checkHealth(facts, rules));
    const get = async (path: string, search = "") => (await pagesOf().get(path)?.(new URLSearchParams(search))) ?? assert.fail(path);
    assert.deepEqual([(await get("/livez")).status, (await get("/readyz")).status, (await get("/healthz")).body], [200, 200, "ok\n"]);
    facts = { ...well, comet: undefined };
    assert.equal((await get("/livez")).status, 200);
    const ready = await get("/readyz");
    assert.equal(ready.status, 503);
    assert.match(ready.body, /comet: CometBFT's RPC does not answer/);
    const verbose = await get("/healthz", "verbose");
    assert.equal(verbose.status, 503);
    const { ready: isReady, checks } = JSON.parse(verbose.body) as { ready: boolean; checks: readonly { name: string; ok: boolean }[] };
    assert.equal(isReady, false);
    assert.equal(checks.find(({ name }) => name === "store")?.ok, true);
  });

  it("is looked at once for probes that come together", async () => {
    let looks = 0;
    const pages = healthPages(async () => {
      looks++;
      return checkHealth(well, rules);
    });
    await Promise.all(Array.from({ length: 20 }, () => pages.get("/readyz")?.(new URLSearchParams())));
    assert.equal(looks, 1);
  });
});
