import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Command } from "commander";
import { QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import { hmmCommand } from "../../../cmd/hanzod/command/hmm.ts";
import { readWordTree } from "../../../cmd/hanzod/completion/wordTree.ts";
import { readBundle } from "../../../cmd/hanzod/hmm/bundleOptions.ts";
import { noRoute } from "../../../cmd/hanzod/hmm/routeCommand.ts";
import { loadRoute, saveRoute } from "../../../cmd/hanzod/hmm/routeFile.ts";
import { formatRoute, formatShadowPrice, routeJson } from "../../../cmd/hanzod/hmm/routeReport.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { toJson } from "../../../cmd/shared/output.ts";
import { refusal } from "./hmmFake.ts";

const HOUR = 3600n * 10n ** 9n;
const folder = mkdtempSync(join(tmpdir(), "hz-route-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const BUNDLE = readBundle({ gpu: "1h", vram: "40GiB-h", meanLatency: "50ms", near: "eu", maxRemote: "20%" });
const ROUTE = QuoteBundleResponse.fromPartial({
  legs: [
    {
      leg: { poolId: "gpu-eu", resource: HOUR.toString() },
      resourceClass: "gpu",
      trade: { resource: HOUR.toString(), credit: "1900000000000000000", impactBps: 7n },
    },
    { leg: { poolId: "vram", resource: (40n * HOUR).toString() }, resourceClass: "vram", trade: { credit: "1450000000000000000" } },
  ],
  cost: "3350000000000000000",
  classes: [
    { resourceClass: "gpu", resource: HOUR.toString(), cost: "1900000000000000000", priceE18: "530000000000000000000000" },
    { resourceClass: "vram", resource: (40n * HOUR).toString(), cost: "1450000000000000000" },
  ],
  shadowPrices: [
    { limit: "mean_latency", nuE18: "12300000000000000000000000000000", reached: "50000", bound: "50000" },
    { limit: "remote", nuE18: "0", reached: "150000", bound: "200000" },
  ],
  certificate: { prices: [{ resourceClass: "gpu", muE18: "5" }], latencyNuE18: "12300000000000000000000000000000" },
  gapPpm: "1",
  extraCost: "",
  height: 77n,
});
const EU = { group: "eu-1", region: "eu", tier: 2, latencyUs: 25_000n, jitterUs: 2000n };
const REPORT = { bundle: BUNDLE, route: ROUTE, services: new Map([["gpu-eu", EU]]) };

describe("a bundle on the command line", () => {
  test("has its classes in order and its limits in microseconds and millionths", () => {
    const options = { vram: "40GiB-h", gpu: "1h", need: ["fpga=7base"], maxLatency: "80ms", meanJitter: "5ms", region: "us,eu", tier: 1 };
    const { needs, sla, colocated } = readBundle({ ...options, near: "eu", maxRemote: "20%", colocate: "vram,gpu" });
    assert.deepEqual(needs, [
      { resourceClass: "fpga", resource: "7" },
      { resourceClass: "gpu", resource: HOUR.toString() },
      { resourceClass: "vram", resource: (40n * HOUR).toString() },
    ]);
    assert.deepEqual(sla, {
      maxLatencyUs: 80_000n,
      meanLatencyUs: 0n,
      meanJitterUs: 5000n,
      regions: ["eu", "us"],
      nearRegions: ["eu"],
      maxRemotePpm: 200_000,
      minTier: 1,
    });
    assert.deepEqual(colocated, ["gpu", "vram"]);
  });

  test("is refused where it says nothing, twice the same, or what cannot be", () => {
    const cases: readonly (readonly [Parameters<typeof readBundle>[0], RegExp])[] = [
      [{}, /expected at least one amount/],
      [{ gpu: "1h", need: ["gpu=1h"] }, /gpu: expected one amount, got two/],
      [{ gpu: "1h", maxRemote: "20%" }, /--max-remote says nothing without --near/],
      [{ gpu: "1h", colocate: "gpu,vram" }, /--colocate: expected two or more of gpu, got gpu,vram/],
      [{ gpu: "1h", ram: "1GiB-h", colocate: "gpu" }, /--colocate: expected two or more of gpu, ram/],
      [{ vram: "1h" }, /vram: expected GiB-hours such as 40GiB-h, got 1h/],
    ];
    for (const [options, text] of cases) assert.throws(() => readBundle(options), text);
  });
});

describe("a route", () => {
  test("is shown with legs, prices at the margin, shadow prices in plain words and the certified gap", () => {
    const text = formatRoute(REPORT, "buy it");
    assert.match(text, /^gpu-eu +gpu +1 GPU-h +1\.9 AI +1\.9 AI\/GPU-h +7 bps +eu +25 ms$/m);
    assert.match(text, /^vram +vram +40 GiB-h +1\.45 AI +0\.03625 AI\/GiB-h +0 bps +- +-$/m);
    assert.match(text, /^gpu +1 GPU-h +1\.9 AI +1\.908 AI\/GPU-h$/m);
    assert.match(text, /^vram +40 GiB-h +1\.45 AI +with the class it is placed with$/m);
    assert.match(text, /^limit {5}mean latency: limit 50 ms, reached 50 ms; 1 ms more mean latency would save 0\.0123 AI$/m);
    assert.match(text, /^limit {5}part outside eu: limit 20 %, reached 15 %; it costs nothing$/m);
    assert.match(text, /^total {5}3\.35 AI, all fees included, for 2 legs at height 77$/m);
    assert.match(text, /^proof {5}no route costs less by more than 1 ppm/m);
    assert.match(text, / {2}next: buy it$/);
    assert.doesNotMatch(text, /^legs/m);
    assert.match(formatRoute({ ...REPORT, route: { ...ROUTE, extraCost: "5000000000000000" } }, ""), /^legs .* costs 0\.005 AI more$/m);
  });

  test("is shown to machines in base units", () => {
    const json = JSON.parse(toJson(routeJson(REPORT))) as Record<string, unknown>;
    assert.deepEqual(Object.keys(json), [
      "height",
      "cost",
      "extraCost",
      "gapPpm",
      "needs",
      "legs",
      "classes",
      "shadowPrices",
      "certificate",
    ]);
    assert.deepEqual([json["height"], json["cost"], json["extraCost"], json["gapPpm"]], ["77", ROUTE.cost, "0", "1"]);
    assert.deepEqual((json["legs"] as readonly object[])[0], {
      poolId: "gpu-eu",
      resourceClass: "gpu",
      resource: HOUR.toString(),
      credit: "1900000000000000000",
      priceBeforeE18: "",
      priceAfterE18: "",
      impactBps: "7",
      region: "eu",
      latencyUs: "25000",
    });
    assert.deepEqual((json["shadowPrices"] as readonly object[])[1], { limit: "remote", nuE18: "0", reached: "150000", bound: "200000" });
  });

  test("tells what one percent more outside of the near regions would save", () => {
    const shadow = { limit: "remote", nuE18: "100000000000000000000000000000", reached: "200000", bound: "200000" };
    assert.match(formatShadowPrice(shadow, ["eu", "us"]), /1 % more of the job outside eu, us would save 0\.001 AI$/);
    assert.match(formatShadowPrice({ ...shadow, limit: "new" }, []), /^new: limit 200000/);
  });

  test("comes back from its file as it was, and anything else is no route", () => {
    const path = join(folder, "route.json");
    const saved = { chainId: "hanzo-local-1", bundle: BUNDLE, route: ROUTE };
    saveRoute(path, saved);
    assert.deepEqual(loadRoute(path), saved);
    const text = readFileSync(path, "utf8");
    for (const broken of ["", "{}", "[]", "null", text.replace("hanzo/route/v1", "hanzo/route/v2"), text.replace('"cost"', '"price"')]) {
      writeFileSync(path, broken);
      assert.throws(() => loadRoute(path), /is no saved route/, broken.slice(0, 40));
    }
    assert.throws(() => saveRoute(join(folder, "no", "route.json"), saved), /cannot be saved/);
  });

  test("that cannot be is refused with the market's code and the limit in the way", () => {
    const infeasible = "mean_latency: expected a mean of at most 10000, the fastest pools reach 25000: bundle cannot be met";
    assert.throws(
      () => noRoute(refusal(infeasible)),
      (thrown) =>
        thrown instanceof CliError &&
        thrown.message === "no route meets these limits: codespace hmm code 27" &&
        thrown.why === infeasible &&
        thrown.refusal?.code === 27,
    );
    assert.throws(
      () => noRoute(refusal("needs: expected 1 to 16 classes, got 0: invalid bundle")),
      /there is no route: codespace hmm code 26/,
    );
    assert.throws(() => noRoute(new Error("broken pipe")), /^Error: broken pipe$/);
  });
});

test("the shell completes the group's commands and their flags", () => {
  const tree = new Map(readWordTree(new Command("hanzod").addCommand(hmmCommand())).map((node) => [node.path, node]));
  assert.deepEqual(tree.get("hmm")?.commands, ["pools", "pool", "quote", "route", "buy-route", "orders", "seal", "reveal", "invariants"]);
  for (const flag of ["--gpu", "--max-latency", "--colocate", "--max-legs", "--save", "--json", "--node", "--help"])
    assert.ok(tree.get("hmm route")?.flags.includes(flag), flag);
  for (const flag of ["--slippage", "--from", "--gas", "--dry-run"]) assert.ok(tree.get("hmm buy-route")?.flags.includes(flag), flag);
});
