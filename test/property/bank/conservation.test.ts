import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressCodec, ModuleError, moduleAddress } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { fc } from "../../harness/fastCheck.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

const DENOMS = ["photon", "stake"] as const;
const NAMES = ["a", "b", "c"] as const;
const run = { seed: 20_261_124, numRuns: 60 };
const who = fc.constantFrom(...NAMES);
const coins = fc
  .uniqueArray(fc.record({ denom: fc.constantFrom(...DENOMS), amount: fc.bigInt(1n, 150n) }), {
    selector: ({ denom }) => denom,
    minLength: 1,
  })
  .map((list) => list.sort((a, b) => (a.denom < b.denom ? -1 : 1)));
const step = fc.oneof(
  fc.record({ kind: fc.constant("send" as const), from: who, to: who, coins }),
  fc.record({ kind: fc.constant("multi" as const), from: who, to: fc.tuple(who, who), coins }),
  fc.record({ kind: fc.constant("mint" as const), to: who, coins }),
  fc.record({ kind: fc.constant("burn" as const), from: who, coins }),
  fc.record({ kind: fc.constant("fee" as const), from: who, coins }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const wire = (list: readonly { readonly denom: string; readonly amount: bigint }[]): object[] =>
  list.map(({ denom, amount }) => ({ denom, amount: amount.toString() }));

function apply(bench: Bench, op: Step): void {
  const account = bench.account;
  switch (op.kind) {
    case "send":
      bench.send("/cosmos.bank.v1beta1.MsgSend", { fromAddress: account(op.from), toAddress: account(op.to), amount: wire(op.coins) });
      return;
    case "multi":
      bench.send("/cosmos.bank.v1beta1.MsgMultiSend", {
        inputs: [{ address: account(op.from), coins: wire(op.coins.map(({ denom, amount }) => ({ denom, amount: 2n * amount }))) }],
        outputs: op.to.map((name) => ({ address: account(name), coins: wire(op.coins) })),
      });
      return;
    case "mint":
      for (const { denom, amount } of op.coins) bench.facet(bank, "mint").mint(bench.ctx, account(op.to), denom, amount);
      return;
    case "burn":
      for (const { denom, amount } of op.coins) bench.facet(bank, "burn").burn(bench.ctx, account(op.from), denom, amount);
      return;
    case "fee":
      bench.facet(bank, "fees").deductFee(bench.ctx, account(op.from), op.coins);
  }
}

function begin(): Bench {
  const bench = createBench({ modules: [auth, bank] });
  bench.init("auth");
  bench.init("bank", {
    balances: NAMES.map((name) => ({ address: bench.account(name), coins: DENOMS.map((denom) => ({ denom, amount: "100" })) })),
  });
  return bench;
}

describe("whatever is sent, minted and burned", () => {
  it("supply stays the sum of balances, nothing is negative, and genesis brings the state back", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const bench = begin();
        for (const op of steps) {
          try {
            apply(bench, op);
          } catch (error) {
            assert.ok(error instanceof ModuleError && error.codespace === "sdk" && error.code === 5, String(error));
          }
          assert.deepEqual(bench.broken(), []);
        }
        const again = createBench({ modules: [auth, bank] });
        again.init("auth", bench.exportGenesis("auth") as object);
        again.init("bank", bench.exportGenesis("bank") as object);
        assert.deepEqual(again.store("bank").dump(), bench.store("bank").dump());
        assert.deepEqual(again.store("acc").dump(), bench.store("acc").dump());
      }),
      run,
    );
  });
  it("transfers alone keep every supply, and events tell the same story as balances", () => {
    const fees = createAddressCodec("test").format(moduleAddress("fee_collector"));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const bench = begin();
        const told = new Map<string, bigint>();
        bench.takeEvents();
        for (const op of steps.filter(({ kind }) => kind === "send" || kind === "multi" || kind === "fee")) {
          try {
            apply(bench, op);
          } catch {
            bench.takeEvents();
            continue;
          }
          for (const { type, attributes } of bench.takeEvents()) {
            const sign = type === "coin_spent" ? -1n : type === "coin_received" ? 1n : 0n;
            const [owner, amounts] = attributes;
            if (sign === 0n || owner === undefined || amounts === undefined) continue;
            for (const text of amounts.value.split(",")) {
              const [, amount = "0", denom = ""] = /^(\d+)(.*)$/.exec(text) ?? [];
              const at = `${owner.value}/${denom}`;
              told.set(at, (told.get(at) ?? 0n) + sign * BigInt(amount));
            }
          }
        }
        const { balance, supply } = bench.facet(bank, "view");
        for (const denom of DENOMS) {
          assert.equal(supply(bench.ctx, denom), 300n);
          for (const name of NAMES)
            assert.equal(balance(bench.ctx, bench.account(name), denom), 100n + (told.get(`${bench.account(name)}/${denom}`) ?? 0n));
          assert.equal(balance(bench.ctx, fees, denom), told.get(`${fees}/${denom}`) ?? 0n);
        }
      }),
      run,
    );
  });
});
