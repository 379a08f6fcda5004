import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timestampNs, toTimestamp } from "#sdk";
import { AllowedMsgAllowance, BasicAllowance } from "../../../proto/gen/cosmos/feegrant/v1beta1/feegrant.ts";
import { BENCH_TIME_NS, type Bench, eventLines } from "../../harness/moduleBench.ts";
import { failure } from "../authz/authzBench.ts";
import { allowance, allowed, basic, basicOf, begin, coins, grant, periodic, periodicOf, SECOND, SEND, use } from "./feegrantBench.ts";

const pair = (bench: Bench): string => `(granter=${bench.account("ann")}, grantee=${bench.account("bob")})`;

describe("a basic allowance", () => {
  it("pays up to its limit, tells so, and is gone when nothing is left", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(10n));
    bench.takeEvents();
    use(bench, coins(4n));
    assert.deepEqual(basicOf(bench)?.spendLimit, coins(6n));
    assert.deepEqual(eventLines(bench.takeEvents()), [`use_feegrant${pair(bench)}`, `update_feegrant${pair(bench)}`]);
    assert.throws(() => use(bench, coins(7n)), failure("feegrant", 2, /^basic allowance: fee limit exceeded$/));
    use(bench, coins(6n));
    assert.deepEqual(eventLines(bench.takeEvents()), [`revoke_feegrant${pair(bench)}`, `use_feegrant${pair(bench)}`]);
    assert.deepEqual(bench.store("feegrant").dump(), []);
    assert.throws(() => use(bench, coins(1n)), failure("sdk", 38, /^fee-grant not found: not found$/));
  });
  it("without a limit pays anything, in any denomination", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic());
    use(bench, [...coins(10n ** 30n, "photon"), ...coins(3n)]);
    assert.deepEqual(basicOf(bench), BasicAllowance.fromPartial({}));
  });
  it("pays no denomination that its limit does not name", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(10n));
    assert.throws(() => use(bench, coins(1n, "photon")), failure("feegrant", 2));
    assert.throws(() => use(bench, [...coins(1n, "photon"), ...coins(3n)]), failure("feegrant", 2));
  });
  it("pays a fee of nothing, and no coins that are no fee", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(10n));
    for (const fee of [[], coins(0n)]) use(bench, fee);
    assert.deepEqual(basicOf(bench)?.spendLimit, coins(10n));
    for (const fee of [coins(-5n), [...coins(1n), ...coins(1n)], coins(1n, "")])
      assert.throws(() => use(bench, fee), failure("sdk", 13, /^invalid fee amount/));
    // Without a limit there is nothing to compare: who deducts the fee refuses it, in the words of any fee.
    const unlimited = begin();
    grant(unlimited, "ann", "bob", basic());
    use(unlimited, coins(-5n));
  });
  it("may be used through its last moment", () => {
    const bench = begin();
    grant(bench, "ann", "bob", basic(10n, BENCH_TIME_NS + 5n));
    use(bench.at(6n, BENCH_TIME_NS + 5n));
    assert.throws(() => use(bench.at(6n, BENCH_TIME_NS + 6n)), failure("feegrant", 3, /^basic allowance: fee allowance expired$/));
  });
});

