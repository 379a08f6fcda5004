// Bundles: quoted by the node, executed by the chain, which believes neither the route nor the proof.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { QuoteBundleRequest, QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import { MsgAllowRouter, MsgMintCredit, MsgRouteBundle, MsgRouteBundleResponse } from "#proto/hanzo/hmm/v1/tx";
import { Bundle, type Sla } from "#proto/hanzo/hmm/v1/types";
import { routeMessage } from "../../app/client/route.ts";
import type { TestAccount } from "../harness/accounts.ts";
import { message, type TestMessage } from "../harness/signTx.ts";
import { type MarketScene, openMarketScene } from "./harness/marketScene.ts";
import { abciQuery } from "./harness/rpc.ts";

const AI = 10n ** 18n;

describe("bundles", () => {
  let scene: MarketScene;
  let alice: TestAccount;
  let router: TestAccount;

  before(async () => {
    scene = await openMarketScene();
    [alice, router] = [scene.account(0), scene.account(1)];
    await scene.deliverOk([alice], message(MsgMintCredit, { sender: alice.address, amount: `${500n * AI}` }));
    const allow = { sender: alice.address, router: router.address, credit: `${100n * AI}`, expiresHeight: 0n };
    await scene.deliverOk([alice], message(MsgAllowRouter, allow));
  });
  after(() => scene?.stop());

  /** A hundred minutes of a GPU, with memory; so near on average that GPUs come from the cheap pool and the near one. */
  const bundleOf = (sla: Partial<Sla> = { meanLatencyUs: 50_000n }, gpu = 6n * 10n ** 12n): Bundle =>
    Bundle.fromPartial({
      needs: [
        { resourceClass: "gpu", resource: `${gpu}` },
        { resourceClass: "vram", resource: `${8n * 10n ** 13n}` },
      ],
      sla,
    });

  async function quote(bundle: Bundle): Promise<QuoteBundleResponse> {
    const request = QuoteBundleRequest.encode({ bundle, maxLegs: 0 }).finish();
    return QuoteBundleResponse.decode(await abciQuery(scene.chain.rpc, "/hanzo.hmm.v1.RouteService/QuoteBundle", request));
  }

  /** A quoted bundle as the router buys it for Alice. */
  async function foreign(): Promise<MsgRouteBundle> {
    const bundle = bundleOf();
    return MsgRouteBundle.fromPartial(
      routeMessage(bundle, await quote(bundle), { sender: router.address, owner: alice.address, slippagePpm: 10_000n }),
    );
  }
  const asMessage = (value: MsgRouteBundle): TestMessage => message(MsgRouteBundle, value);

  it("splits a bundle over the pools of a class, at the price that it quoted, within the certified gap", async () => {
    const bundle = bundleOf();
    const quoted = await quote(bundle);
    assert.deepEqual(
      quoted.legs.map(({ leg }) => leg?.poolId),
      ["gpu", "gpu-eu", "vram-eu"],
    );
    assert.ok(BigInt(quoted.gapPpm) <= 1n, `a certified gap of at most 1 ppm, got ${quoted.gapPpm}`);
    const [shadow] = quoted.shadowPrices;
    assert.equal(shadow?.limit, "mean_latency");
    assert.ok(BigInt(shadow.nuE18) > 0n && BigInt(shadow.reached) <= 50_000n, "the limit costs something, and is kept");
    const credit = await scene.balance(alice.address, "credit");
    const route = routeMessage(bundle, quoted, { sender: alice.address, slippagePpm: 10_000n });
    const { cost, gapPpm } = (await scene.deliverOk([alice], message(MsgRouteBundle, route))).answer(MsgRouteBundleResponse);
    assert.equal(cost, quoted.cost);
    assert.equal(gapPpm, quoted.gapPpm);
    assert.equal(await scene.balance(alice.address, "credit"), credit - BigInt(cost));
    scene.assertSound();
  });

  it("lets a router spend somebody else's credit on a proven route, and what it buys goes to the payer", async () => {
    const value = await foreign();
    const before = { gpu: await scene.balance(alice.address, "ngpu"), eu: await scene.balance(alice.address, "ngpu.eu") };
    const { gapPpm } = (await scene.deliverOk([router], asMessage(value))).answer(MsgRouteBundleResponse);
    assert.ok(BigInt(gapPpm) <= 50n);
    const after = { gpu: await scene.balance(alice.address, "ngpu"), eu: await scene.balance(alice.address, "ngpu.eu") };
    assert.equal(after.gpu + after.eu - before.gpu - before.eu, 6n * 10n ** 12n);
    assert.equal(await scene.balance(router.address, "ngpu"), 0n);
    scene.assertSound();
  });

  it("refuses every certificate that was tampered with so that it proves less, and every missing one", async () => {
    const value = await foreign();
    const { certificate } = value;
    assert.ok(certificate !== undefined);
    const withPrices = (change: (mu: bigint) => bigint): MsgRouteBundle => ({
      ...value,
      certificate: { ...certificate, prices: certificate.prices.map((price) => ({ ...price, muE18: `${change(BigInt(price.muE18))}` })) },
    });
    const cases: readonly (readonly [name: string, value: MsgRouteBundle])[] = [
      ["none", { ...value, certificate: undefined }],
      ["prices a thousandth lower", withPrices((mu) => (mu * 999n) / 1000n)],
      ["prices a thousandth higher", withPrices((mu) => (mu * 1001n) / 1000n)],
      ["prices of nothing", withPrices(() => 0n)],
      ["another latency price", { ...value, certificate: { ...certificate, latencyNuE18: `${2n * BigInt(certificate.latencyNuE18)}` } }],
      ["no latency price", { ...value, certificate: { ...certificate, latencyNuE18: "0" } }],
      ["a price for a limit that was not asked for", { ...value, certificate: { ...certificate, jitterNuE18: "1" } }],
      ["a component missing", { ...value, certificate: { ...certificate, prices: certificate.prices.slice(1) } }],
      ["components in another order", { ...value, certificate: { ...certificate, prices: certificate.prices.toReversed() } }],
    ];
    const credit = await scene.balance(alice.address, "credit");
    for (const [name, tampered] of cases) assert.equal((await scene.deliver([router], asMessage(tampered))).verdict, "hmm/28", name);
    assert.equal(await scene.balance(alice.address, "credit"), credit);
    scene.assertSound();
  });

  it("refuses legs that do not serve the bundle, and routes that serve it too dearly", async () => {
    const value = await foreign();
    const changed = (change: (resource: bigint, poolId: string) => bigint): MsgRouteBundle => ({
      ...value,
      maxCost: `${100n * AI}`,
      legs: value.legs.map(({ poolId, resource }) => ({ poolId, resource: `${change(BigInt(resource), poolId)}` })),
    });
    const credit = await scene.balance(alice.address, "credit");
    const one = (by: bigint) => changed((resource, poolId) => (poolId === "gpu" ? resource + by : resource));
    assert.equal((await scene.deliver([router], asMessage(one(1n)))).verdict, "hmm/27", "a unit too many");
    assert.equal((await scene.deliver([router], asMessage(one(-1n)))).verdict, "hmm/27", "a unit too few");
    // From the cheap pool to the near one: still a route that keeps the limit, but not one that somebody else must pay.
    const moved = 10n ** 12n;
    const dearer = changed((resource, poolId) => resource + (poolId === "gpu" ? -moved : poolId === "gpu-eu" ? moved : 0n));
    const refused = await scene.deliver([router], asMessage(dearer));
    assert.equal(refused.verdict, "hmm/28", refused.log);
    assert.match(refused.log, /certified gap of \d+ ppm/);
    const farther = changed((resource, poolId) => resource + (poolId === "gpu" ? moved : poolId === "gpu-eu" ? -moved : 0n));
    const far = await scene.deliver([router], asMessage(farther));
    assert.equal(far.verdict, "hmm/27", far.log);
    assert.match(far.log, /mean_latency: expected a mean of at most 50000, got \d+/);
    assert.equal((await scene.deliver([router], asMessage({ ...value, maxCost: "1000" }))).verdict, "hmm/6");
    const stranger = scene.account(2);
    assert.equal((await scene.deliver([stranger], asMessage({ ...value, sender: stranger.address }))).verdict, "hmm/30");
    assert.equal(await scene.balance(alice.address, "credit"), credit);
    scene.assertSound();
  });

  it("names the limit that cannot be met, and by how much", async () => {
    await assert.rejects(quote(bundleOf({ meanLatencyUs: 1000n })), /mean_latency: best reachable 25\.000 ms, asked 1\.000 ms/);
    await assert.rejects(quote(bundleOf({ maxLatencyUs: 1000n })), /gpu: 0 of 6000000000000/);
    await assert.rejects(quote(bundleOf({ regions: ["moon"] })), /gpu: 0 of 6000000000000/);
    await assert.rejects(quote(bundleOf({}, 10n ** 17n)), /gpu: \d+ of 100000000000000000/);
  });
});
