import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressCodec, E18, ModuleError } from "#sdk";
import { ABSENT, COMMIT, createSlashingBench, decBytes, type Rules, slashingParams } from "../../harness/slashingBench.ts";
import { consensusAddress } from "../../harness/standInStaking.ts";

const consensus = createAddressCodec("test").consensus;
const ann = consensus.format(consensusAddress(1));
const bob = consensus.format(consensusAddress(2));

const info = (address: string, change: object = {}): object => ({
  address,
  validatorSigningInfo: {
    address,
    startHeight: 3n,
    indexOffset: 7n,
    jailedUntil: { seconds: 0n, nanos: 0 },
    tombstoned: false,
    missedBlocksCounter: 0n,
    ...change,
  },
});
const missed = (address: string, ...indexes: readonly bigint[]): object => ({
  address,
  missedBlocks: indexes.map((index) => ({ index, missed: true })),
});

function init(genesis: object): ReturnType<typeof createSlashingBench> {
  const chain = createSlashingBench();
  chain.bench.init("slashing", { params: slashingParams(), signingInfos: [], missedBlocks: [], ...genesis });
  return chain;
}

describe("genesis of x/slashing", () => {
  it("comes back to the same bytes, with marks in several chunks", () => {
    const chain = createSlashingBench({ window: 300_000n, minSignedE18: 0n });
    const { ctx } = chain.bench;
    const who = chain.staking.bond(ctx);
    const other = chain.staking.bond(ctx);
    for (let i = 0; i < 1_030; i++) {
      chain.block([
        [who, i % 3 === 0 || i > 1_020 ? ABSENT : COMMIT],
        [other, i === 1_029 ? ABSENT : COMMIT],
      ]);
    }
    const exported = chain.bench.exportGenesis("slashing") as {
      readonly missedBlocks: readonly { readonly missedBlocks: readonly object[] }[];
    };
    assert.deepEqual(exported.missedBlocks[1]?.missedBlocks, [{ index: 1_029n, missed: true }]);
    const next = createSlashingBench();
    next.bench.init("slashing", exported);
    for (const { consAddress } of [who, other]) next.staking.bond(next.bench.ctx, { consAddress, status: 1 });
    // A block without their votes writes down what they have counted.
    chain.block();
    assert.deepEqual(
      next.bench.store("slashing").dump(),
      chain.bench
        .store("slashing")
        .dump()
        .filter(([key]) => key !== "04"),
    );
    assert.deepEqual(next.bench.exportGenesis("slashing"), exported);
    assert.deepEqual(next.bench.broken(), []);
  });
  it("has default parameters when a file says nothing", () => {
    const chain = createSlashingBench();
    chain.bench.init("slashing");
    assert.deepEqual(chain.bench.exportGenesis("slashing"), {
      params: slashingParams({ window: 100n, jailSeconds: 600n }),
      signingInfos: [],
      missedBlocks: [],
    });
  });
  it("keeps the keys of validators that came before it", () => {
    const chain = createSlashingBench();
    chain.staking.bond(chain.bench.ctx);
    chain.bench.store("slashing").delete(Uint8Array.of(3, 20, ...consensusAddress(1)));
    assert.equal(chain.bench.broken().length, 1);
    chain.bench.init("slashing");
    assert.deepEqual(chain.bench.broken(), []);
  });
  it("takes what old chains leave out, and capitals", () => {
    const chain = init({ signingInfos: [{ ...info(ann.toUpperCase(), { address: "", jailedUntil: undefined }) }] });
    assert.deepEqual(chain.bench.exportGenesis("slashing"), {
      params: slashingParams(),
      signingInfos: [info(ann)],
      missedBlocks: [missed(ann)],
    });
  });
  it("for zero height counts windows from the new beginning and forgives nothing", () => {
    const chain = init({ signingInfos: [info(ann, { missedBlocksCounter: 2n })], missedBlocks: [missed(ann, 1n, 5n)] });
    chain.bench.module("slashing").genesis?.handlers.prepareZeroHeight?.(chain.bench.ctx);
    assert.deepEqual(chain.bench.exportGenesis("slashing"), {
      params: slashingParams(),
      signingInfos: [info(ann, { startHeight: 0n, missedBlocksCounter: 2n })],
      missedBlocks: [missed(ann, 1n, 5n)],
    });
  });

  const refusals: readonly (readonly [genesis: object, text: string])[] = [
    [{ signingInfos: [info("bad")] }, "slashing.signing_infos[0].address: decoding bech32 failed: invalid bech32 string length 3"],
    [{ signingInfos: [info(ann), info(ann)] }, `slashing.signing_infos[1]: one entry of ${ann} expected, got two`],
    [{ signingInfos: [{ address: ann }] }, "slashing.signing_infos[0].validator_signing_info: expected, got none"],
    [
      { signingInfos: [info(ann, { address: bob })] },
      `slashing.signing_infos[0].validator_signing_info.address: ${ann} expected, got ${bob}`,
    ],
    [
      { signingInfos: [info(ann, { startHeight: -1n })] },
      "slashing.signing_infos[0].validator_signing_info.start_height: 0 or more expected, got -1",
    ],
    [
      { signingInfos: [info(ann, { indexOffset: -1n })] },
      "slashing.signing_infos[0].validator_signing_info.index_offset: 0 or more expected, got -1",
    ],
    [
      { signingInfos: [info(ann, { missedBlocksCounter: 1n })] },
      "slashing.signing_infos[0]: 0 missed blocks of missed_blocks expected, got 1",
    ],
    [{ missedBlocks: [missed(ann)] }, `slashing.missed_blocks: signing info of ${ann} expected, got none`],
    [
      { signingInfos: [info(ann)], missedBlocks: [missed(ann), missed(ann)] },
      `slashing.missed_blocks[1]: one entry of ${ann} expected, got two`,
    ],
    [{ signingInfos: [info(ann)], missedBlocks: [missed(ann, -1n)] }, "slashing.missed_blocks[0]: an index of 0 or more expected, got -1"],
  ];
  for (const [genesis, text] of refusals) it(`is refused: ${text}`, () => refusesRequest(() => init(genesis), text));
});

