import assert from "node:assert/strict";
import { test } from "node:test";
import { PoolStatus, Side } from "#proto/hanzo/hmm/v1/types";
import type { OrderState } from "../../../modules/hmm/orders/record.ts";
import {
  accountOf,
  BUY,
  E18,
  hashOf,
  openSealedMarket,
  refusal,
  SALE,
  type SealedMarket,
  type Terms,
  TIER,
  USERS,
  WEALTH,
} from "../../property/hmm-sealed/sealedMarket.ts";

// Rounds of the test chain: commits at heights 1 to 3, reveals at 4 and 5, and so on every five blocks.
const alice = BUY.sender;
const bob = accountOf("bob");
const REVEAL = 4n;
const LAST = 5n;
const PAUSED = { status: PoolStatus.POOL_STATUS_PAUSED };

const ordersOf = (m: SealedMarket): OrderState[] => Array.from(m.market.state.orders.entries(m.ctx), ([, order]) => order);
const eventOf = (m: SealedMarket, name: string): Record<string, string> => {
  const found = m.events.filter(({ type }) => type === `hanzo.hmm.v1.${name}`);
  assert.equal(found.length, 1, name);
  return Object.fromEntries((found[0]?.attributes ?? []).map(({ key, value }) => [key, value]));
};
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("a commit takes the deposit and says when to reveal", () => {
  const m = openSealedMarket();
  assert.deepEqual(m.commit(BUY), { round: 1n, revealFromHeight: REVEAL, revealToHeight: LAST });
  assert.equal(m.balance(alice), WEALTH - TIER);
  assert.deepEqual(eventOf(m, "EventOrderCommitted"), {
    round: "1",
    poolId: "gpu",
    sender: alice,
    hash: hexOf(hashOf(BUY, 1n)),
    deposit: TIER.toString(),
  });
  assert.equal(m.market.state.round.get(m.ctx).sealed, 1);
  m.requireLedger();
});

test("a revealed buy waits for the round's last batch, and what its deposit exceeds its escrow by comes back then", () => {
  const m = openSealedMarket();
  m.commit(BUY);
  m.goTo(REVEAL);
  assert.deepEqual(m.reveal(BUY), { clearsHeight: LAST });
  assert.equal(eventOf(m, "EventOrderRevealed")["resource"], "1000");
  assert.equal(eventOf(m, "EventOrderRevealed")["side"], "buy");
  m.goTo(LAST);
  assert.deepEqual([ordersOf(m).length, m.balance(alice)], [0, WEALTH - TIER]);
  m.nextBlock();
  // 3000 credit, and two base units of rounding for each of eleven fills.
  const escrow = 3000n + 22n;
  const [order] = ordersOf(m);
  assert.deepEqual(
    [order?.owner, order?.side, order?.resource, order?.limitE18, order?.escrow, order?.expiresHeight],
    [alice, Side.SIDE_BUY, 1000n, 3n * E18, escrow, LAST],
  );
  assert.equal(m.balance(alice), WEALTH - escrow);
  assert.equal(eventOf(m, "EventOrderPlaced")["expiresHeight"], LAST.toString());
  m.requireLedger();
});

test("a revealed sale gives its resource at the reveal and gets its whole deposit back at the end", () => {
  const m = openSealedMarket();
  m.commit(SALE);
  m.goTo(REVEAL);
  m.reveal(SALE);
  assert.deepEqual([m.balance(alice), m.balance(alice, "ngpu")], [WEALTH - TIER, WEALTH - 1000n]);
  m.requireLedger();
  m.goTo(LAST + 1n);
  assert.deepEqual([m.balance(alice), m.balance(alice, "ngpu")], [WEALTH, WEALTH - 1000n]);
  assert.deepEqual([ordersOf(m)[0]?.side, ordersOf(m)[0]?.resource, ordersOf(m)[0]?.escrow], [Side.SIDE_SELL, 1000n, 0n]);
  m.requireLedger();
});

