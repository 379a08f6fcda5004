// Pools opened and changed by the authority, and paused by themselves.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MsgAddLiquidityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Params } from "#proto/hanzo/hmm/v1/types";
import { maxReserveRatio } from "../../../modules/hmm/curve/limits.ts";
import { priceE18 } from "../../../modules/hmm/curve/math.ts";
import { firstShares } from "../../../modules/hmm/liquidity/shares.ts";
import { AUTHORITY, alice, bob, E18, endBlocks, openSmall, poolOf, positionOf, twapOf } from "./liquidityMarket.ts";
import { ACCOUNT, accountOf, type MemoryMarket, refusal } from "./memoryMarket.ts";

const TPU = {
  authority: AUTHORITY,
  poolId: "tpu",
  denom: "ntpu",
  resourceClass: "tpu",
  service: { group: "north", region: "eu-north", tier: 2, latencyUs: 900n, jitterUs: 40n },
  centreE18: (2n * E18).toString(),
  wE18: E18.toString(),
  lambdaE18: (E18 / 20n).toString(),
  marketFeeE18: (3n * 10n ** 15n).toString(),
  riskE18: (E18 / 10n).toString(),
};

const create = (m: MemoryMarket, request: object = {}): unknown => m.send("CreatePool", { ...TPU, ...request });
const update = (m: MemoryMarket, request: object): unknown => m.send("UpdatePool", { authority: AUTHORITY, poolId: "gpu", ...request });
const setStatus = (m: MemoryMarket, status: number): unknown => m.send("SetPoolStatus", { authority: AUTHORITY, poolId: "gpu", status });
const lastEvent = (m: MemoryMarket, type: string): Record<string, string> | undefined => {
  const event = m.events.findLast((e) => e.type === `hanzo.hmm.v1.${type}`);
  return event && Object.fromEntries(event.attributes.map(({ key, value }) => [key, value]));
};

/** Alice commits capacity to the new pool: nothing else can mint its resource. */
function commit(m: MemoryMarket, units: bigint): bigint {
  m.bank.mint(m.ctx, alice, "atest", 10n ** 14n);
  m.send("MintCredit", { sender: alice, amount: (2n * 10n ** 13n).toString() });
  const bond = { bond: (10n ** 13n).toString(), blocks: 1000n, askE18: "" };
  const request = { sender: alice, poolId: "tpu", resource: units.toString(), ...bond };
  return m.send<{ commitmentId: bigint }>("CommitCapacity", request).commitmentId;
}

test("a created pool takes its first deposit whole, from a commitment, and trades from then on", () => {
  const m = openSmall();
  create(m);
  assert.deepEqual([poolOf(m, "tpu").shares, poolOf(m, "tpu").psi, poolOf(m, "tpu").service.region], [0n, 0n, "eu-north"]);
  m.requireInvariants();
  m.endBlock();
  m.requireInvariants();
  const commitmentId = commit(m, 10n ** 12n);
  const buy = (): unknown => m.send("BuyExactOut", { sender: bob, poolId: "tpu", amountOut: "1000000", maxCredit: "100000000" });
  assert.throws(buy, refusal("hmm", 4));
  assert.throws(() => m.send("AddSingleSided", { sender: bob, poolId: "tpu", credit: "1000000" }), refusal("hmm", 4, /no reserves yet/));
  const deposit = {
    sender: alice,
    poolId: "tpu",
    maxResource: (10n ** 12n).toString(),
    maxCredit: (3n * 10n ** 12n).toString(),
    commitmentId,
  };
  const added = m.send<MsgAddLiquidityResponse>("AddLiquidity", deposit);
  const pool = poolOf(m, "tpu");
  assert.deepEqual([pool.psi, pool.theta, pool.psiRef, pool.block.psi], [10n ** 12n, 3n * 10n ** 12n, 10n ** 12n, 10n ** 12n]);
  assert.equal(pool.shares, firstShares(pool));
  assert.deepEqual([BigInt(added.shares), positionOf(m, alice, "tpu")?.shares], [pool.shares - 1000n, pool.shares - 1000n]);
  assert.equal(positionOf(m, ACCOUNT, "tpu")?.shares, 1000n);
  m.requireInvariants();
  buy();
  assert.ok(poolOf(m, "tpu").block.fees > 0n);
  m.endBlock();
  assert.equal(m.query<{ priceE18: string }>("Twap", { poolId: "tpu" }).priceE18, priceE18(poolOf(m, "tpu")).toString());
  m.requireInvariants();
});

test("a first deposit must give enough shares and lie inside the curve's range", () => {
  const m = openSmall();
  create(m);
  const commitmentId = commit(m, 10n ** 12n);
  const add =
    (psi: bigint, theta: bigint, minShares = "") =>
    (): unknown =>
      m.send("AddLiquidity", { sender: alice, poolId: "tpu", maxResource: `${psi}`, maxCredit: `${theta}`, minShares, commitmentId });
  assert.throws(add(1000n, 2000n), refusal("hmm", 9, /at least 1000000 shares, got 2000/));
  const { num, den } = maxReserveRatio(poolOf(m, "tpu"));
  assert.throws(add(10n ** 9n, (2n * 10n ** 9n * num) / den + 10n ** 9n), refusal("hmm", 9, /credit worth at most 379/));
  assert.throws(add(10n ** 9n, 999n), refusal("hmm", 9));
  assert.throws(add(10n ** 6n, 2n * 10n ** 6n, "2000000"), refusal("hmm", 6, /expected at least 2000000 shares, got 1999000/));
  add(10n ** 6n, 2n * 10n ** 6n, "1999000")();
  m.requireInvariants();
});

