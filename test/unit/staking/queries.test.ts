import assert from "node:assert/strict";
import { it } from "node:test";
import type {
  QueryDelegatorValidatorsResponse,
  QueryHistoricalInfoResponse,
  QueryRedelegationsResponse,
  QueryValidatorDelegationsResponse,
  QueryValidatorsResponse,
  QueryValidatorUnbondingDelegationsResponse,
} from "#proto/cosmos/staking/v1beta1/query";
import { createAddressCodec, GRPC_STATUS, moduleAddress, QueryError } from "#sdk";
import { refused } from "../../harness/refused.ts";
import { accountOf, createStakingBench, operatorOf, type StakingBench, UNIT } from "../../harness/stakingBench.ts";

const AUTHORITY = createAddressCodec("test").format(moduleAddress("gov"));

function begin(): StakingBench {
  const chain = createStakingBench({ validators: { ann: 3n * UNIT, ben: 2n * UNIT }, accounts: ["cat", "dan"] });
  chain.delegate("cat", "ann", 100n);
  chain.delegate("dan", "ann", 50n);
  chain.undelegate("cat", "ann", 10n);
  chain.redelegate("cat", "ann", "ben", 20n);
  chain.end();
  return chain;
}

const ask = (chain: StakingBench, method: string, request: object): unknown =>
  chain.bench.query(`/cosmos.staking.v1beta1.Query/${method}`, request);

it("lists are paged, and those of validators can be of a status", () => {
  const chain = begin();
  chain.jail("ben");
  chain.end();
  const operators = (status: string): readonly string[] =>
    (ask(chain, "Validators", { status }) as QueryValidatorsResponse).validators.map(({ operatorAddress }) => operatorAddress);
  assert.deepEqual(operators("BOND_STATUS_BONDED"), [operatorOf("ann")]);
  assert.deepEqual(operators("BOND_STATUS_UNBONDING"), [operatorOf("ben")]);
  assert.deepEqual(operators("BOND_STATUS_UNBONDED"), []);
  assert.equal(operators("").length, 2);
  const page = (key: Uint8Array): QueryValidatorDelegationsResponse =>
    ask(chain, "ValidatorDelegations", {
      validatorAddr: operatorOf("ann"),
      pagination: { key, limit: 2n },
    }) as QueryValidatorDelegationsResponse;
  const first = page(new Uint8Array());
  const rest = page(first.pagination?.nextKey ?? new Uint8Array());
  const found = [...first.delegationResponses, ...rest.delegationResponses].map(({ delegation, balance }) => [
    delegation?.delegatorAddress,
    balance?.amount,
  ]);
  assert.deepEqual(
    new Set(found.map(([who, amount]) => `${who} ${amount}`)),
    new Set([`${accountOf("ann")} ${3n * UNIT}`, `${accountOf("cat")} 70`, `${accountOf("dan")} 50`]),
  );
});

it("withdrawals and moves are found from either side", () => {
  const chain = begin();
  const { unbondingResponses } = ask(chain, "ValidatorUnbondingDelegations", {
    validatorAddr: operatorOf("ann"),
  }) as QueryValidatorUnbondingDelegationsResponse;
  assert.deepEqual(
    unbondingResponses.map(({ delegatorAddress, entries }) => [delegatorAddress, entries[0]?.balance]),
    [[accountOf("cat"), "10"]],
  );
  const moves = (request: object): readonly unknown[] =>
    (ask(chain, "Redelegations", request) as QueryRedelegationsResponse).redelegationResponses.map(({ entries }) => entries[0]?.balance);
  assert.deepEqual(moves({ srcValidatorAddr: operatorOf("ann") }), ["20"]);
  assert.deepEqual(moves({ delegatorAddr: accountOf("cat") }), ["20"]);
  assert.deepEqual(moves({ delegatorAddr: accountOf("cat"), srcValidatorAddr: operatorOf("ann"), dstValidatorAddr: operatorOf("ben") }), [
    "20",
  ]);
  assert.deepEqual(moves({ delegatorAddr: accountOf("dan") }), []);
  const { validators } = ask(chain, "DelegatorValidators", { delegatorAddr: accountOf("cat") }) as QueryDelegatorValidatorsResponse;
  assert.deepEqual(new Set(validators.map(({ operatorAddress }) => operatorAddress)), new Set([operatorOf("ann"), operatorOf("ben")]));
});