describe("a periodic allowance", () => {
  const period = { seconds: 10n, nanos: 0 };
  const given = (change: object = {}) =>
    periodic({
      basic: BasicAllowance.fromPartial({ spendLimit: coins(100n) }),
      period,
      periodSpendLimit: coins(10n),
      periodCanSpend: coins(10n),
      periodReset: toTimestamp(BENCH_TIME_NS + 10n * SECOND),
      ...change,
    });
  const resetNs = (bench: Bench): bigint => timestampNs(periodicOf(bench)?.periodReset);

  it("pays up to the limit of the period and of the whole", () => {
    const bench = begin();
    grant(bench, "ann", "bob", given());
    use(bench, coins(7n));
    assert.deepEqual([periodicOf(bench)?.periodCanSpend, periodicOf(bench)?.basic?.spendLimit], [coins(3n), coins(93n)]);
    assert.throws(() => use(bench, coins(4n)), failure("feegrant", 2, /^period limit: fee limit exceeded$/));
    assert.equal(resetNs(bench), BENCH_TIME_NS + 10n * SECOND);
  });
  it("begins anew at its reset, and the next one follows in step", () => {
    const bench = begin();
    grant(bench, "ann", "bob", given());
    use(bench, coins(10n));
    assert.throws(() => use(bench.at(6n, BENCH_TIME_NS + 10n * SECOND - 1n)), failure("feegrant", 2));
    use(bench.at(6n, BENCH_TIME_NS + 10n * SECOND), coins(1n));
    assert.deepEqual([periodicOf(bench)?.periodCanSpend, resetNs(bench)], [coins(9n), BENCH_TIME_NS + 20n * SECOND]);
  });
  it("after more than a period of rest counts from now", () => {
    const bench = begin();
    grant(bench, "ann", "bob", given());
    use(bench.at(6n, BENCH_TIME_NS + 20n * SECOND), coins(1n));
    assert.equal(resetNs(bench), BENCH_TIME_NS + 20n * SECOND, "exactly one period behind is still in step");
    const other = begin();
    grant(other, "ann", "bob", given());
    use(other.at(6n, BENCH_TIME_NS + 20n * SECOND + 1n), coins(1n));
    assert.equal(resetNs(other), BENCH_TIME_NS + 30n * SECOND + 1n);
  });
  it("allows all that is left when that is less than a period's limit", () => {
    const bench = begin();
    grant(bench, "ann", "bob", given({ basic: BasicAllowance.fromPartial({ spendLimit: coins(12n) }) }));
    use(bench, coins(10n));
    use(bench.at(6n, BENCH_TIME_NS + 10n * SECOND), coins(1n));
    assert.deepEqual(periodicOf(bench)?.periodCanSpend, coins(1n));
    use(bench.at(6n, BENCH_TIME_NS + 10n * SECOND), coins(1n));
    assert.equal(allowance(bench), undefined);
  });
  it("without a limit of the whole goes on for ever", () => {
    const bench = begin();
    grant(bench, "ann", "bob", given({ basic: undefined, periodReset: undefined, period: undefined }));
    for (let block = 1n; block < 5n; block++) use(bench.at(5n + block, BENCH_TIME_NS + block), coins(10n));
    assert.deepEqual([periodicOf(bench)?.basic?.spendLimit, resetNs(bench)], [[], BENCH_TIME_NS + 4n]);
  });
  it("that was never begun begins with its first use", () => {
    const bench = begin();
    grant(bench, "ann", "bob", given({ periodReset: undefined, periodCanSpend: [] }));
    assert.equal(periodicOf(bench)?.periodReset?.seconds, -62_135_596_800n);
    use(bench, coins(10n));
    assert.equal(resetNs(bench), BENCH_TIME_NS + 10n * SECOND);
  });
  it("ends with its expiration, and when all is spent", () => {
    const bench = begin();
    const expiration = toTimestamp(BENCH_TIME_NS + 5n);
    grant(bench, "ann", "bob", given({ basic: BasicAllowance.fromPartial({ spendLimit: coins(10n), expiration }) }));
    assert.throws(() => use(bench.at(6n, BENCH_TIME_NS + 6n)), failure("feegrant", 3, /^absolute limit/));
    use(bench, coins(10n));
    assert.deepEqual(bench.store("feegrant").dump(), []);
  });
  it("whose next reset no clock can show is refused", () => {
    const bench = begin();
    grant(bench, "ann", "bob", given({ periodReset: { seconds: 253_402_300_799n, nanos: 0 } }));
    const end = bench.at(6n, 253_402_300_799n * SECOND);
    assert.throws(() => use(end), failure("undefined", 1, /before the year 10000/));
  });
});

describe("an allowance for some messages", () => {
  it("pays when all messages are of its types, from the allowance inside", () => {
    const bench = begin();
    const multi = "/cosmos.bank.v1beta1.MsgMultiSend";
    grant(bench, "ann", "bob", allowed(basic(10n), SEND, multi));
    use(bench, coins(3n), SEND, multi, SEND);
    const outer = AllowedMsgAllowance.decode(allowance(bench)?.value ?? new Uint8Array(0));
    assert.deepEqual(outer.allowedMessages, [SEND, multi]);
    assert.deepEqual(BasicAllowance.decode(outer.allowance?.value ?? new Uint8Array(0)).spendLimit, coins(7n));
    assert.throws(
      () => use(bench, coins(1n), SEND, "/cosmos.gov.v1.MsgVote"),
      failure("feegrant", 7, /^message does not exist in allowed messages: message not allowed$/),
    );
    use(bench, coins(7n));
    assert.equal(allowance(bench), undefined);
  });
  it("may stand inside of another: both lists count", () => {
    const bench = begin();
    const vote = "/cosmos.gov.v1.MsgVote";
    grant(bench, "ann", "bob", allowed(allowed(basic(10n, BENCH_TIME_NS + 9n), SEND), SEND, vote));
    use(bench, coins(1n), SEND);
    assert.throws(() => use(bench, coins(1n), vote), failure("feegrant", 7));
    assert.equal(bench.store("feegrant").dump().length, 2, "the expiration inside counts");
    assert.deepEqual(bench.broken(), []);
  });
});
