import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MsgExec } from "../../../proto/gen/cosmos/authz/v1beta1/tx.ts";
import { SendAuthorization } from "../../../proto/gen/cosmos/bank/v1beta1/authz.ts";
import { MsgMultiSend, MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { BENCH_TIME_NS, eventLines } from "../../harness/moduleBench.ts";
import { balance, begin, coins, EXEC, exec, failure, generic, grant, limited, pack, SEND, transfer } from "./authzBench.ts";

describe("a message in another's name", () => {
  it("runs with a grant, and its events say which message they belong to", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic());
    bench.takeEvents();
    const done = exec(bench, "bob", transfer(bench, "ann", "eve", 3n), transfer(bench, "bob", "eve", 4n));
    assert.deepEqual(done, { results: [new Uint8Array(0), new Uint8Array(0)] });
    assert.deepEqual([balance(bench, "ann"), balance(bench, "bob"), balance(bench, "eve")], [997n, 996n, 1007n]);
    const lines = eventLines(bench.takeEvents());
    assert.equal(lines.length, 8);
    assert.ok(lines.slice(0, 4).every((line) => line.endsWith("authz_msg_index=0)")));
    assert.ok(lines.slice(4).every((line) => line.endsWith("authz_msg_index=1)")));
  });
  it("needs a grant of its own type from its own signer", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic("/cosmos.bank.v1beta1.MsgMultiSend"));
    grant(bench, "eve", "bob", generic());
    assert.throws(
      () => exec(bench, "bob", transfer(bench, "ann", "bob", 1n)),
      failure("authz", 2, /^failed to get grant with given granter: \S+, grantee: \S+ & msgType: \/cosmos\.bank\.v1beta1\.MsgSend : auth/),
    );
    grant(bench, "ann", "eve", generic());
    assert.throws(() => exec(bench, "bob", transfer(bench, "ann", "bob", 1n)), failure("authz", 2));
    assert.equal(balance(bench, "ann"), 1000n);
  });
  it("fails as a whole: neither money nor limits move when the last message fails", () => {
    const bench = begin();
    grant(bench, "ann", "bob", limited(100n));
    const before = bench.store("authz").dump();
    assert.throws(
      () => exec(bench, "bob", transfer(bench, "ann", "eve", 60n), transfer(bench, "bob", "eve", 5000n)),
      failure("sdk", 5, /^failed to execute message; message 1 \/cosmos\.bank\.v1beta1\.MsgSend: spendable balance/),
    );
    assert.deepEqual([bench.store("authz").dump(), balance(bench, "ann")], [before, 1000n]);
  });
  it("has exactly one signer that can be read", () => {
    const bench = begin();
    const inputs = ["ann", "eve"].map((name) => ({ address: bench.account(name), coins: coins(1n) }));
    assert.throws(() => exec(bench, "bob", pack(MsgMultiSend, { inputs, outputs: [] })), failure("authz", 9));
    // Somebody who is named twice counts twice.
    const twice = [...inputs.slice(0, 1), ...inputs.slice(0, 1)];
    assert.throws(() => exec(bench, "bob", pack(MsgMultiSend, { inputs: twice, outputs: [] })), failure("authz", 9));
    const elsewhere = pack(MsgSend, { fromAddress: bench.account("ann").replace("test1", "best1"), toAddress: "", amount: [] });
    assert.throws(() => exec(bench, "bob", elsewhere), failure("undefined", 1, /checksum/));
    const nobody = pack(MsgSend, { fromAddress: "test1", toAddress: bench.account("bob"), amount: coins(1n) });
    assert.throws(() => exec(bench, "bob", nobody), failure("undefined", 1, /bech32/));
  });
  it("may itself run messages: every step needs its grant, and indexes stand from the inside out", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic());
    const inner = pack(MsgExec, { grantee: bench.account("bob"), msgs: [transfer(bench, "ann", "eve", 7n)] });
    assert.throws(() => exec(bench, "eve", inner), failure("authz", 2));
    grant(bench, "bob", "eve", generic(EXEC));
    bench.takeEvents();
    exec(bench, "eve", transfer(bench, "eve", "bob", 1n), inner);
    assert.equal(balance(bench, "ann"), 993n);
    assert.match(eventLines(bench.takeEvents())[4] ?? "", /amount=7stake, authz_msg_index=0, authz_msg_index=1\)$/);
  });
  it("must be there, and be of a type that somebody handles", () => {
    const bench = begin();
    assert.throws(() => exec(bench, "bob"), failure("sdk", 18, /messages cannot be empty/));
    assert.throws(() => exec(bench, "bob", { typeUrl: "/no.Such", value: new Uint8Array(0) }), /unable to resolve type URL \/no\.Such/);
    assert.throws(() => bench.send(EXEC, { grantee: "x", msgs: [generic()] }), failure("sdk", 7, /invalid grantee address/));
  });
  it("cannot use a grant after its last moment, even while it waits for removal", () => {
    const bench = begin();
    grant(bench, "ann", "bob", generic(), BENCH_TIME_NS + 5n);
    exec(bench.at(6n, BENCH_TIME_NS + 5n), "bob", transfer(bench, "ann", "bob", 1n));
    assert.throws(() => exec(bench.at(7n, BENCH_TIME_NS + 6n), "bob", transfer(bench, "ann", "bob", 1n)), failure("authz", 2));
  });
});