test("commits are refused while reveals are taken, and the other way round, with the height from which they work", () => {
  const m = openSealedMarket();
  m.commit(BUY);
  assert.throws(() => m.reveal(BUY), refusal("hmm", 22, /round 1: expected a reveal from height 4 on, got one at height 1/));
  m.goTo(REVEAL - 1n);
  assert.throws(() => m.reveal(BUY), refusal("hmm", 22));
  m.commit({ ...BUY, sender: bob });
  for (const height of [REVEAL, LAST]) {
    m.goTo(height);
    assert.throws(() => m.commit({ ...BUY, resource: height }), refusal("hmm", 22, /expected a commit from height 6 on/));
  }
  m.reveal(BUY);
  m.goTo(LAST + 1n);
  assert.equal(m.commit(BUY).round, 2n);
  // Too late: the round of the commit is over.
  assert.throws(() => m.reveal({ ...BUY, sender: bob }), refusal("hmm", 22));
});

const badCommits: readonly (readonly [name: string, run: (m: SealedMarket) => unknown, codespace: string, code: number, text: RegExp])[] = [
  [
    "a deposit that is no tier",
    (m) => m.commit(BUY, { deposit: TIER + 1n }),
    "hmm",
    24,
    /expected one of 1000000, 10000000, .*, got 1000001/,
  ],
  ["a deposit of the eleventh tier", (m) => m.commit(BUY, { deposit: TIER * 10n ** 10n }), "hmm", 24, /deposit/],
  ["a deposit of zero", (m) => m.commit(BUY, { deposit: 0n }), "hmm", 2, /deposit/],
  ["a pool that does not exist", (m) => m.commit(BUY, { poolId: "tpu" }), "hmm", 3, /"tpu"/],
  ["a pool that cannot exist", (m) => m.commit(BUY, { poolId: "GPU" }), "hmm", 3, /"GPU"/],
  ["a deposit that is not there", (m) => m.commit({ ...BUY, sender: accountOf("nobody") }), "sdk", 5, /credit/],
  ["the same order twice", (m) => [m.commit(BUY), m.commit(BUY)], "hmm", 24, /expected one commit of .*, got a second/],
];
for (const [name, run, codespace, code, text] of badCommits) {
  test(`a commit is refused with ${codespace}/${code} for ${name}`, () => {
    assert.throws(() => run(openSealedMarket()), refusal(codespace, code, text));
  });
}

test("all ten tiers can be deposited", () => {
  const m = openSealedMarket({ maxSealedOrders: 10 });
  for (let power = 0n; power < 10n; power++) m.commit({ ...BUY, resource: power + 1n }, { deposit: TIER * 10n ** power });
  assert.equal(m.balance(alice), WEALTH - (TIER * (10n ** 10n - 1n)) / 9n);
  m.requireLedger();
});

test("a full round takes no more commits, and the next one does", () => {
  const m = openSealedMarket({ maxSealedOrders: 2 });
  m.commit(BUY);
  m.commit({ ...BUY, resource: 1n });
  assert.throws(() => m.commit({ ...BUY, resource: 2n }), refusal("hmm", 25, /round 1: expected fewer than 2 sealed orders, got 2/));
  m.goTo(LAST + 1n);
  m.commit({ ...BUY, resource: 2n });
});

test("a lower limit of a round lets what is sealed already be revealed", () => {
  const m = openSealedMarket();
  m.commit(BUY);
  m.commit({ ...BUY, sender: bob });
  m.setParams({ maxSealedOrders: 1 });
  assert.throws(() => m.commit({ ...BUY, sender: accountOf("carol") }), refusal("hmm", 25));
  m.goTo(REVEAL);
  m.reveal(BUY);
  m.reveal({ ...BUY, sender: bob });
});

