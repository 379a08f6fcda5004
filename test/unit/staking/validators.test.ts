import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QueryValidatorResponse } from "#proto/cosmos/staking/v1beta1/query";
import { ConsensusParams } from "#proto/tendermint/types/params";
import { consensus } from "../../../modules/consensus/index.ts";
import { eventLines } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { accountOf, coin, createStakingBench, operatorOf, packedKeyOf, type StakingBench, UNIT } from "../../harness/stakingBench.ts";

const DAY_NS = 86_400n * 1_000_000_000n;
const percent = (n: number): string => (BigInt(n) * 10n ** 16n).toString();

describe("a new validator", () => {
  const begin = (): StakingBench =>
    createStakingBench({ validators: { ann: 10n * UNIT }, accounts: ["ben"], params: { minCommissionRate: percent(5) } });

  it("has its own stake as first delegation, one share to one atomic unit, and is not in the set before the block's end", () => {
    const chain = begin();
    chain.create("ben", 7n * UNIT);
    const { validator } = chain.bench.query("/cosmos.staking.v1beta1.Query/Validator", {
      validatorAddr: operatorOf("ben"),
    }) as QueryValidatorResponse;
    assert.equal(validator?.status, 1);
    assert.equal(validator?.tokens, (7n * UNIT).toString());
    assert.equal(validator?.delegatorShares, (7n * UNIT * 10n ** 18n).toString());
    assert.deepEqual(
      eventLines(chain.bench.takeEvents()).at(-1),
      `create_validator(validator=${operatorOf("ben")}, amount=${7n * UNIT}atest)`,
    );
    assert.deepEqual(
      chain.end().updates.map(({ power }) => power),
      [7n],
    );
    assert.deepEqual(chain.bench.broken(), []);
  });

  const rates = (rate: number, max: number, change: number): object => ({
    commission: { rate: percent(rate), maxRate: percent(max), maxChangeRate: percent(change) },
  });
  const secp = { typeUrl: "/cosmos.crypto.secp256k1.PubKey", value: Uint8Array.of(10, 33, ...new Uint8Array(33).fill(2)) };
  const refusals: readonly (readonly [string, object, `${string}/${number}`, RegExp?])[] = [
    ["an address that is no operator's", { validatorAddress: accountOf("ben") }, "sdk/7", /^invalid validator address: hrp does not match/],
    ["no key", { pubkey: undefined }, "staking/39"],
    ["no stake", { value: coin(0n) }, "sdk/18", /^invalid delegation amount/],
    ["another denomination", { value: coin(5n, "other") }, "sdk/18", /^invalid coin denomination: got other, expected atest/],
    ["no description", { description: undefined }, "sdk/18", /^empty description/],
    ["a long moniker", { description: { moniker: "é".repeat(36) } }, "sdk/18", /^invalid moniker length; got: 72, max: 70/],
    ["no commission", { commission: undefined }, "sdk/18", /^empty commission/],
    ["a max rate above 1", rates(10, 101, 1), "staking/10"],
    ["a negative max rate", rates(10, -1, 1), "staking/9"],
    ["a negative rate", rates(-1, 20, 1), "staking/9"],
    ["a rate above the max rate", rates(21, 20, 1), "staking/11"],
    ["a negative change rate", rates(10, 20, -1), "staking/13"],
    ["a change rate above the max rate", rates(10, 20, 21), "staking/14"],
    ["a rate below the chain's", rates(4, 20, 1), "staking/40", /0\.050000000000000000/],
    ["no least own stake", { minSelfDelegation: "0" }, "sdk/18", /^minimum self delegation must be a positive integer/],
    ["less than its least own stake", { minSelfDelegation: (8n * UNIT).toString() }, "staking/16"],
    ["an operator that is a validator", { validatorAddress: operatorOf("ann") }, "staking/4"],
    ["a key that another has", { pubkey: packedKeyOf("ann") }, "staking/5"],
    ["a key of a kind that is not allowed", { pubkey: secp }, "staking/6", /got: secp256k1, expected: \[ed25519\]/],
    [
      "more than it has",
      { value: coin(10n ** 16n) },
      "sdk/5",
      /^failed to delegate; 1000000000000000atest is smaller than 10000000000000000atest/,
    ],
  ];
  for (const [what, changes, error, text] of refusals) {
    it(`is refused with ${what}`, () => {
      const chain = begin();
      refused(() => chain.create("ben", 7n * UNIT, changes), error, text);
    });
  }

  it("may have a secp256k1 key where the consensus parameters say so", () => {
    const chain = begin();
    chain.bench.facet(consensus, "params").set(
      chain.bench.ctx,
      ConsensusParams.fromPartial({
        block: { maxBytes: 1000n, maxGas: -1n },
        evidence: { maxAgeNumBlocks: 1n, maxAgeDuration: { seconds: 1n, nanos: 0 }, maxBytes: 0n },
        validator: { pubKeyTypes: ["ed25519", "secp256k1"] },
      }),
    );
    chain.create("ben", 7n * UNIT, { pubkey: secp });
    refused(() => chain.create("ben", 7n * UNIT, { pubkey: { ...secp, value: Uint8Array.of(10, 1, 1) } }), "staking/4");
    assert.deepEqual(
      chain.end().updates.map(({ publicKey }) => publicKey.length),
      [33],
    );
  });
});

