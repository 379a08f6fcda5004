import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { E18, ModuleError } from "#sdk";
import { slashing } from "../../../modules/slashing/index.ts";
import { createSlashingBench, SECOND_NS, type SlashingBench } from "../../harness/slashingBench.ts";
import type { StandInValidator } from "../../harness/standInStaking.ts";

const unjail = (chain: SlashingBench, operator: string): object =>
  chain.bench.send("/cosmos.slashing.v1beta1.MsgUnjail", { validatorAddr: operator });

function refuses(run: () => unknown, codespace: string, code: number, text: string): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ModuleError, String(error));
    assert.deepEqual([error.codespace, error.code, error.message], [codespace, code, text]);
    return true;
  });
}

/** A validator in jail until the 50th second. */
function jailed(change: Partial<StandInValidator> = {}): { readonly chain: SlashingBench; readonly ann: StandInValidator } {
  const chain = createSlashingBench();
  const ann = chain.staking.bond(chain.bench.ctx, change);
  ann.jailed = true;
  const until = chain.bench.ctx.timeNs + 50n * SECOND_NS;
  chain.bench.facet(slashing, "evidence").jailUntil(chain.bench.ctx, ann.consAddress, until);
  return { chain, ann };
}

describe("a jailed validator", () => {
  it("comes back in the very second in which its time is over, not before", () => {
    const { chain, ann } = jailed();
    chain.skipTo(49n);
    refuses(() => unjail(chain, ann.operator), "slashing", 4, "validator still jailed; cannot be unjailed");
    assert.equal(ann.jailed, true);
    chain.skipTo(50n);
    assert.deepEqual(unjail(chain, ann.operator), {});
    assert.equal(ann.jailed, false);
    refuses(() => unjail(chain, ann.operator), "slashing", 5, "validator not jailed; cannot be unjailed");
  });
  it("may write its address in capitals", () => {
    const { chain, ann } = jailed();
    chain.skipTo(50n);
    unjail(chain, ann.operator.toUpperCase());
    assert.equal(ann.jailed, false);
  });
  it("never comes back once it is tombstoned", () => {
    const { chain, ann } = jailed();
    const { tombstone } = chain.bench.facet(slashing, "evidence");
    tombstone(chain.bench.ctx, ann.consAddress);
    chain.skipTo(1_000_000n);
    refuses(() => unjail(chain, ann.operator), "slashing", 4, "validator still jailed; cannot be unjailed");
    refuses(() => tombstone(chain.bench.ctx, ann.consAddress), "slashing", 9, `${chain.info(ann)?.address}: validator already tombstoned`);
  });
  it("need not wait when it was never bonded", () => {
    const chain = createSlashingBench();
    const ann = chain.staking.bond(chain.bench.ctx, { status: 1, jailed: true });
    unjail(chain, ann.operator);
    assert.equal(ann.jailed, false);
  });
  it("needs a delegation of its own, worth its minimum in whole units", () => {
    const { chain, ann } = jailed({ minSelfDelegation: 500n });
    chain.skipTo(50n);
    chain.staking.own.set(ann.operator, 500n * E18 - 1n);
    refuses(
      () => unjail(chain, ann.operator),
      "slashing",
      7,
      "499 less than 500: validator's self delegation less than minimum; cannot be unjailed",
    );
    chain.staking.own.delete(ann.operator);
    refuses(() => unjail(chain, ann.operator), "staking", 19, "no delegation for (address, validator) tuple");
    chain.staking.own.set(ann.operator, 500n * E18);
    unjail(chain, ann.operator);
    assert.equal(ann.jailed, false);
  });
  it("is told of its stake before it is told that it is not in jail", () => {
    const chain = createSlashingBench();
    const ann = chain.staking.bond(chain.bench.ctx, { minSelfDelegation: 2n });
    chain.staking.own.set(ann.operator, E18);
    refuses(
      () => unjail(chain, ann.operator),
      "slashing",
      7,
      "1 less than 2: validator's self delegation less than minimum; cannot be unjailed",
    );
  });
});

describe("somebody else", () => {
  it("is no validator", () => {
    const { chain, ann } = jailed();
    chain.staking.remove(chain.bench.ctx, ann);
    refuses(() => unjail(chain, ann.operator), "staking", 3, "validator does not exist");
  });
  it("must be named by the address of an operator", () => {
    const { chain } = jailed();
    refuses(() => unjail(chain, ""), "sdk", 7, "validator input address: empty address string is not allowed: invalid address");
    refuses(
      () => unjail(chain, chain.bench.account("ann")),
      "sdk",
      7,
      "validator input address: hrp does not match bech32 prefix: expected 'testvaloper' got 'test': internal logic error: invalid address",
    );
  });
});
