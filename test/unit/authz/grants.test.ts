import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toTimestamp } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { GrantQueueItem } from "../../../proto/gen/cosmos/authz/v1beta1/authz.ts";
import { SendAuthorization } from "../../../proto/gen/cosmos/bank/v1beta1/authz.ts";
import { StakeAuthorization } from "../../../proto/gen/cosmos/staking/v1beta1/authz.ts";
import { BENCH_TIME_NS, type Bench, eventLines } from "../../harness/moduleBench.ts";
import { begin, coins, failure, generic, grant, limited, MSG, pack, SEND, transfer } from "./authzBench.ts";

const HOUR = 3_600_000_000_000n;
const revoke = (bench: Bench, granter: string, grantee: string, msgTypeUrl = SEND): object =>
  bench.send(`${MSG}Revoke`, { granter: bench.account(granter), grantee: bench.account(grantee), msgTypeUrl });
const grants = (bench: Bench): number =>
  bench
    .store("authz")
    .dump()
    .filter(([key]) => key.startsWith("01")).length;
const prune = (bench: Bench): void => bench.module("authz").beginBlock?.(bench.ctx, {} as never);

describe("a grant", () => {
  it("replaces an earlier one of its type and moves its place in the queue", () => {
    const bench = begin();
    for (const expiresNs of [BENCH_TIME_NS + 1n, undefined, BENCH_TIME_NS + HOUR, BENCH_TIME_NS + HOUR, BENCH_TIME_NS + 2n * HOUR]) {
      grant(bench, "ann", "bob", limited(5n), expiresNs);
      assert.deepEqual(bench.broken(), []);
      assert.equal(bench.store("authz").dump().length, expiresNs === undefined ? 1 : 2);
    }
    grant(bench, "ann", "bob", generic("/cosmos.bank.v1beta1.MsgMultiSend"), BENCH_TIME_NS + 2n * HOUR);
    assert.equal(bench.store("authz").dump().length, 3);
    revoke(bench, "ann", "bob");
    assert.deepEqual([bench.broken(), bench.store("authz").dump().length], [[], 2]);
  });
  it("tells who lets whom do what, and who no longer", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic());
    revoke(bench, "ann", "bob");
    const [ann, bob] = [bench.account("ann"), bench.account("bob")];
    const said = `msgTypeUrl="${SEND}", granter="${ann}", grantee="${bob}"`;
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `cosmos.authz.v1beta1.EventGrant(${said})`,
      `cosmos.authz.v1beta1.EventRevoke(${said})`,
    ]);
    assert.throws(() => revoke(bench, "ann", "bob"), failure("authz", 2, /^failed to delete grant with key/));
  });
  it("ends after now", () => {
    const bench = begin();
    for (const expiresNs of [BENCH_TIME_NS, BENCH_TIME_NS - 1n, 0n])
      assert.throws(
        () => grant(bench, "ann", "bob", generic(), expiresNs),
        failure("authz", 3, /^expiration must be after the current block time \(2023-11-14T22:13:20Z\), got \S+Z: expiration time/),
      );
  });
  it("is of a type that somebody handles, and says what it allows", () => {
    const bench = begin();
    assert.throws(() => grant(bench, "ann", "bob", generic("/no.Such")), failure("sdk", 29, /^\/no\.Such doesn't exist\./));
    assert.throws(() => grant(bench, "ann", "bob", generic("")), failure("undefined", 1, /msg type cannot be empty/));
    assert.throws(() => grant(bench, "ann", "bob", transfer(bench, "ann", "bob", 1n)), failure("sdk", 29));
    assert.throws(
      () => bench.send(`${MSG}Grant`, { granter: bench.account("ann"), grantee: bench.account("bob") }),
      failure("sdk", 29, /authorization is nil/),
    );
  });
  it("of transfers needs a positive limit and names each receiver once", () => {
    const bench = begin();
    const send = (value: Partial<SendAuthorization>) => () => grant(bench, "ann", "bob", pack(SendAuthorization, value));
    assert.throws(send({}), failure("sdk", 10, /spend limit cannot be nil/));
    for (const amount of [0n, -1n]) assert.throws(send({ spendLimit: coins(amount) }), failure("sdk", 10, /must be positive/));
    assert.throws(send({ spendLimit: coins(1n), allowList: ["a", "b", "a"] }), failure("bank", 8));
  });
  it("needs two accounts, and makes the second when it is not there, unless it is a module's", () => {
    const bench = begin();
    const ann = bench.account("ann");
    for (const grantee of [ann, ann.toUpperCase()])
      assert.throws(() => bench.send(`${MSG}Grant`, { granter: ann, grantee, grant: { authorization: generic() } }), failure("authz", 7));
    assert.throws(
      () => bench.send(`${MSG}Grant`, { granter: ann, grantee: "test1", grant: { authorization: generic() } }),
      failure("sdk", 7, /invalid grantee address/),
    );
    const { findAccount } = bench.facet(auth, "view");
    assert.equal(findAccount(bench.ctx, bench.account("new")), undefined);
    grant(bench, "ann", "new", generic());
    assert.ok(findAccount(bench.ctx, bench.account("new")));
    const module = bench.module("authz").account;
    assert.throws(
      () => bench.send(`${MSG}Grant`, { granter: ann, grantee: module, grant: { authorization: generic() } }),
      failure("sdk", 4, /is not allowed to receive funds/),
    );
  });
});