/** A reveal that differs from what Alice committed, or that somebody else sends. */
const badReveals: readonly (readonly [name: string, run: (m: SealedMarket) => unknown, codespace: string, code: number, text: RegExp])[] = [
  ["another salt", (m) => m.reveal(BUY, { salt: new Uint8Array(32) }), "hmm", 23, /round 1: expected a commit/],
  ["another amount", (m) => m.reveal(BUY, { resource: "1001" }), "hmm", 23, /round 1/],
  ["another limit", (m) => m.reveal(BUY, { limitE18: (3n * E18 + 1n).toString() }), "hmm", 23, /round 1/],
  ["the other side", (m) => m.reveal(BUY, { side: Side.SIDE_SELL }), "hmm", 23, /round 1/],
  ["another pool", (m) => m.reveal(BUY, { poolId: "ram" }), "hmm", 23, /round 1/],
  ["a pool that does not exist", (m) => m.reveal(BUY, { poolId: "tpu" }), "hmm", 23, /round 1/],
  ["another sender", (m) => m.reveal(BUY, { sender: bob }), "hmm", 23, /round 1/],
  ["a second reveal", (m) => [m.reveal(BUY), m.reveal(BUY)], "hmm", 24, /expected one reveal/],
  ["a short salt", (m) => m.reveal(BUY, { salt: new Uint8Array(31) }), "hmm", 24, /salt: expected 32 bytes, got 31/],
  ["no side", (m) => m.reveal(BUY, { side: Side.SIDE_UNSPECIFIED }), "hmm", 2, /side/],
  ["an amount of zero", (m) => m.reveal(BUY, { resource: "0" }), "hmm", 2, /resource/],
  ["a limit of zero", (m) => m.reveal(BUY, { limitE18: "0" }), "hmm", 2, /limit_e18/],
  ["a limit of 2^192", (m) => m.reveal(BUY, { limitE18: (2n ** 192n).toString() }), "hmm", 2, /limit_e18/],
];
for (const [name, run, codespace, code, text] of badReveals) {
  test(`a reveal is refused with ${codespace}/${code} for ${name}`, () => {
    const m = openSealedMarket();
    m.commit(BUY);
    m.goTo(REVEAL);
    assert.throws(() => run(m), refusal(codespace, code, text));
  });
}

test("a hash of 31 bytes is refused", () => {
  const m = openSealedMarket();
  assert.throws(() => m.commit(BUY, { hash: new Uint8Array(31) }), refusal("hmm", 24, /hash: expected 32 bytes/));
});

test("an order sealed for another chain or another round cannot be revealed", () => {
  const m = openSealedMarket();
  m.commit(BUY, { chainId: "sealed-2" });
  m.commit(SALE, { round: 2n });
  m.goTo(REVEAL);
  assert.throws(() => m.reveal(BUY), refusal("hmm", 23));
  assert.throws(() => m.reveal(SALE), refusal("hmm", 23));
});

test("a reveal cannot be replayed in a later round, even where the same order was committed before", () => {
  const m = openSealedMarket();
  m.commit(BUY);
  m.goTo(REVEAL);
  m.reveal(BUY);
  m.goTo(LAST + 1n);
  // The hash of round 1 again, now in round 2: it fits no order of round 2.
  m.commit(BUY, { round: 1n });
  m.goTo(LAST + REVEAL);
  assert.throws(() => m.reveal(BUY), refusal("hmm", 23, /round 2/));
});

test("who copies a hash gets a deposit at risk and no order", () => {
  const m = openSealedMarket();
  m.commit(BUY);
  m.commit({ ...BUY, sender: bob }, { hash: hashOf(BUY, 1n) });
  m.goTo(REVEAL);
  m.reveal(BUY);
  assert.throws(() => m.reveal({ ...BUY, sender: bob }), refusal("hmm", 23));
  m.goTo(LAST + 1n);
  assert.equal(m.balance(bob), WEALTH - TIER / 100n);
});

test("a hash that binds another pool than the one shown cannot be revealed", () => {
  const m = openSealedMarket();
  m.commit(BUY, { poolId: "ram" });
  m.goTo(REVEAL);
  assert.throws(() => m.reveal(BUY), refusal("hmm", 24, /pool_id: expected "ram" as committed, got "gpu"/));
  assert.throws(() => m.reveal(BUY, { poolId: "ram" }), refusal("hmm", 23));
});