describe("an edit of a validator", () => {
  const begin = (): { chain: StakingBench; edit: (changes: object) => object } => {
    const chain = createStakingBench({ validators: { ann: 10n * UNIT }, params: { minCommissionRate: percent(5) } });
    const same = "[do-not-modify]";
    const description = { moniker: same, identity: same, website: same, securityContact: same, details: same };
    const edit = (changes: object): object =>
      chain.bench.send("/cosmos.staking.v1beta1.MsgEditValidator", { validatorAddress: operatorOf("ann"), description, ...changes });
    return { chain, edit };
  };

  it("leaves what says [do-not-modify], and changes the rest", () => {
    const { chain, edit } = begin();
    edit({ description: { moniker: "[do-not-modify]", details: "new" } });
    const { validator } = chain.bench.query("/cosmos.staking.v1beta1.Query/Validator", {
      validatorAddr: operatorOf("ann"),
    }) as QueryValidatorResponse;
    assert.deepEqual(validator?.description, { moniker: "ann", identity: "", website: "", securityContact: "", details: "new" });
  });

  it("changes the commission once a day, and says so in protobuf's text form", () => {
    const { chain, edit } = begin();
    refused(() => edit({ commissionRate: percent(11) }), "staking/12");
    chain.end(DAY_NS);
    chain.bench.takeEvents();
    edit({ commissionRate: percent(11) });
    const [line] = eventLines(chain.bench.takeEvents());
    const rates = 'rate:"110000000000000000" max_rate:"200000000000000000" max_change_rate:"10000000000000000" ';
    assert.equal(
      line,
      `edit_validator(commission_rate=commission_rates:<${rates}> update_time:<seconds:1700086401 > , min_self_delegation=1)`,
    );
    refused(() => edit({ commissionRate: percent(10) }), "staking/12");
  });

  const refusals: readonly (readonly [string, object, `${string}/${number}`])[] = [
    ["a rate above 1", { commissionRate: percent(101) }, "sdk/18"],
    ["a rate below the chain's", { commissionRate: percent(4) }, "sdk/18"],
    ["a rate above the max rate", { commissionRate: percent(21) }, "staking/11"],
    ["a rate that rises too fast", { commissionRate: percent(12) }, "staking/15"],
    ["no description", { description: undefined }, "sdk/18"],
    ["a negative least own stake", { minSelfDelegation: "-1" }, "sdk/18"],
    ["the same least own stake", { minSelfDelegation: "1" }, "staking/17"],
    ["more than it has as least own stake", { minSelfDelegation: (11n * UNIT).toString() }, "staking/16"],
    ["nobody to edit", { validatorAddress: operatorOf("nobody") }, "staking/3"],
  ];
  for (const [what, changes, error] of refusals) {
    it(`is refused with ${what}`, () => {
      const { chain, edit } = begin();
      chain.end(DAY_NS);
      refused(() => edit(changes), error);
    });
  }

  it("lets a rate fall as far as it likes", () => {
    const { chain, edit } = begin();
    chain.end(DAY_NS);
    edit({ commissionRate: percent(5) });
  });
});