test("the first depositor cannot inflate a share to take from the second", () => {
  const m = openSmall();
  create(m);
  const commitmentId = commit(m, 10n ** 12n);
  const add = { poolId: "tpu", commitmentId };
  m.send("AddLiquidity", { ...add, sender: alice, maxResource: "500000", maxCredit: "1000000" });
  // A gift to the market's account is not part of the reserves, so it makes no share dearer.
  m.bank.send(m.ctx, alice, ACCOUNT, "credit", 10n ** 12n);
  m.send("AddLiquidity", { sender: alice, ...add, maxResource: "50000", maxCredit: "100000" });
  const { shares, theta } = poolOf(m, "tpu");
  assert.equal(shares, theta, "a share is worth one unit of credit, as at the start");
  m.requireInvariants();
});

test("deposits take a commitment's units of the same pool only, and only its owner's", () => {
  const m = openSmall();
  create(m);
  const commitmentId = commit(m, 10n ** 6n);
  const add = (request: object) => (): unknown =>
    m.send("AddLiquidity", { sender: alice, poolId: "tpu", maxResource: "1000000", maxCredit: "2000000", commitmentId, ...request });
  assert.throws(add({ poolId: "gpu" }), refusal("hmm", 31, /for pool "gpu", got \d+ for pool "tpu"/));
  assert.throws(add({ commitmentId: 10n ** 6n }), refusal("hmm", 31));
  assert.throws(add({ sender: bob }), refusal("hmm", 20));
  assert.throws(add({ maxResource: "1000001" }), refusal("hmm", 34));
  add({})();
  m.requireInvariants();
});

test("only the authority opens and changes pools", () => {
  const m = openSmall();
  for (const [name, request] of [
    ["CreatePool", TPU],
    ["UpdatePool", { poolId: "gpu", riskE18: "0" }],
    ["SetPoolStatus", { poolId: "gpu", status: 2 }],
  ] as const)
    assert.throws(() => m.send(name, { ...request, authority: alice }), refusal("gov", 13));
});

/** What is wrong with a pool to create, and its refusal. */
const WRONG: readonly [string, object, number, RegExp][] = [
  ["identifier", { poolId: "Tpu" }, 3, /pool_id/],
  ["identifier taken", { poolId: "gpu" }, 35, /identifier that no pool has/],
  ["denomination of a pool", { denom: "ngpu" }, 35, /no pool, the credit or the native coin has/],
  ["denomination of the credit", { denom: "credit" }, 35, /no pool, the credit/],
  ["denomination of the native coin", { denom: "atest" }, 35, /no pool, the credit/],
  ["denomination with supply", { denom: "old" }, 35, /without supply, got 7old/],
  ["denomination", { denom: "!" }, 17, /pool.denom/],
  ["class", { resourceClass: "" }, 17, /pool.resource_class/],
  ["region", { service: { ...TPU.service, region: "r".repeat(33) } }, 17, /pool.service.region: expected at most 32 characters, got 33/],
  ["centre", { centreE18: "0" }, 2, /centre_e18/],
  ["centre too wide", { centreE18: (1n << 112n).toString() }, 17, /centre_e18/],
  ["lambda above w/2", { lambdaE18: (E18 / 2n + 1n).toString() }, 17, /lambda_e18: expected at most half/],
  ["weight", { wE18: (101n * E18).toString() }, 17, /w_e18/],
  ["market fee", { marketFeeE18: (E18 / 20n + 1n).toString() }, 17, /market_fee_e18/],
  ["risk of a third", { riskE18: (E18 / 3n + 1n).toString() }, 17, /risk_e18/],
];

for (const [name, request, code, text] of WRONG) {
  test(`a pool is not created with a wrong ${name}`, () => {
    const m = openSmall();
    m.bank.mint(m.ctx, alice, "old", 7n);
    assert.throws(() => create(m, request), refusal("hmm", code, text));
  });
}

test("fees and service change at once, and empty fields stay", () => {
  const m = openSmall();
  const before = poolOf(m);
  update(m, { marketFeeE18: (5n * 10n ** 15n).toString() });
  assert.deepEqual(poolOf(m), { ...before, marketFeeE18: 5n * 10n ** 15n });
  update(m, { dynamicRisk: true });
  assert.deepEqual([poolOf(m).dynamicRisk, poolOf(m).riskE18], [true, E18 / 20n]);
  update(m, { riskE18: "7" });
  assert.deepEqual([poolOf(m).dynamicRisk, poolOf(m).riskE18], [false, 7n]);
  update(m, { service: { group: "g", region: "r", tier: 1, latencyUs: 5n, jitterUs: 6n } });
  assert.equal(poolOf(m).service.latencyUs, 5n);
  assert.deepEqual(lastEvent(m, "EventPoolUpdated")?.["riskE18"], "7");
  m.endBlock();
  m.requireInvariants();
});

