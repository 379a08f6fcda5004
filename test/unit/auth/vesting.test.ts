import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { BaseAccount, ModuleAccount } from "#proto/cosmos/auth/v1beta1/auth";
import {
  type BaseVestingAccount,
  ContinuousVestingAccount,
  DelayedVestingAccount,
  PeriodicVestingAccount,
  PermanentLockedAccount,
} from "#proto/cosmos/vesting/v1beta1/vesting";
import { type CoinAmount, ModuleError } from "#sdk";
import { auth, createVesting, type Schedule, type Vesting } from "../../../modules/auth/index.ts";
import { lockedCoins, trackDelegation, trackUndelegation, vestedCoins } from "../../../modules/auth/vesting.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

const stake = (amount: bigint): CoinAmount[] => (amount === 0n ? [] : [{ denom: "stake", amount }]);
const wire = (amount: string) => [{ denom: "stake", amount }];
const of = (schedule: Schedule, amount: bigint, end: bigint): Vesting => createVesting(schedule, stake(amount), end);
const vested = (vesting: Vesting, time: bigint): bigint => vestedCoins(vesting, time)[0]?.amount ?? 0n;

describe("coins that unlock bit by bit", () => {
  const cases: readonly (readonly [amount: bigint, start: bigint, end: bigint, time: bigint, vested: bigint])[] = [
    [100n, 0n, 10n, 0n, 0n],
    [100n, 0n, 10n, 1n, 10n],
    [100n, 0n, 10n, 10n, 100n],
    [100n, 0n, 10n, 11n, 100n],
    // Halves go to the even neighbour.
    [1n, 0n, 2n, 1n, 0n],
    [3n, 0n, 2n, 1n, 2n],
    [5n, 0n, 2n, 1n, 2n],
    // The ratio is rounded to 18 places before the amount is: exactly a third would be 10^19 / 3 = …333.
    [10n ** 19n, 0n, 3n, 1n, 3_333_333_333_333_333_330n],
    [10n ** 19n, 0n, 3n, 2n, 6_666_666_666_666_666_670n],
    // The start is looked at before the end.
    [100n, 10n, 5n, 7n, 0n],
    [100n, 10n, 5n, 10n, 0n],
    [100n, 10n, 5n, 11n, 100n],
  ];
  for (const [amount, startTime, end, time, expected] of cases)
    it(`${amount} from ${startTime} to ${end}: ${expected} at ${time}`, () =>
      assert.equal(vested(of({ kind: "continuous", startTime }, amount, end), time), expected));
});

describe("coins that unlock at once, in steps, or never", () => {
  it("at the end", () =>
    assert.deepEqual(
      [9n, 10n].map((time) => vested(of({ kind: "delayed" }, 7n, 10n), time)),
      [0n, 7n],
    ));
  it("in steps, each when it is over, and none at the start", () => {
    const periods = [
      { length: 0n, amount: stake(1n) },
      { length: 5n, amount: stake(2n) },
      { length: 5n, amount: stake(4n) },
    ];
    const vesting = of({ kind: "periodic", startTime: 100n, periods }, 7n, 110n);
    assert.deepEqual(
      [99n, 100n, 101n, 104n, 105n, 109n, 110n].map((time) => vested(vesting, time)),
      [0n, 0n, 1n, 1n, 3n, 3n, 7n],
    );
  });
  it("never", () => assert.equal(vested(of({ kind: "locked" }, 7n, 0n), 1n << 62n), 0n));
});

