import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, accountOf, CHAIN, openMarket, refusal } from "./memoryMarket.ts";

const alice = accountOf("alice");
const E18 = 10n ** 18n;

test("locking native tokens mints as much credit, and redeeming gives them back", () => {
  const m = openMarket();
  const before = m.bank.supply(m.ctx, "credit");
  const minted = m.send<{ credit: string; vault: string }>("MintCredit", { sender: alice, amount: (5n * E18).toString() });
  assert.deepEqual(minted, { credit: (5n * E18).toString(), vault: (before + 5n * E18).toString() });
  assert.equal(m.balance(alice, "credit"), 5n * E18);
  assert.equal(m.balance(alice, CHAIN.baseDenom), 9_995n * E18);
  m.requireInvariants();
  const redeemed = m.send<{ released: string; vault: string }>("RedeemCredit", { sender: alice, amount: (5n * E18).toString() });
  assert.deepEqual(redeemed, { released: (5n * E18).toString(), vault: before.toString() });
  assert.equal(m.balance(alice, "credit"), 0n);
  assert.equal(m.balance(alice, CHAIN.baseDenom), 10_000n * E18);
  m.requireInvariants();
});

test("mint and redeem tell their events", () => {
  const m = openMarket();
  m.send("MintCredit", { sender: alice, amount: "7" });
  m.send("RedeemCredit", { sender: alice, amount: "7" });
  const typed = m.events.filter(({ type }) => type.startsWith("hanzo."));
  assert.deepEqual(
    typed.map(({ type }) => type),
    ["hanzo.hmm.v1.EventCreditMinted", "hanzo.hmm.v1.EventCreditRedeemed"],
  );
  assert.deepEqual(typed[0]?.attributes.slice(0, 2), [
    { key: "owner", value: alice },
    { key: "amount", value: "7" },
  ]);
});

test("nobody mints or redeems more than they own", () => {
  const m = openMarket({ native: 10n });
  assert.throws(() => m.send("MintCredit", { sender: alice, amount: "11" }), refusal("sdk", 5));
  assert.throws(() => m.send("RedeemCredit", { sender: alice, amount: "1" }), refusal("sdk", 5));
  m.requireInvariants();
});

test("amounts that are zero, signed, padded or too wide are refused", () => {
  const m = openMarket();
  for (const amount of ["", "0", "-1", "+1", "01", "1.5", "0x1", (1n << 128n).toString(), "9".repeat(300)]) {
    for (const name of ["MintCredit", "RedeemCredit"])
      assert.throws(() => m.send(name, { sender: alice, amount }), refusal("hmm", 2), `${name} ${amount}`);
  }
});

test("a gift to the market's account changes neither vault nor reserves", () => {
  const m = openMarket({ holders: [[alice, "gpu", 1000n]] });
  const pools = m.query("Pools", {});
  const vault = m.query("Vault", {});
  m.bank.send(m.ctx, alice, ACCOUNT, CHAIN.baseDenom, 1000n);
  m.bank.send(m.ctx, alice, ACCOUNT, "ngpu", 1000n);
  assert.deepEqual(m.query("Pools", {}), pools);
  assert.deepEqual(m.query("Vault", {}), vault);
  m.requireInvariants();
});