describe("grants that have expired", () => {
  it("go at the beginning of a block, about 200 at a time, and count as gone at once", () => {
    const bench = begin();
    for (let i = 0; i < 1000; i++) grant(bench, "ann", `g${i}`, generic(), BENCH_TIME_NS + BigInt(1 + (i % 10)));
    grant(bench, "ann", "bob", generic(), BENCH_TIME_NS + HOUR);
    const later = bench.at(6n, BENCH_TIME_NS + 1_000_000_000n);
    const counts: number[] = [];
    for (let block = 0; block < 6; block++) {
      assert.deepEqual(
        (later.query("/cosmos.authz.v1beta1.Query/GranterGrants", { granter: bench.account("ann") }) as Listed).grants.length,
        1,
      );
      assert.equal((later.exportGenesis("authz") as { authorization: unknown[] }).authorization.length, 1);
      prune(later);
      counts.push(grants(later));
      assert.deepEqual(later.broken(), []);
    }
    assert.deepEqual(counts, [801, 601, 401, 201, 1, 1]);
  });
  it("stay through their last moment", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic(), BENCH_TIME_NS + 7n);
    prune(bench.at(6n, BENCH_TIME_NS + 7n));
    assert.equal(grants(bench), 1);
    prune(bench.at(7n, BENCH_TIME_NS + 8n));
    assert.deepEqual(bench.store("authz").dump(), []);
  });
  it("cannot be revoked, and can be replaced before they are removed", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic(), BENCH_TIME_NS + 7n);
    const later = bench.at(6n, BENCH_TIME_NS + 8n);
    assert.throws(() => revoke(later, "ann", "bob"), failure("authz", 2));
    grant(later, "ann", "bob", limited(3n), BENCH_TIME_NS + HOUR);
    prune(later);
    assert.deepEqual([grants(later), later.broken()], [1, []]);
  });
});

interface Listed {
  readonly grants: readonly { readonly granter?: string; readonly grantee?: string }[];
  readonly pagination?: { readonly total: bigint; readonly nextKey: Uint8Array };
}

