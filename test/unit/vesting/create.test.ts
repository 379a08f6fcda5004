import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { createAddressCodec, defineModule, ModuleError, moduleAddress } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { vesting } from "../../../modules/vesting/index.ts";
import { type Bench, createBench, eventLines } from "../../harness/moduleBench.ts";

const MSG = "/cosmos.vesting.v1beta1.MsgCreate";
const NOW = 1_700_000_000n;
const MAX_TIME = (1n << 63n) - 1n;
const coins = (amount: string, denom = "stake") => [{ denom, amount }];
const gov = createAddressCodec("test").format(moduleAddress("gov"));
const pool = createAddressCodec("test").format(moduleAddress("bank"));

/** Lends its name and address: governance may receive coins. */
const governance = defineModule({ name: "gov", version: 1, state: {} });

let bench: Bench;
let from: string;
let to: string;
beforeEach(() => {
  bench = createBench({ modules: [auth, bank, vesting, governance] });
  [from, to] = [bench.account("payer"), bench.account("new")];
  bench.init("auth");
  bench.facet(auth, "accounts").ensureAccount(bench.ctx, from);
  bench.init("bank", {
    balances: [{ address: from, coins: [...coins("50", "photon"), ...coins("1000")] }],
    sendEnabled: [{ denom: "photon", enabled: false }],
  });
  bench.takeEvents();
});
const spendable = (time: bigint, address = to): bigint => {
  const later = bench.at(5n, time * 1_000_000_000n);
  return later.facet(bank, "view").spendable(later.ctx, address, "stake");
};
const create = (kind: string, fields: object): object => bench.send(`${MSG}${kind}`, { fromAddress: from, toAddress: to, ...fields });

describe("a payer funds an account whose coins", () => {
  it("unlock bit by bit from the block's time on", () => {
    create("VestingAccount", { amount: coins("100"), endTime: NOW + 10n });
    assert.deepEqual(
      [0n, 1n, 5n, 10n].map((passed) => spendable(NOW + passed)),
      [0n, 10n, 50n, 100n],
    );
    assert.equal(bench.facet(auth, "view").findAccount(bench.ctx, to)?.accountNumber, 2n);
    assert.deepEqual(bench.broken(), []);
  });
  it("unlock at the end", () => {
    create("VestingAccount", { amount: coins("100"), endTime: NOW + 10n, delayed: true });
    assert.deepEqual(
      [9n, 10n].map((passed) => spendable(NOW + passed)),
      [0n, 100n],
    );
  });
  it("are free after the next second where the end is past", () => {
    create("VestingAccount", { amount: coins("100"), endTime: 1n });
    assert.deepEqual([spendable(NOW), spendable(NOW + 1n)], [0n, 100n]);
  });
  it("unlock in steps, from a start that the payer chooses", () => {
    const vestingPeriods = [
      { length: 10n, amount: coins("60") },
      { length: 20n, amount: coins("40") },
    ];
    create("PeriodicVestingAccount", { startTime: NOW - 15n, vestingPeriods });
    assert.deepEqual(
      [0n, 14n, 15n].map((passed) => spendable(NOW + passed)),
      [60n, 60n, 100n],
    );
  });
  it("never unlock, but what comes on top is free", () => {
    create("PermanentLockedAccount", { amount: coins("100") });
    bench.send("/cosmos.bank.v1beta1.MsgSend", { fromAddress: from, toAddress: to, amount: coins("7") });
    assert.equal(spendable(MAX_TIME / 1_000_000_000n), 7n);
  });
  it("and says what the transfer says, and no more", () => {
    create("PermanentLockedAccount", { amount: coins("100") });
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `coin_spent(spender=${from}, amount=100stake)`,
      `coin_received(receiver=${to}, amount=100stake)`,
      `transfer(recipient=${to}, sender=${from}, amount=100stake)`,
      `message(sender=${from})`,
    ]);
  });
});

describe("refused", () => {
  const period = (length: bigint, amount = "1") => ({ length, amount: coins(amount) });
  const cases: readonly (readonly [label: string, kind: string, fields: () => object, error: string, text: string])[] = [
    ["no payer", "VestingAccount", () => ({ fromAddress: "" }), "sdk/7", "invalid 'from' address: empty address string is not allowed"],
    ["no receiver", "VestingAccount", () => ({ toAddress: "x" }), "sdk/7", "invalid 'to' address: decoding bech32 failed"],
    ["nothing", "VestingAccount", () => ({ endTime: 9n }), "sdk/10", ": invalid coins"],
    ["a zero", "PermanentLockedAccount", () => ({ amount: coins("0") }), "sdk/10", "0stake: invalid coins"],
    ["no end", "VestingAccount", () => ({ amount: coins("1") }), "sdk/18", "invalid end time"],
    [
      "what is switched off",
      "VestingAccount",
      () => ({ amount: coins("1", "photon"), endTime: 9n }),
      "bank/5",
      "photon transfers are currently disabled",
    ],
    [
      "a module",
      "PermanentLockedAccount",
      () => ({ toAddress: pool, amount: coins("1") }),
      "sdk/4",
      `${pool} is not allowed to receive funds`,
    ],
    ["somebody", "PermanentLockedAccount", () => ({ toAddress: from, amount: coins("1") }), "sdk/18", "account test1"],
    ["more than there is", "PermanentLockedAccount", () => ({ amount: coins("1001") }), "sdk/5", "spendable balance 1000stake is smaller"],
    [
      "a start before 1970",
      "PeriodicVestingAccount",
      () => ({ startTime: 0n, vestingPeriods: [period(1n)] }),
      "sdk/18",
      "invalid start time of 0, length must be greater than 0",
    ],
    [
      "a step without length",
      "PeriodicVestingAccount",
      () => ({ startTime: 1n, vestingPeriods: [period(1n), period(0n)] }),
      "sdk/18",
      "invalid period length of 0 in period 1, length must be greater than 0",
    ],
    ["a step of nothing", "PeriodicVestingAccount", () => ({ startTime: 1n, vestingPeriods: [period(1n, "0")] }), "sdk/10", "0stake"],
    ["no steps", "PeriodicVestingAccount", () => ({ startTime: 1n }), "sdk/18", "vesting start-time cannot be before end-time"],
    [
      "steps beyond the end of time",
      "PeriodicVestingAccount",
      () => ({ startTime: MAX_TIME, vestingPeriods: [period(MAX_TIME), period(MAX_TIME)] }),
      "sdk/18",
      "cumulative endTime overflowed",
    ],
  ];
  for (const [label, kind, fields, expected, text] of cases)
    it(`${label}: ${expected}`, () => {
      const before = bench.store("bank").dump();
      assert.throws(
        () => create(kind, fields()),
        (error) => {
          assert.ok(error instanceof ModuleError, String(error));
          assert.equal(`${error.codespace}/${error.code}`, expected);
          assert.ok(error.message.startsWith(text), error.message);
          return true;
        },
      );
      assert.deepEqual(bench.store("bank").dump(), before);
    });
  it("an account with locked coins at governance's address, which no vote could open again", () => {
    assert.throws(() => create("PermanentLockedAccount", { toAddress: gov, amount: coins("1") }), { codespace: "sdk", code: 18 });
  });
});
