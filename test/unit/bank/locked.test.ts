import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { QuerySpendableBalancesResponse } from "#proto/cosmos/bank/v1beta1/query";
import { auth, createVesting } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

const coins = (amount: bigint, denom = "stake") => [{ denom, amount: String(amount) }];

let bench: Bench;
let owner: string;
let other: string;
beforeEach(() => {
  bench = createBench({ modules: [auth, bank] });
  [owner, other] = [bench.account("owner"), bench.account("other")];
  bench.init("auth");
  bench.init("bank", { balances: [{ address: owner, coins: [...coins(5n, "photon"), ...coins(100n)] }] });
  const locked = createVesting({ kind: "locked" }, [{ denom: "stake", amount: 70n }], 0n);
  bench.facet(auth, "vesting").createVestingAccount(bench.ctx, owner, locked);
});
const send = (amount: bigint): object =>
  bench.send("/cosmos.bank.v1beta1.MsgSend", { fromAddress: owner, toAddress: other, amount: coins(amount) });
const spendable = (): string => {
  const answer = bench.query("/cosmos.bank.v1beta1.Query/SpendableBalances", { address: owner }) as QuerySpendableBalancesResponse;
  return answer.balances.map(({ denom, amount }) => `${amount}${denom}`).join(",");
};
const tooMuch = (text: string) => ({ codespace: "sdk", code: 5, message: new RegExp(text) });

describe("locked coins", () => {
  it("cannot be sent", () => {
    assert.throws(() => send(31n), tooMuch("^spendable balance 30stake is smaller than 31stake: insufficient funds$"));
    send(30n);
    assert.throws(() => send(1n), tooMuch("^spendable balance 0stake is smaller than 1stake"));
    assert.equal(bench.facet(bank, "view").balance(bench.ctx, owner, "stake"), 70n);
  });
  it("cannot be sent to several", () => {
    const inputs = [{ address: owner, coins: coins(31n) }];
    const outputs = [{ address: other, coins: coins(31n) }];
    assert.throws(() => bench.send("/cosmos.bank.v1beta1.MsgMultiSend", { inputs, outputs }), tooMuch("spendable balance 30stake"));
  });
  it("pay no fees", () => {
    const { deductFee } = bench.facet(bank, "fees");
    assert.throws(
      () => deductFee(bench.ctx, owner, [{ denom: "stake", amount: 31n }]),
      tooMuch("spendable balance 30stake is smaller than 31stake"),
    );
    deductFee(bench.ctx, owner, [{ denom: "stake", amount: 30n }]);
  });
  it("are not burned", () =>
    assert.throws(() => bench.facet(bank, "burn").burn(bench.ctx, owner, "stake", 31n), tooMuch("spendable balance 30stake")));
  it("do not count as spendable, whichever query asks", () => {
    assert.equal(spendable(), "5photon,30stake");
    assert.deepEqual(bench.query("/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom", { address: owner, denom: "stake" }), {
      balance: { denom: "stake", amount: "30" },
    });
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, owner, "stake"), 30n);
  });
  it("can be delegated, locked ones first; they come back as they went", () => {
    const { delegate, undelegate } = bench.facet(bank, "delegation");
    const pool = bench.account("pool");
    const of = (amount: bigint) => [{ denom: "stake", amount }];
    delegate(bench.ctx, owner, pool, of(80n));
    assert.deepEqual(bench.facet(auth, "locks").lockedCoins(bench.ctx, owner), []);
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, owner, "stake"), 20n);
    assert.throws(() => delegate(bench.ctx, owner, pool, of(21n)), tooMuch("^failed to delegate; 20stake is smaller than 21stake"));
    undelegate(bench.ctx, pool, owner, of(10n));
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, owner, "stake"), 30n);
    undelegate(bench.ctx, pool, owner, of(70n));
    assert.deepEqual(bench.facet(auth, "locks").lockedCoins(bench.ctx, owner), of(70n));
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, owner, "stake"), 30n);
  });
  it("that are delegated do not lock what is left", () => {
    bench.facet(auth, "locks").trackDelegation(bench.ctx, owner, [{ denom: "stake", amount: 20n }]);
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, owner, "stake"), 50n);
  });
  it("of which more are locked than there are leave nothing to spend, of any denomination", () => {
    bench.facet(bank, "view");
    const more = createVesting({ kind: "locked" }, [{ denom: "stake", amount: 101n }], 0n);
    bench.facet(auth, "vesting").createVestingAccount(bench.ctx, owner, more);
    assert.throws(() => send(1n), tooMuch("^locked amount exceeds account balance funds: 101stake > 100stake: insufficient funds$"));
    assert.equal(spendable(), "0photon,0stake");
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, owner, "stake"), 0n);
    assert.equal(bench.facet(bank, "view").spendable(bench.ctx, owner, "photon"), 5n);
  });
});