it("what is not there is NotFound", () => {
  const chain = begin();
  const [delegatorAddr, validatorAddr] = [accountOf("dan"), operatorOf("ben")];
  const missing: readonly (readonly [string, object, RegExp])[] = [
    ["Validator", { validatorAddr: operatorOf("cat") }, /^validator testvaloper1\w+ not found$/],
    ["Delegation", { delegatorAddr, validatorAddr }, /^delegation with delegator test1\w+ not found for validator testvaloper1\w+$/],
    ["UnbondingDelegation", { delegatorAddr, validatorAddr }, /^unbonding delegation with delegator test1\w+ not found/],
    ["DelegatorValidator", { delegatorAddr, validatorAddr }, /^no delegation for \(address, validator\) tuple$/],
    [
      "Redelegations",
      { delegatorAddr, srcValidatorAddr: operatorOf("ann"), dstValidatorAddr: validatorAddr },
      /^redelegation not found for delegator address/,
    ],
    ["HistoricalInfo", { height: 99n }, /^historical info for height 99 not found$/],
  ];
  for (const [method, request, text] of missing) {
    assert.throws(
      () => ask(chain, method, request),
      (cause) => cause instanceof QueryError && cause.status === GRPC_STATUS.notFound && text.test(cause.message),
      method,
    );
  }
});

it("what cannot be read is InvalidArgument", () => {
  const chain = begin();
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ["Validators", { status: "bonded" }, /^invalid validator status bonded$/],
    ["Validator", {}, /^validator address cannot be empty$/],
    ["Validator", { validatorAddr: accountOf("ann") }, /hrp does not match bech32 prefix: expected 'testvaloper' got 'test'/],
    ["DelegatorDelegations", {}, /^delegator address cannot be empty$/],
    ["DelegatorDelegations", { delegatorAddr: "bad" }, /^decoding bech32 failed/],
    // Both must be there before one is read; what stays away in a query with several forms has the codec's words.
    ["Delegation", { delegatorAddr: "bad" }, /^validator address cannot be empty$/],
    ["UnbondingDelegation", { validatorAddr: "bad" }, /^delegator address cannot be empty$/],
    ["Redelegations", { dstValidatorAddr: operatorOf("ann") }, /^empty address string is not allowed$/],
    ["HistoricalInfo", { height: -1n }, /^height cannot be negative$/],
  ];
  for (const [method, request, text] of wrong) {
    assert.throws(
      () => ask(chain, method, request),
      (cause) => cause instanceof QueryError && cause.status === GRPC_STATUS.invalidArgument && text.test(cause.message),
      method,
    );
  }
});

it("so many past blocks are remembered as the parameter says, with the set by power", () => {
  const chain = begin();
  for (let i = 0; i < 5; i++) chain.end();
  const { height } = chain.bench.ctx;
  const info = (at: bigint): QueryHistoricalInfoResponse => ask(chain, "HistoricalInfo", { height: at }) as QueryHistoricalInfoResponse;
  assert.throws(() => info(height - 3n), QueryError);
  const { hist } = info(height - 2n);
  assert.equal(hist?.header?.height, height - 2n);
  assert.deepEqual([hist?.header?.appHash[0], hist?.header?.nextValidatorsHash[0]], [2, 1]);
  assert.deepEqual(
    hist?.valset.map(({ operatorAddress }) => operatorAddress),
    [operatorOf("ann"), operatorOf("ben")],
  );
});

it("parameters are the authority's to change, within their ranges", () => {
  const chain = begin();
  const params = { unbondingTime: { seconds: 1n, nanos: 0 }, maxValidators: 1, maxEntries: 2, bondDenom: "atest", minCommissionRate: "0" };
  const change = (changes: object, authority = AUTHORITY): object =>
    chain.bench.send("/cosmos.staking.v1beta1.MsgUpdateParams", { authority, params: { ...params, ...changes } });
  refused(() => change({}, accountOf("cat")), "gov/13");
  const wrong: readonly object[] = [
    { unbondingTime: undefined },
    { maxValidators: 0 },
    { maxEntries: 0 },
    { bondDenom: " " },
    { bondDenom: "!" },
    { minCommissionRate: "" },
    { minCommissionRate: "-1" },
    { minCommissionRate: (10n ** 18n + 1n).toString() },
  ];
  for (const changes of wrong) refused(() => change(changes), "undefined/1");
  change({});
  assert.deepEqual(
    chain.end().updates.map(({ power }) => power),
    [0n],
  );
  assert.deepEqual(chain.bench.broken(), []);
});