test("pools are not updated out of their ranges", () => {
  const m = openSmall();
  assert.throws(() => update(m, { marketFeeE18: (E18 / 20n + 1n).toString() }), refusal("hmm", 17, /market_fee_e18/));
  assert.throws(() => update(m, { riskE18: (E18 / 3n + 1n).toString() }), refusal("hmm", 17, /risk_e18/));
  assert.throws(() => update(m, { riskE18: "1", dynamicRisk: true }), refusal("hmm", 17, /either/));
  assert.throws(() => update(m, { ramp: { lambdaE18: (E18 / 2n + 1n).toString() } }), refusal("hmm", 17, /ramp.lambda_e18/));
  assert.throws(() => update(m, { ramp: { wE18: (101n * E18).toString() } }), refusal("hmm", 17, /ramp.w_e18/));
  assert.throws(() => update(m, { ramp: { centreE18: "0" } }), refusal("hmm", 2));
  assert.throws(() => update(m, { poolId: "tpu" }), refusal("hmm", 3));
  assert.throws(() => update(m, { service: { group: "g".repeat(33) } }), refusal("hmm", 17, /service.group/));
});

test("the curve of a pool without reserves changes whole", () => {
  const m = openSmall();
  create(m);
  update(m, { poolId: "tpu", ramp: { centreE18: "77", lambdaE18: "0" } });
  const { centreE18, lambdaE18, ramp } = poolOf(m, "tpu");
  assert.deepEqual([centreE18, lambdaE18, ramp], [77n, 0n, undefined]);
  m.endBlock();
  m.requireInvariants();
});

test("a paused pool takes no liquidity and pays out; the authority resumes it", () => {
  const m = openSmall();
  const add = (): unknown => m.send("AddLiquidity", { sender: alice, poolId: "gpu", maxResource: "1000000", maxCredit: "9000000" });
  setStatus(m, 2);
  assert.deepEqual(lastEvent(m, "EventPoolStatus"), { poolId: "gpu", status: "paused", reason: "authority", detail: "" });
  assert.throws(add, refusal("hmm", 4));
  assert.throws(() => m.send("AddSingleSided", { sender: alice, poolId: "gpu", credit: "1000000" }), refusal("hmm", 4));
  m.send("RemoveLiquidity", { sender: accountOf("provider"), poolId: "gpu", shares: "1000000" });
  endBlocks(m, 2);
  m.requireInvariants();
  setStatus(m, 1);
  assert.equal(lastEvent(m, "EventPoolStatus")?.["status"], "active");
  add();
  assert.throws(() => setStatus(m, 0), refusal("hmm", 17, /status: expected 1/));
});

/** Orders of Bob large enough to reach what a block may move. */
function openWild(params: Partial<Params>): MemoryMarket {
  const m = openSmall({ params: { blockLimitBps: 50, ...params } });
  const order = { sender: bob, poolId: "gpu", side: 1, resource: (9n * 10n ** 9n).toString(), limitE18: (9n * E18).toString() };
  m.send("PlaceOrder", order);
  m.endBlock();
  return m;
}

test("a tripped breaker pauses a pool until its blocks are over", () => {
  const m = openWild({ breakerBlocks: 5n });
  const detail = "the block's net displacement reached 50 bps of the reserve";
  assert.deepEqual(lastEvent(m, "EventPoolStatus"), { poolId: "gpu", status: "paused", reason: "breaker", detail });
  assert.equal(poolOf(m).resumeHeight, 6n);
  const buy = (): unknown => m.send("BuyExactOut", { sender: alice, poolId: "gpu", amountOut: "1000000", maxCredit: "100000000" });
  endBlocks(m, 3);
  assert.throws(buy, refusal("hmm", 4));
  m.requireInvariants();
  m.endBlock();
  assert.equal(lastEvent(m, "EventPoolStatus")?.["reason"], "resumed");
  buy();
  m.endBlock();
  m.requireInvariants();
});

test("a tripped breaker stays until the authority resumes the pool where the parameters say so", () => {
  const m = openWild({ breakerBlocks: 0n });
  endBlocks(m, 400);
  assert.equal(poolOf(m).status, 2);
  setStatus(m, 1);
  m.endBlock();
  m.requireInvariants();
});

test("the authority's pause outlives the breaker's", () => {
  const m = openWild({ breakerBlocks: 3n });
  setStatus(m, 2);
  endBlocks(m, 6);
  assert.deepEqual([poolOf(m).status, poolOf(m).resumeHeight], [2, 0n]);
  m.requireInvariants();
});

test("the average price of an unknown pool is not found, and a young pool's is its centre price", () => {
  const m = openSmall();
  assert.throws(() => m.query("Twap", { poolId: "tpu" }), /identifier of a pool/);
  const { priceE18: shown, blocks } = twapOf(m);
  assert.deepEqual([shown, blocks], [(3n * E18).toString(), 0n]);
});