describe("delegations of locked coins", () => {
  const half = of({ kind: "continuous", startTime: 0n }, 100n, 10n);
  const figures = ({ delegatedVesting, delegatedFree }: Vesting): [bigint, bigint] => [
    delegatedVesting[0]?.amount ?? 0n,
    delegatedFree[0]?.amount ?? 0n,
  ];
  it("take locked coins first, and then free ones", () => {
    const first = trackDelegation(half, stake(30n), 5n);
    assert.deepEqual(figures(first), [30n, 0n]);
    assert.deepEqual(lockedCoins(first, 5n), stake(20n));
    const second = trackDelegation(first, stake(30n), 5n);
    assert.deepEqual(figures(second), [50n, 10n]);
    assert.deepEqual(lockedCoins(second, 5n), []);
  });
  it("that are more than what is still locked lock nothing", () => {
    const delegated = trackDelegation(half, stake(100n), 0n);
    assert.deepEqual(figures(delegated), [100n, 0n]);
    assert.deepEqual(lockedCoins(delegated, 9n), []);
    assert.deepEqual(figures(trackDelegation(delegated, stake(5n), 9n)), [100n, 5n]);
  });
  it("give back free coins first, and never more than was counted", () => {
    const delegated = trackDelegation(half, stake(60n), 5n);
    assert.deepEqual(figures(trackUndelegation(delegated, stake(15n))), [45n, 0n]);
    assert.deepEqual(figures(trackUndelegation(delegated, stake(5n))), [50n, 5n]);
    assert.deepEqual(figures(trackUndelegation(delegated, stake(61n))), [0n, 0n]);
  });
});

let bench: Bench;
beforeEach(() => {
  bench = createBench({ modules: [auth] });
});

describe("genesis with locked coins", () => {
  const shared = (more: Partial<BaseVestingAccount> = {}): BaseVestingAccount => ({
    baseAccount: BaseAccount.fromPartial({ address: bench.account("a") }),
    originalVesting: wire("10"),
    delegatedFree: [],
    delegatedVesting: [],
    endTime: 20n,
    ...more,
  });
  const delayed = (more: Partial<BaseVestingAccount> = {}) => ({
    typeUrl: `/${DelayedVestingAccount.$type}`,
    value: DelayedVestingAccount.encode({ baseVestingAccount: shared(more) }).finish(),
  });
  const periodic = (periods: readonly (readonly [length: bigint, amount: string])[], more: Partial<BaseVestingAccount> = {}) => ({
    typeUrl: `/${PeriodicVestingAccount.$type}`,
    value: PeriodicVestingAccount.encode({
      baseVestingAccount: shared(more),
      startTime: 5n,
      vestingPeriods: periods.map(([length, amount]) => ({ length, amount: wire(amount) })),
    }).finish(),
  });
  const continuous = (startTime: bigint) => ({
    typeUrl: `/${ContinuousVestingAccount.$type}`,
    value: ContinuousVestingAccount.encode({ baseVestingAccount: shared(), startTime }).finish(),
  });
  const refusals: readonly (readonly [label: string, account: () => { typeUrl: string; value: Uint8Array }, text: string])[] = [
    ["an end before 1970", () => delayed({ endTime: -1n }), "end time cannot be negative"],
    ["nothing locked", () => delayed({ originalVesting: [] }), "invalid coins: "],
    ["a zero", () => delayed({ originalVesting: wire("0") }), "invalid coins: 0stake"],
    ["coins twice", () => delayed({ originalVesting: [...wire("1"), ...wire("1")] }), "invalid coins: 1stake,1stake"],
    ["bad free coins", () => delayed({ delegatedFree: wire("0") }), "invalid delegated coins: coin 0stake amount is not positive"],
    [
      "more delegated than locked",
      () => delayed({ delegatedVesting: wire("11") }),
      "delegated vesting amount cannot be greater than original vesting amount",
    ],
    [
      "others delegated than locked",
      () => delayed({ delegatedVesting: [{ denom: "photon", amount: "1" }] }),
      "delegated vesting amount cannot be greater than original vesting amount",
    ],
    [
      "locked for ever until an end",
      () => ({
        typeUrl: `/${PermanentLockedAccount.$type}`,
        value: PermanentLockedAccount.encode({ baseVestingAccount: shared() }).finish(),
      }),
      "permanently vested accounts cannot have an end-time",
    ],
    ["an end at the start", () => continuous(20n), "vesting start-time cannot be before end-time"],
    ["steps without a length in all", () => periodic([[0n, "10"]], { endTime: 5n }), "vesting start-time cannot be before end-time"],
    ["a step backwards", () => periodic([[-1n, "10"]]), "period #0 has a negative length: -1"],
    ["a step without coins", () => periodic([[15n, "0"]]), "period #0 has invalid coins: 0stake"],
    ["steps that end elsewhere", () => periodic([[14n, "10"]]), "vesting end time does not match length of all vesting periods"],
    [
      "steps with other coins",
      () => periodic([[15n, "9"]]),
      "original vesting coins (10stake) does not match the sum of all coins in vesting periods (9stake)",
    ],
  ];
  for (const [label, account, text] of refusals)
    it(`refuses ${label}`, () => {
      assert.throws(
        () => bench.init("auth", { accounts: [account()] }),
        (error) => error instanceof ModuleError && error.message === `auth.accounts[0]: ${text}: invalid request`,
      );
    });
  it("refuses an amount that is no canonical decimal", () => {
    assert.throws(() => bench.init("auth", { accounts: [delayed({ originalVesting: wire("0x10") })] }), { codespace: "sdk", code: 10 });
  });
  it("written and read again gives the same state", () => {
    bench.init("auth", { accounts: [periodic([[15n, "10"]], { delegatedVesting: wire("3"), delegatedFree: wire("2") })] });
    const again = createBench({ modules: [auth] });
    again.init("auth", bench.exportGenesis("auth") as object);
    assert.deepEqual(again.store("acc").dump(), bench.store("acc").dump());
    assert.deepEqual(bench.broken(), []);
  });
});

