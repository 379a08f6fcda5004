import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { ConsensusParams } from "#proto/tendermint/types/params";
import { createAddressCodec, ModuleError, moduleAddress } from "#sdk";
import { consensus } from "../../../modules/consensus/index.ts";
import { type Bench, createBench, eventLines } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";

const authority = createAddressCodec("test").format(moduleAddress("gov"));
const groups = {
  block: { maxBytes: 4_194_304n, maxGas: 49_000_000n },
  evidence: { maxAgeNumBlocks: 100_000n, maxAgeDuration: { seconds: 172_800n, nanos: 0 }, maxBytes: 1_048_576n },
  validator: { pubKeyTypes: ["ed25519"] },
};
const GENESIS: ConsensusParams = { ...groups, block: { maxBytes: 22_020_096n, maxGas: 50_000_000n }, version: undefined, abci: undefined };

let bench: Bench;
beforeEach(() => {
  bench = createBench({ modules: [consensus], height: 56n });
  bench.facet(consensus, "params").set(bench.ctx, GENESIS);
});
const update = (change: object, sender = authority): object =>
  bench.send("/cosmos.consensus.v1.MsgUpdateParams", { authority: sender, ...groups, ...change });
const current = (): ConsensusParams | undefined => bench.facet(consensus, "params").get(bench.ctx);

describe("consensus parameters", () => {
  it("change by the authority, with the event that a recorded SDK chain has", () => {
    update({});
    assert.deepEqual(current(), { ...groups, version: { app: 0n }, abci: { voteExtensionsEnableHeight: 0n } });
    assert.deepEqual(eventLines(bench.takeEvents()), [
      `update_consensus_params(authority=${authority}, parameters=block:<max_bytes:4194304 max_gas:49000000 > evidence:<max_age_num_blocks:100000 max_age_duration:<seconds:172800 > max_bytes:1048576 > validator:<pub_key_types:"ed25519" > version:<> )`,
    ]);
  });
  it("are answered with every group", () => {
    assert.deepEqual(bench.query("/cosmos.consensus.v1.Query/Params", {}), {
      params: { ...GENESIS, version: { app: 0n }, abci: { voteExtensionsEnableHeight: 0n } },
    });
  });
  it("do not change by anybody else", () => {
    const other = bench.account("a");
    assert.throws(
      () => update({}, other),
      (error) =>
        error instanceof ModuleError &&
        error.codespace === "gov" &&
        error.code === 13 &&
        error.message.startsWith(`invalid authority; expected ${authority}, got ${other}`),
    );
  });
  it("of who may not change them are not looked into", () => {
    refused(() => update({ block: { maxBytes: 0n, maxGas: 1n } }, bench.account("a")), "gov/13");
    refused(() => update({ block: { maxBytes: 0n, maxGas: 1n } }), "undefined/1", /MaxBytes/);
  });
  it("switch vote extensions on for a later height and never off", () => {
    const on = (voteExtensionsEnableHeight: bigint): object => update({ abci: { voteExtensionsEnableHeight } });
    assert.throws(() => on(56n), /cannot be updated to a past height, initial height: 56, current height 56/);
    on(100n);
    update({});
    assert.equal(current()?.abci?.voteExtensionsEnableHeight, 100n);
    on(90n);
    assert.throws(() => on(0n), /vote extensions cannot be disabled once enabled/);
    assert.match(eventLines(bench.takeEvents()).at(-1) ?? "", /version:<> abci:<vote_extensions_enable_height:90 > \)$/);
    const later = createBench({ modules: [consensus], height: 91n });
    later.facet(consensus, "params").set(later.ctx, { ...GENESIS, abci: { voteExtensionsEnableHeight: 90n } });
    assert.throws(
      () => later.send("/cosmos.consensus.v1.MsgUpdateParams", { authority, ...groups, abci: { voteExtensionsEnableHeight: 200n } }),
      /cannot be modified once the initial height has occurred/,
    );
  });
  const { block, evidence, validator } = groups;
  const refusals: readonly (readonly [change: object, text: string])[] = [
    [{ block: undefined }, "all parameters must be present"],
    [{ evidence: undefined }, "all parameters must be present"],
    [{ validator: undefined }, "all parameters must be present"],
    [{ block: { ...block, maxBytes: 0n } }, "block.MaxBytes cannot be 0"],
    [{ block: { ...block, maxBytes: -2n } }, "block.MaxBytes must be -1 or greater than 0. Got -2"],
    [{ block: { ...block, maxBytes: 104_857_601n } }, "block.MaxBytes is too big. 104857601 > 104857600"],
    [{ block: { ...block, maxGas: -2n } }, "block.MaxGas must be greater or equal to -1. Got -2"],
    [{ evidence: { ...evidence, maxAgeNumBlocks: 0n } }, "evidence.MaxAgeNumBlocks must be greater than 0. Got 0"],
    [{ evidence: { ...evidence, maxAgeDuration: undefined } }, "evidence.MaxAgeDuration must be greater than 0, got 0 s and 0 ns"],
    [
      { evidence: { ...evidence, maxAgeDuration: { seconds: -1n, nanos: 0 } } },
      "evidence.MaxAgeDuration must be greater than 0, got -1 s and 0 ns",
    ],
    [{ evidence: { ...evidence, maxBytes: 4_194_305n } }, "evidence.MaxBytesEvidence is greater than upper bound, 4194305 > 4194304"],
    [{ evidence: { ...evidence, maxBytes: -1n } }, "evidence.MaxBytes must be non negative. Got: -1"],
    [{ validator: { pubKeyTypes: [] } }, "len(Validator.PubKeyTypes) must be greater than 0"],
    [
      { validator: { pubKeyTypes: [...validator.pubKeyTypes, "sr25519"] } },
      "params.Validator.PubKeyTypes[1], sr25519, is an unknown pubkey type",
    ],
    [{ abci: { voteExtensionsEnableHeight: -1n } }, "ABCI.VoteExtensionsEnableHeight cannot be negative. Got: -1"],
  ];
  for (const [change, text] of refusals) {
    it(`are refused where CometBFT would stop: ${text}`, () => {
      const before = current();
      assert.throws(
        () => update(change),
        (error) => error instanceof ModuleError && error.codespace === "undefined" && error.code === 1 && error.message === text,
      );
      assert.deepEqual(current(), before);
    });
  }
  it("without a limit on bytes take evidence up to CometBFT's own limit", () => {
    update({ block: { maxBytes: -1n, maxGas: -1n }, evidence: { ...evidence, maxBytes: 104_857_600n } });
    assert.equal(current()?.block?.maxBytes, -1n);
  });
  it("have their place in the genesis file, which is not the module's", () => {
    bench.init("consensus");
    assert.throws(() => bench.init("consensus", groups), /the parameters belong into consensus\.params/);
    assert.deepEqual(bench.exportGenesis("consensus"), {
      block: undefined,
      evidence: undefined,
      validator: undefined,
      version: undefined,
      abci: undefined,
    });
  });
  it("lie under one key", () =>
    assert.deepEqual(
      bench
        .store("consensus")
        .dump()
        .map(([key]) => key),
      ["00"],
    ));
});