describe("parameters of x/slashing", () => {
  const refusals: readonly (readonly [rules: Rules, text: string])[] = [
    [{ window: 0n }, "signed blocks window must be positive: 0"],
    [{ window: -5n }, "signed blocks window must be positive: -5"],
    [{ minSignedE18: -1n }, "min signed per window cannot be negative: -0.000000000000000001"],
    [{ minSignedE18: E18 + 1n }, "min signed per window too large: 1.000000000000000001"],
    [{ jailSeconds: 0n }, "downtime jail duration must be positive: 0 ns"],
    [{ jailSeconds: -1n }, "downtime jail duration must be positive: -1000000000 ns"],
    [{ doubleSignE18: -E18 }, "double sign slash fraction cannot be negative: -1.000000000000000000"],
    [{ doubleSignE18: 2n * E18 }, "double sign slash fraction too large: 2.000000000000000000"],
    [{ downtimeE18: -E18 }, "downtime slash fraction cannot be negative: -1.000000000000000000"],
    [{ downtimeE18: 2n * E18 }, "downtime slash fraction too large: 2.000000000000000000"],
  ];
  for (const [rules, text] of refusals) it(`are refused: ${text}`, () => refusesParams(() => createSlashingBench(rules), text));
  it("are refused when a fraction is missing or no number", () => {
    const params = slashingParams();
    refusesParams(() => init({ params: { ...params, minSignedPerWindow: new Uint8Array(0) } }), "min signed per window cannot be nil");
    refusesRequest(
      () => init({ params: { ...params, slashFractionDowntime: new TextEncoder().encode("0.5") } }),
      'a decimal as a whole number of 10^-18 expected, got "0.5"',
    );
  });
  it("may be at their ends", () => {
    for (const minSignedE18 of [0n, E18]) createSlashingBench({ window: 1n, minSignedE18, downtimeE18: E18, doubleSignE18: 0n });
    assert.deepEqual(decBytes(0n), Uint8Array.of(48));
  });
});

/** The Cosmos SDK never registered these errors. */
function refusesParams(run: () => unknown, text: string): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ModuleError, String(error));
    assert.deepEqual([error.codespace, error.code, error.message], ["undefined", 1, text]);
    return true;
  });
}

function refusesRequest(run: () => unknown, text: string): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ModuleError, String(error));
    assert.deepEqual([error.codespace, error.code, error.message], ["sdk", 18, `${text}: invalid request`]);
    return true;
  });
}