describe("accounts with locked coins", () => {
  it("count sequences, keep their key and their schedule", () => {
    const address = bench.account("a");
    const { createVestingAccount } = bench.facet(auth, "vesting");
    const ante = bench.facet(auth, "ante");
    const locks = bench.facet(auth, "locks");
    createVestingAccount(bench.ctx, address, of({ kind: "locked" }, 9n, 0n));
    const pubKey = { typeUrl: "/cosmos.crypto.secp256k1.PubKey", value: Uint8Array.of(10, 1, 2) };
    ante.setPubKey(bench.ctx, address, pubKey);
    ante.incrementSequence(bench.ctx, address);
    locks.trackDelegation(bench.ctx, address, stake(4n));
    assert.deepEqual(locks.lockedCoins(bench.ctx, address), stake(5n));
    assert.deepEqual(ante.findAccount(bench.ctx, address), { address, accountNumber: 0n, sequence: 1n, pubKey });
    locks.trackUndelegation(bench.ctx, address, stake(4n));
    assert.deepEqual(locks.lockedCoins(bench.ctx, address), stake(9n));
  });
  it("are the only ones that delegations are counted for", () => {
    const { trackDelegation: track, lockedCoins: locked } = bench.facet(auth, "locks");
    bench.facet(auth, "accounts").ensureAccount(bench.ctx, bench.account("a"));
    const before = bench.store("acc").dump();
    track(bench.ctx, bench.account("a"), stake(1n));
    track(bench.ctx, bench.account("nobody"), stake(1n));
    assert.deepEqual(bench.store("acc").dump(), before);
    assert.deepEqual(locked(bench.ctx, bench.account("a")), []);
    assert.deepEqual(locked(bench.ctx, bench.account("nobody")), []);
  });
  it("whose delegations exceed what was locked break an invariant", () => {
    const address = bench.account("a");
    const wrong = { ...of({ kind: "locked" }, 9n, 0n), delegatedVesting: stake(10n) };
    bench.facet(auth, "vesting").createVestingAccount(bench.ctx, address, wrong);
    assert.deepEqual(bench.broken(), [`auth: ${address}: delegated vesting amount cannot be greater than original vesting amount`]);
  });
  it("of other kinds are named when they are refused", () => {
    const odd = { typeUrl: "/cosmos.vesting.v1beta1.ClawbackVestingAccount", value: new Uint8Array(0) };
    assert.throws(() => bench.init("auth", { accounts: [odd] }), {
      codespace: "sdk",
      code: 29,
      message: new RegExp(`${ModuleAccount.$type}, /cosmos\\.vesting\\..*expected, got ${odd.typeUrl}`),
    });
  });
});
