import assert from "node:assert/strict";
import { test } from "node:test";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { moduleAddress } from "#sdk";
import { createSealedOrder, type SealedOrderOptions } from "../../../app/client/sealedOrder.ts";
import { encodeBech32 } from "../../../app/encoding/bech32.ts";
import { sealedOrderHash } from "../../../modules/hmm/sealed/hash.ts";
import { fc } from "../../harness/fastCheck.ts";
import { address, BUY, CHAIN_ID, openSealedMarket, TIER } from "../../property/hmm-sealed/sealedMarket.ts";

const E18 = 10n ** 18n;
const OPTIONS: SealedOrderOptions = {
  chainId: "hanzo-1",
  round: 3n,
  poolId: "gpu",
  sender: encodeBech32("hanzo", moduleAddress("wallet")),
  side: Side.SIDE_BUY,
  resource: 100n,
  limitE18: 2n * E18,
};

test("the wallet's hash is the chain's", () => {
  const any = fc.record({
    chainId: fc.string({ unit: "grapheme", maxLength: 50 }),
    round: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    poolId: fc.string({ minLength: 1, maxLength: 32 }),
    sender: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    side: fc.constantFrom(Side.SIDE_BUY, Side.SIDE_SELL),
    resource: fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }),
    limitE18: fc.bigInt({ min: 1n, max: 2n ** 192n - 1n }),
    salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  });
  fc.assert(
    fc.property(any, (terms) => {
      const { hash } = createSealedOrder({ ...terms, sender: encodeBech32("hanzo", terms.sender), commitTier: 2n ** 330n });
      assert.deepEqual(hash, sealedOrderHash(terms));
    }),
    { seed: 16, numRuns: 300 },
  );
});

test("the chain takes both messages as they are", () => {
  const m = openSealedMarket();
  const { id } = m.market.state.round.get(m.ctx);
  const { salt, commit, reveal } = createSealedOrder({ ...BUY, chainId: CHAIN_ID, round: id, commitTier: TIER });
  assert.deepEqual(salt, BUY.salt);
  m.commit(BUY, { hash: commit.hash, deposit: BigInt(commit.deposit), poolId: commit.poolId });
  m.goTo(4n);
  m.reveal(BUY, reveal);
  m.nextBlock();
  m.nextBlock();
  assert.equal(Array.from(m.market.state.orders.entries(m.ctx)).length, 1);
  assert.equal(address.format(address.parse(commit.sender)), BUY.sender);
});

test("the deposit is the smallest tier that covers the largest cost", () => {
  const tier = 1_000_000n;
  const depositOf = (resource: bigint, side: Side = Side.SIDE_BUY): bigint =>
    BigInt(createSealedOrder({ ...OPTIONS, side, resource, limitE18: E18, commitTier: tier }).commit.deposit);
  const rows: readonly (readonly [resource: bigint, deposit: bigint])[] = [
    [1n, tier],
    [tier - 20_002n, tier],
    [tier - 20_001n, 10n * tier],
    [10n * tier - 20_002n, 10n * tier],
    [10n * tier, 100n * tier],
    [10n ** 9n * tier - 20_002n, 10n ** 9n * tier],
  ];
  for (const [resource, deposit] of rows) assert.equal(depositOf(resource), deposit, `${resource}`);
  assert.equal(depositOf(10n ** 9n * tier, Side.SIDE_SELL), tier);
  assert.throws(() => depositOf(10n ** 9n * tier - 20_001n), { codespace: "client", code: 1, message: /expected a cost of at most/ });
});

test("a new chain's tiers are taken where none are named", () => {
  assert.equal(createSealedOrder(OPTIONS).commit.deposit, (1000n * E18).toString());
});

test("salts are random and have 32 bytes", () => {
  const [one, two] = [createSealedOrder(OPTIONS), createSealedOrder(OPTIONS)];
  assert.equal(one.salt.length, 32);
  assert.notDeepEqual(one.salt, two.salt);
  assert.notDeepEqual(one.hash, two.hash);
  assert.deepEqual(one.reveal.salt, one.salt);
});

const wrong: readonly (readonly [name: string, change: Partial<SealedOrderOptions>, text: RegExp])[] = [
  ["no side", { side: Side.SIDE_UNSPECIFIED }, /side/],
  ["a short salt", { salt: new Uint8Array(16) }, /salt: expected 32 bytes, got 16/],
  ["no resource", { resource: 0n }, /at least 1/],
  ["no limit", { limitE18: 0n }, /at least 1/],
  ["a resource of 2^128", { resource: 2n ** 128n, commitTier: 2n ** 200n }, /resource: expected 0 to 2\^128 - 1/],
  ["a limit of 2^192", { limitE18: 2n ** 192n, commitTier: 2n ** 200n }, /limitE18: expected 0 to 2\^192 - 1/],
  ["a round of 2^64", { round: 2n ** 64n }, /round: expected 0 to 2\^64 - 1/],
];
for (const [name, change, message] of wrong) {
  test(`an order with ${name} is not sealed`, () => {
    assert.throws(() => createSealedOrder({ ...OPTIONS, ...change }), { codespace: "client", code: 1, message });
  });
}

test("an order of a sender that is no address is not sealed", () => {
  assert.throws(() => createSealedOrder({ ...OPTIONS, sender: "hanzo1" }), { codespace: "sdk", code: 7 });
});