describe("queries", () => {
  const ask = (bench: Bench, method: string, request: object): Listed =>
    bench.query(`/cosmos.authz.v1beta1.Query/${method}`, request) as Listed;

  it("find grants by pair, by type, by granter and by grantee, by pages", () => {
    const bench = begin();
    const multi = "/cosmos.bank.v1beta1.MsgMultiSend";
    grant(bench, "ann", "bob", generic());
    grant(bench, "ann", "bob", generic(multi));
    grant(bench, "ann", "eve", generic());
    grant(bench, "eve", "bob", generic());
    const [ann, bob, eve] = ["ann", "bob", "eve"].map(bench.account);
    assert.equal(ask(bench, "Grants", { granter: ann, grantee: bob }).grants.length, 2);
    assert.equal(ask(bench, "Grants", { granter: ann, grantee: bob, msgTypeUrl: multi }).grants.length, 1);
    assert.throws(
      () => ask(bench, "Grants", { granter: bob, grantee: ann, msgTypeUrl: multi }),
      /authorization not found for \/cosmos\.bank\.v1beta1\.MsgMultiSend type: authorization not found/,
    );
    assert.deepEqual(ask(bench, "GranterGrants", { granter: ann }).grants.length, 3);
    assert.deepEqual(
      ask(bench, "GranteeGrants", { grantee: bob })
        .grants.map(({ granter }) => granter)
        .toSorted(),
      [ann, ann, eve].toSorted(),
    );
    const first = ask(bench, "GranterGrants", { granter: ann, pagination: { limit: 2n } });
    const rest = ask(bench, "GranterGrants", { granter: ann, pagination: { key: first.pagination?.nextKey } });
    assert.deepEqual([first.grants.length, rest.grants.length], [2, 1]);
  });
  it("refuse what is no address", () => {
    const bench = begin();
    for (const [method, request] of [
      ["Grants", {}],
      ["GranterGrants", { granter: "bad" }],
      ["GranteeGrants", { grantee: "bad" }],
    ] as const)
      assert.throws(() => ask(bench, method, request), failure("sdk", 7));
  });
});

describe("genesis", () => {
  it("comes back to the same state", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic(), BENCH_TIME_NS + HOUR);
    grant(bench, "ann", "eve", limited(5n));
    const again = begin();
    again.init("authz", bench.exportGenesis("authz") as object);
    assert.deepEqual(again.store("authz").dump(), bench.store("authz").dump());
  });
  it("leaves out what has expired and names the entry that is wrong", () => {
    const bench = begin();
    const [granter, grantee] = [bench.account("ann"), bench.account("bob")];
    const entry = { granter, grantee, authorization: generic(), expiration: toTimestamp(BENCH_TIME_NS) };
    bench.init("authz", { authorization: [entry] });
    assert.deepEqual(bench.store("authz").dump(), []);
    for (const [change, text] of [
      [{ grantee: "" }, /authz\.authorization\[1\]: missing grantee/],
      [{ granter: "" }, /authz\.authorization\[1\]: missing granter/],
      [{ granter: "cosmos1" }, /authz\.authorization\[1\]: /],
      [{ authorization: undefined }, /authz\.authorization\[1\]: authorization is nil/],
      [{ authorization: limited(0n) }, /authz\.authorization\[1\]: spend limit must be positive/],
    ] as const)
      assert.throws(() => bench.init("authz", { authorization: [entry, { ...entry, ...change }] }), failure("sdk", 18, text));
  });
  it("invariants see a grant without its place in the queue, and one in the wrong place", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic(), BENCH_TIME_NS + HOUR);
    const state = bench.module("authz").state as unknown as { expiries: { set(ctx: unknown, key: unknown, item: GrantQueueItem): void } };
    state.expiries.set(
      bench.ctx,
      [BENCH_TIME_NS, bench.account("ann"), bench.account("bob")],
      GrantQueueItem.fromPartial({ msgTypeUrls: [SEND] }),
    );
    assert.equal(bench.broken().length, 1);
  });
});

describe("an authorization to stake", () => {
  const type = "/cosmos.staking.v1beta1.MsgDelegate";
  const stake = (authorization: Partial<StakeAuthorization>) => pack(StakeAuthorization, { authorizationType: 1, ...authorization });
  it("needs a known type and no negative limit", () => {
    const bench = begin();
    assert.throws(() => grant(bench, "ann", "bob", stake({ authorizationType: 0 })), failure("authz", 4));
    assert.throws(() => grant(bench, "ann", "bob", stake({ authorizationType: 9 as 1 })), failure("authz", 4));
    assert.throws(
      () => grant(bench, "ann", "bob", stake({ maxTokens: coins(-1n)[0] })),
      failure("authz", 12, /negative coin amount: -1stake/),
    );
  });
  it("is for messages of a module that is there", () => {
    const bench = begin();
    assert.throws(() => grant(bench, "ann", "bob", stake({})), failure("sdk", 29, new RegExp(`^${type} doesn't exist`)));
  });
});