test("a buy that can cost more than its deposit is refused with both figures, to the unit", () => {
  // One batch may round twice by two base units.
  const most = { ...BUY, resource: TIER - 4n, limitE18: E18 };
  const tooMuch = { ...most, resource: TIER - 3n };
  const m = openSealedMarket();
  m.commit(most);
  m.commit(tooMuch);
  m.goTo(REVEAL);
  m.reveal(most);
  assert.throws(() => m.reveal(tooMuch), refusal("hmm", 24, /deposit: expected at least the order's largest cost 1000001, got 1000000/));
  assert.throws(() => m.reveal({ ...BUY, sender: bob }), refusal("hmm", 23));
});

test("what exceeds the largest order at the reveal is cut off", () => {
  const psi = 10n ** 12n;
  const large = { ...BUY, resource: psi, limitE18: 5n * E18 };
  const sale = { ...large, side: Side.SIDE_SELL, resource: 10n ** 30n };
  const deposit = TIER * 10n ** 7n;
  const m = openSealedMarket();
  m.commit(large, { deposit });
  m.commit(sale);
  m.setPool("gpu", { psi: psi / 2n });
  m.goTo(REVEAL);
  m.reveal(large);
  m.reveal(sale);
  m.setPool("gpu", { psi });
  m.goTo(LAST + 1n);
  const most = (psi * 3n) / 20n;
  assert.deepEqual(
    ordersOf(m)
      .map(({ resource, escrow }) => [resource, escrow])
      .sort(([, a], [, b]) => Number((b ?? 0n) - (a ?? 0n))),
    [
      [most, 5n * most + 22n],
      [most, 0n],
    ],
  );
  assert.equal(m.balance(alice, "ngpu"), WEALTH - most);
  m.requireLedger();
});

test("an order to an empty pool is cut to nothing, and its deposit comes back", () => {
  const m = openSealedMarket();
  m.commit(BUY);
  m.commit(SALE);
  m.goTo(REVEAL);
  m.setPool("gpu", { psi: 0n });
  m.reveal(BUY);
  m.reveal(SALE);
  m.goTo(LAST + 1n);
  assert.deepEqual([ordersOf(m), m.balance(alice), m.balance(alice, "ngpu")], [[], WEALTH, WEALTH]);
});

test("a sale without its resource is refused and can be revealed once the resource is there", () => {
  const m = openSealedMarket();
  const sale = { ...SALE, resource: WEALTH + 1n };
  m.setPool("gpu", { psi: 10n * WEALTH });
  m.commit(sale);
  m.goTo(REVEAL);
  assert.throws(() => m.reveal(sale), refusal("sdk", 5));
  m.market.needs.bank.send(m.ctx, bob, alice, "ngpu", 1n);
  m.reveal(sale);
});

test("an order that is not revealed loses one percent: half is burned with its backing, half goes to liquidity providers", () => {
  const m = openSealedMarket();
  const [credit, native] = [m.supply("credit"), m.supply("atest")];
  // 101.01 base units are lost, 101 that is, and the burned half of an odd number is the smaller one.
  m.setParams({ commitTier: "10001", forfeitBps: 101 });
  m.commit(BUY, { deposit: 10_001n });
  m.goTo(LAST + 1n);
  const event = eventOf(m, "EventDepositForfeited");
  assert.deepEqual([event["burned"], event["lp"], event["returned"]], ["50", "51", "9900"]);
  assert.equal(m.balance(alice), WEALTH - 101n);
  assert.deepEqual([m.supply("credit"), m.supply("atest")], [credit - 50n, native - 50n]);
  const { feesHeld, block } = m.market.state.pools.get(m.ctx, "gpu");
  assert.deepEqual([feesHeld, block.fees, block.height], [51n, 51n, LAST]);
  assert.ok(m.market.state.moving.has(m.ctx, "gpu"), "the fees are spread at the end of the block");
  m.requireLedger();
});

for (const [name, change] of [
  ["no shares", { shares: 0n }],
  [
    "only shares that do not earn yet",
    { shares: 5n, block: { height: LAST, psi: 10n ** 12n, fees: 0n, freshShares: 5n, burn: 0n, treasury: 0n } },
  ],
] as const) {
  test(`all that is forfeited is burned where the pool has ${name}`, () => {
    const m = openSealedMarket();
    const credit = m.supply("credit");
    m.commit(BUY);
    m.goTo(LAST);
    m.setPool("gpu", change);
    m.nextBlock();
    assert.equal(m.supply("credit"), credit - TIER / 100n);
    assert.equal(m.market.state.pools.get(m.ctx, "gpu").feesHeld, 0n);
    m.requireLedger();
  });
}

test("several silent orders in several pools are booked once each", () => {
  const m = openSealedMarket();
  const terms: Terms[] = USERS.flatMap((name) => ["gpu", "ram"].map((poolId) => ({ ...BUY, sender: accountOf(name), poolId })));
  for (const order of terms) m.commit(order);
  m.goTo(LAST + 1n);
  for (const id of ["gpu", "ram"]) assert.equal(m.market.state.pools.get(m.ctx, id).feesHeld, 4n * (TIER / 200n), id);
  for (const name of USERS) assert.equal(m.balance(accountOf(name)), WEALTH - 2n * (TIER / 100n), name);
  m.requireLedger();
});

test("a change of parameters does not touch a running round", () => {
  const m = openSealedMarket();
  m.commit(BUY);
  m.setParams({ commitBlocks: 7n, revealBlocks: 9n, commitTier: "17", orderBlocks: 10_000n, maxSealedOrders: 1 });
  m.goTo(REVEAL);
  m.reveal(BUY);
  m.goTo(LAST);
  assert.equal(ordersOf(m).length, 0);
  m.nextBlock();
  assert.equal(ordersOf(m).length, 1);
  const { id, startHeight, commitBlocks, revealBlocks } = m.market.state.round.get(m.ctx);
  assert.deepEqual([id, startHeight, commitBlocks, revealBlocks], [2n, LAST + 1n, 7n, 9n]);
});

test("more blocks to wait in never make a deposit too small: the escrow is what is there", () => {
  const tight = { ...BUY, resource: TIER - 4n, limitE18: E18 };
  const m = openSealedMarket();
  m.commit(tight);
  m.goTo(REVEAL);
  m.reveal(tight);
  m.setParams({ orderBlocks: 10_000n });
  m.setPool("gpu", PAUSED);
  m.goTo(LAST + 1n);
  // One batch is covered, so it waits for one.
  assert.deepEqual([ordersOf(m)[0]?.escrow, ordersOf(m)[0]?.expiresHeight], [TIER, LAST]);
});

test("a paused pool takes commits and reveals, and its orders wait as long as orders can", () => {
  const m = openSealedMarket();
  m.setPool("gpu", PAUSED);
  m.commit(BUY);
  m.commit(SALE);
  m.goTo(REVEAL);
  m.reveal(BUY);
  m.reveal(SALE);
  m.goTo(LAST + 1n);
  assert.deepEqual(
    ordersOf(m).map(({ expiresHeight }) => expiresHeight),
    [LAST + 9n, LAST + 9n],
  );
  m.requireLedger();
});

test("rounds follow each other without a gap, and an empty one changes nothing", () => {
  const m = openSealedMarket();
  const rounds: [bigint, bigint][] = [];
  for (let height = 1n; height <= 12n; height++) {
    m.goTo(height);
    const { id, startHeight, sealed } = m.market.state.round.get(m.ctx);
    rounds.push([id, startHeight]);
    assert.equal(sealed, 0);
  }
  assert.deepEqual(rounds, [
    ...Array.from({ length: 5 }, () => [1n, 1n]),
    ...Array.from({ length: 5 }, () => [2n, 6n]),
    ...Array.from({ length: 2 }, () => [3n, 11n]),
  ]);
  assert.deepEqual(m.events, []);
});
