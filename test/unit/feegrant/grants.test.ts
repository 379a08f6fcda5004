import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { auth } from "../../../modules/auth/index.ts";
import { BENCH_TIME_NS, type Bench, eventLines } from "../../harness/moduleBench.ts";
import { failure } from "../authz/authzBench.ts";
import { allowance, allowed, basic, begin, coins, grant, MSG, periodic, revoke, SECOND, SEND } from "./feegrantBench.ts";

const endBlock = (bench: Bench): void => void bench.module("feegrant").endBlock?.(bench.ctx);
const rows = (bench: Bench): number => bench.store("feegrant").dump().length;

describe("an allowance", () => {
  it("is one for each pair of accounts, and says so", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(5n));
    assert.deepEqual(eventLines(bench.takeEvents()), [`set_feegrant(granter=${bench.account("ann")}, grantee=${bench.account("bob")})`]);
    assert.throws(() => grant(bench, "ann", "bob", basic(6n)), failure("sdk", 18, /^fee allowance already exists/));
    grant(bench, "bob", "ann", basic(6n));
    assert.equal(rows(bench), 2);
  });
  it("needs a limit that is positive, sorted and without doubles", () => {
    const bench = begin();
    const refused = (value: ReturnType<typeof basic> | undefined, codespace: string, code: number, text: RegExp) =>
      assert.throws(() => grant(bench, "ann", "bob", value), failure(codespace, code, text));
    for (const amount of [0n, -1n]) refused(basic(amount), "sdk", 10, /^send amount is invalid: /);
    const unsorted = [...coins(1n), ...coins(1n, "photon")];
    refused(periodic({ periodSpendLimit: unsorted }), "sdk", 10, /^spend amount is invalid/);
    refused(periodic({}), "sdk", 10, /^spend limit must be positive/);
    refused(periodic({ periodSpendLimit: coins(1n), periodCanSpend: coins(0n) }), "sdk", 10, /^can spend amount is invalid/);
    const other = { spendLimit: coins(5n, "photon"), expiration: undefined };
    refused(periodic({ basic: other, periodSpendLimit: coins(1n) }), "sdk", 10, /^period spend limit has different currency/);
    for (const period of [
      { seconds: -1n, nanos: 0 },
      { seconds: 0n, nanos: -1 },
    ])
      refused(periodic({ periodSpendLimit: coins(1n), period }), "feegrant", 4, /^negative clock step/);
    refused(basic(1n, -1n), "feegrant", 4, /^expiration time cannot be negative/);
    refused(undefined, "feegrant", 5, /^failed to get allowance/);
    refused({ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: new Uint8Array(0) }, "feegrant", 5, /no allowance/);
    refused(allowed(undefined, SEND), "feegrant", 5, /^allowance should not be empty/);
    refused(allowed(basic(1n)), "feegrant", 6, /^allowed messages shouldn't be empty/);
    refused(allowed(basic(0n), SEND), "sdk", 10, /./);
    assert.equal(rows(bench), 0);
    // That there is one already comes first.
    grant(bench, "ann", "bob", basic(1n));
    refused(basic(0n), "sdk", 18, /^fee allowance already exists/);
  });
  it("does not end in the past; it may end now", () => {
    const bench = begin();
    assert.throws(
      () => grant(bench, "ann", "bob", basic(1n, BENCH_TIME_NS - 1n)),
      failure("sdk", 18, /^expiration is before current block time/),
    );
    grant(bench, "ann", "bob", basic(1n, BENCH_TIME_NS));
  });
  it("is for another account, which it makes when it is not there, unless it is a module's", () => {
    const bench = begin();
    const ann = bench.account("ann");
    const give = (grantee: string) => bench.send(`${MSG}GrantAllowance`, { granter: ann, grantee, allowance: basic(1n) });
    for (const grantee of [ann, ann.toUpperCase()]) assert.throws(() => give(grantee), failure("sdk", 7, /^cannot self-grant fee/));
    assert.throws(() => give("test1"), failure("undefined", 1));
    assert.throws(() => give(bench.module("feegrant").account), failure("sdk", 4, /is not allowed to receive funds/));
    give(bench.account("new"));
    assert.ok(bench.facet(auth, "view").findAccount(bench.ctx, bench.account("new")));
  });
  it("can be revoked by who gave it", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(1n));
    assert.throws(() => revoke(bench, "bob", "ann"), failure("sdk", 38, /^fee-grant not found: not found$/));
    assert.throws(() => revoke(bench, "ann", "ann"), failure("sdk", 7, /^addresses must be different/));
    revoke(bench, "ann", "bob");
    assert.equal(rows(bench), 0);
  });
  it("that was revoked leaves nothing behind that could end a later one", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(1n, BENCH_TIME_NS + SECOND));
    grant(bench, "bob", "ann", basic(1n, BENCH_TIME_NS + SECOND));
    revoke(bench, "ann", "bob");
    assert.deepEqual([rows(bench), bench.broken()], [2, []]);
    grant(bench, "ann", "bob", basic(1n));
    endBlock(bench.at(6n, BENCH_TIME_NS + 2n * SECOND));
    assert.equal(rows(bench), 1);
    assert.ok(allowance(bench));
  });
});

