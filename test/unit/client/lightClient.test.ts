import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { headerHash } from "../../../app/client/light/headerHash.ts";
import { createLightClient, type LightClient, type LightClientOptions } from "../../../app/client/light/lightClient.ts";
import { LightError, type LightErrorName } from "../../../app/client/light/lightError.ts";
import { CHAIN_START_NS, createLightChain, type LightChain, type Member } from "../../harness/lightChain.ts";

const SECOND = 1_000_000_000n;
const chainId = "light-1";
const LENGTH = 64;
const power = 10n;
/** Four validators; every eight blocks the eldest leaves and a new one comes. */
const rotating = (height: number): readonly Member[] =>
  Array.from({ length: 4 }, (_, index) => ({ seed: Math.floor(height / 8) + index, power }));
const chain = createLightChain({ chainId, length: LENGTH, members: rotating });
const nowNs = (): bigint => CHAIN_START_NS + BigInt(LENGTH) * SECOND;

const open = (from: LightChain, height: number, options: Partial<LightClientOptions> = {}): Promise<LightClient> =>
  createLightClient({
    chainId,
    provider: from.provider,
    trust: { height: BigInt(height), hash: headerHash(chain.block(height).header) },
    nowNs,
    ...options,
  });

const refuses = (kind: LightErrorName, call: () => Promise<unknown>): Promise<void> =>
  assert.rejects(call, (error) => error instanceof LightError && error.kind === kind);

describe("a light client", () => {
  it("goes to the newest header through as few headers as the validators' changes need", async () => {
    const client = await open(chain, 1);
    chain.asked.length = 0;
    const header = await client.update();
    assert.equal(header.height, BigInt(LENGTH));
    assert.deepEqual(client.latest(), header);
    assert.ok(chain.asked.length > 1, "one jump cannot be enough: no validator stayed");
    assert.ok(chain.asked.length < 12, `fewer than twelve headers expected, got ${chain.asked.join(", ")}`);
  });

  it("jumps at once when the validators stay", async () => {
    const steady = createLightChain({ chainId, length: LENGTH, members: () => rotating(1) });
    const client = await open(steady, 1, { trust: { height: 1n, hash: headerHash(steady.block(1).header) } });
    steady.asked.length = 0;
    await client.verifiedHeader(BigInt(LENGTH));
    assert.deepEqual(steady.asked, [BigInt(LENGTH)]);
  });

  it("goes back header by header, and forward again from there", async () => {
    const client = await open(chain, 20);
    chain.asked.length = 0;
    assert.equal((await client.verifiedHeader(15n)).height, 15n);
    assert.deepEqual(chain.asked, [19n, 18n, 17n, 16n, 15n]);
    assert.equal((await client.verifiedHeader(17n)).height, 17n);
    assert.equal(client.latest().height, 20n);
  });

  it("asks once for a header that it knows", async () => {
    const client = await open(chain, 30);
    await client.verifiedHeader(33n);
    chain.asked.length = 0;
    await Promise.all([client.verifiedHeader(33n), client.verifiedHeader(30n)]);
    assert.deepEqual(chain.asked, []);
  });

  it("keeps what it trusted when a later header is refused", async () => {
    const forked = createLightChain({
      chainId,
      length: LENGTH,
      members: (height) => (height < 40 ? rotating(height) : [{ seed: 99, power }]),
    });
    const client = await open(chain, 30, {
      provider: { ...chain.provider, lightBlock: (height) => (height > 40n ? forked.provider : chain.provider).lightBlock(height) },
    });
    await refuses("wrongNextValidators", () => client.verifiedHeader(50n));
    assert.equal(client.latest().height, 30n);
    assert.equal((await client.verifiedHeader(40n)).height, 40n);
  });

  it("refuses a header that a witness contradicts", async () => {
    const twin = createLightChain({ chainId, length: LENGTH, members: rotating, salt: 1 });
    await (await open(chain, 1, { witnesses: [chain.provider] })).update();
    await refuses("conflict", async () => (await open(chain, 1, { witnesses: [chain.provider, twin.provider] })).update());
  });

  it("refuses another header than the trusted one to begin with", () =>
    refuses("wrongTrust", () => open(createLightChain({ chainId, length: 5, members: rotating, salt: 1 }), 3)));
  it("refuses a header of another height than it asked for", async () => {
    const client = await open(chain, 1, {
      provider: { ...chain.provider, lightBlock: (height) => chain.provider.lightBlock(height === 1n ? 1n : height - 1n) },
    });
    await refuses("wrongHeight", () => client.verifiedHeader(9n));
  });
  it("refuses heights that no chain has", async () => {
    const client = await open(chain, 1);
    await refuses("wrongHeight", () => client.verifiedHeader(0n));
    await refuses("notCommitted", () => client.verifiedHeader(BigInt(LENGTH) + 1n));
  });
  it("refuses to start from a header whose time is over, and to go on from one", async () => {
    const late = CHAIN_START_NS + 3600n * SECOND;
    await refuses("expired", () => open(chain, 1, { nowNs: () => late, trustingPeriodNs: 60n * SECOND }));
    let now = nowNs();
    const client = await open(chain, 60, { nowNs: () => now, trustingPeriodNs: 60n * SECOND });
    now = late;
    await refuses("expired", () => client.verifiedHeader(61n));
    await refuses("expired", () => client.verifiedHeader(59n));
    await refuses("expired", () => client.verifiedHeader(60n));
  });

  const WRONG: readonly [name: string, options: Partial<LightClientOptions>][] = [
    ["no chain id", { chainId: "" }],
    ["a trusted height of 0", { trust: { height: 0n, hash: new Uint8Array(32) } }],
    ["a trusted hash of 20 bytes", { trust: { height: 1n, hash: new Uint8Array(20) } }],
    ["no trusting period", { trustingPeriodNs: 0n }],
    ["a negative clock drift", { clockDriftNs: -1n }],
    ["a trust level below a third", { trustLevel: { numerator: 1n, denominator: 4n } }],
    ["a trust level above one", { trustLevel: { numerator: 3n, denominator: 2n } }],
    ["a trust level by zero", { trustLevel: { numerator: 1n, denominator: 0n } }],
  ];
  for (const [name, options] of WRONG) it(`refuses ${name}`, () => refuses("badOptions", () => open(chain, 1, options)));
});