describe("a limit on transfers", () => {
  it("is what is left of it, and gone when nothing is", () => {
    const bench = begin();
    grant(bench, "ann", "bob", limited(1000n, [bench.account("eve")]));
    exec(bench, "bob", transfer(bench, "ann", "eve", 400n));
    assert.throws(
      () => exec(bench, "bob", transfer(bench, "ann", "eve", 601n)),
      failure("sdk", 5, /^requested amount is more than spend limit: insufficient funds$/),
    );
    assert.throws(() => exec(bench, "bob", transfer(bench, "ann", "bob", 1n)), failure("sdk", 4, /^cannot send to \S+ address/));
    bench.takeEvents();
    exec(bench, "bob", transfer(bench, "ann", "eve", 600n));
    assert.match(eventLines(bench.takeEvents())[0] ?? "", /^cosmos\.authz\.v1beta1\.EventRevoke\(/);
    assert.deepEqual(bench.store("authz").dump(), []);
    assert.throws(() => exec(bench, "bob", transfer(bench, "ann", "eve", 1n)), failure("authz", 2));
  });
  it("covers no other denomination, no negative amount and no coins that are none", () => {
    const bench = begin();
    grant(bench, "ann", "bob", limited(1000n));
    const send = (amount: { denom: string; amount: string }[]) =>
      pack(MsgSend, { fromAddress: bench.account("ann"), toAddress: bench.account("bob"), amount });
    assert.throws(() => exec(bench, "bob", send(coins(1n, "photon"))), failure("sdk", 5));
    for (const amount of [coins(-5n), coins(0n), [], [...coins(1n), ...coins(1n)]])
      assert.throws(() => exec(bench, "bob", send(amount)), failure("sdk", 10));
    assert.equal(balance(bench, "ann"), 1000n);
  });
  it("may name a denomination twice, of which the sum is left, and is of no use unsorted", () => {
    const bench = begin();
    const limit = (...spendLimit: readonly { denom: string; amount: string }[]) =>
      grant(bench, "ann", "bob", pack(SendAuthorization, { spendLimit: [...spendLimit] }));
    limit(...coins(3n), ...coins(4n));
    exec(bench, "bob", transfer(bench, "ann", "eve", 5n));
    assert.throws(() => exec(bench, "bob", transfer(bench, "ann", "eve", 3n)), failure("sdk", 5));
    exec(bench, "bob", transfer(bench, "ann", "eve", 2n));
    assert.deepEqual(bench.store("authz").dump(), []);
    limit(...coins(3n), ...coins(4n, "photon"));
    assert.throws(
      () => exec(bench, "bob", transfer(bench, "ann", "eve", 1n)),
      failure("sdk", 10, /^a sorted spend limit expected, got 3stake,4photon/),
    );
  });
  it("does not hold for the granter's own messages: nobody needs leave to send what is theirs", () => {
    const bench = begin();
    exec(bench, "ann", transfer(bench, "ann", "eve", 9n));
    assert.equal(balance(bench, "eve"), 1009n);
    assert.throws(() => grant(bench, "ann", "ann", generic(SEND)), failure("authz", 7));
  });
});