describe("allowances that have expired", () => {
  it("go at the end of a block, 200 at a time, and 75 with each message", () => {
    const bench = begin();
    for (let i = 0; i < 1000; i++) grant(bench, `g${i}`, "bob", basic(1n, BENCH_TIME_NS + BigInt(i % 7)));
    grant(bench, "ann", "bob", basic(1n, BENCH_TIME_NS + SECOND));
    const later = bench.at(6n, BENCH_TIME_NS + SECOND);
    later.takeEvents();
    later.send(`${MSG}PruneAllowances`, { pruner: bench.account("eve") });
    assert.deepEqual(eventLines(later.takeEvents()), [`prune_feegrant(pruner=${bench.account("eve")})`]);
    const left = [rows(bench) / 2];
    for (let block = 0; block < 6; block++) {
      endBlock(later);
      left.push(rows(bench) / 2);
      assert.deepEqual(bench.broken(), []);
    }
    assert.deepEqual(left, [926, 726, 526, 326, 126, 1, 1]);
  });
  it("stay through their last moment", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(1n, BENCH_TIME_NS + 3n));
    endBlock(bench.at(6n, BENCH_TIME_NS + 3n));
    assert.equal(rows(bench), 2);
    endBlock(bench.at(6n, BENCH_TIME_NS + 4n));
    assert.equal(rows(bench), 0);
  });
});

interface Listed {
  readonly allowances: readonly { readonly granter: string; readonly grantee: string }[];
  readonly pagination?: { readonly nextKey: Uint8Array; readonly total: bigint };
}

describe("queries", () => {
  const ask = (bench: Bench, method: string, request: object): unknown => bench.query(`/cosmos.feegrant.v1beta1.Query/${method}`, request);
  it("find allowances by pair, by who gets and by who gives, by pages", () => {
    const bench = begin();
    for (const [granter, grantee] of [
      ["ann", "bob"],
      ["ann", "eve"],
      ["eve", "bob"],
    ] as const)
      grant(bench, granter, grantee, basic(1n));
    const [ann, bob, eve] = ["ann", "bob", "eve"].map(bench.account);
    assert.deepEqual((ask(bench, "Allowance", { granter: ann, grantee: bob }) as { allowance: object }).allowance, {
      granter: ann,
      grantee: bob,
      allowance: basic(1n),
    });
    assert.throws(() => ask(bench, "Allowance", { granter: bob, grantee: ann }), /fee-grant not found: not found/);
    const given = ask(bench, "AllowancesByGranter", { granter: ann }) as Listed;
    assert.deepEqual(given.allowances.map(({ grantee }) => grantee).toSorted(), [bob, eve].toSorted());
    const first = ask(bench, "Allowances", { grantee: bob, pagination: { limit: 1n } }) as Listed;
    const rest = ask(bench, "Allowances", { grantee: bob, pagination: { key: first.pagination?.nextKey } }) as Listed;
    assert.deepEqual([...first.allowances, ...rest.allowances].map(({ granter }) => granter).toSorted(), [ann, eve].toSorted());
  });
  it("refuse what is no address", () => {
    const bench = begin();
    for (const [method, request] of [
      ["Allowance", {}],
      ["Allowances", { grantee: "bad" }],
      ["AllowancesByGranter", { granter: "bad" }],
    ] as const)
      assert.throws(() => ask(bench, method, request), failure("sdk", 7));
  });
});

describe("genesis", () => {
  it("comes back to the same state, without what has expired", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(3n, BENCH_TIME_NS + SECOND));
    grant(bench, "bob", "ann", allowed(periodic({ periodSpendLimit: coins(1n) }), SEND));
    const again = begin();
    again.init("feegrant", bench.exportGenesis("feegrant") as object);
    assert.deepEqual(again.store("feegrant").dump(), bench.store("feegrant").dump());
    const later = begin().at(6n, BENCH_TIME_NS + 2n * SECOND);
    later.init("feegrant", bench.exportGenesis("feegrant") as object);
    assert.equal(rows(later), 1);
  });
  it("names the entry that is wrong", () => {
    const bench = begin();
    const entry = { granter: bench.account("ann"), grantee: bench.account("bob"), allowance: basic(1n) };
    for (const [change, text] of [
      [{}, /feegrant\.allowances\[1\]: fee allowance already exists/],
      [{ granter: "x" }, /feegrant\.allowances\[1\]: decoding bech32/],
      [{ granter: bench.account("eve"), allowance: basic(0n) }, /feegrant\.allowances\[1\]: send amount is invalid/],
    ] as const)
      assert.throws(() => bench.init("feegrant", { allowances: [entry, { ...entry, ...change }] }), failure("sdk", 18, text));
  });
  it("invariants see an allowance without its place in the queue", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(3n, BENCH_TIME_NS + SECOND));
    const state = bench.module("feegrant").state as unknown as { expiries: { delete(ctx: unknown, key: unknown): void } };
    state.expiries.delete(bench.ctx, [BENCH_TIME_NS + SECOND, bench.account("bob"), bench.account("ann")]);
    assert.equal(bench.broken().length, 1);
  });
});
