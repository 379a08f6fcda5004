import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Params } from "#proto/hanzo/emissions/v1/types";
import { createAddressCodec, moduleAddress } from "#sdk";
import { auth, FEE_COLLECTOR } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { emissions } from "../../../modules/emissions/index.ts";
import { DEFAULT_PARAMS } from "../../../modules/emissions/params.ts";
import { EMPTY_BLOCK } from "../../harness/emptyBlock.ts";
import { type Bench, createBench, eventLines } from "../../harness/moduleBench.ts";

const codec = createAddressCodec("test");
const [COLLECTOR, TREASURY, GOV] = [FEE_COLLECTOR, "treasury", "gov"].map((name) => codec.format(moduleAddress(name)));

const PARAMS: Params = {
  ...DEFAULT_PARAMS,
  schedule: [
    { startHeight: 1n, reward: "1003" },
    { startHeight: 20n, reward: "500" },
    { startHeight: 30n, reward: "0" },
  ],
  carryBlocks: 3n,
  blocksPerYear: 100n,
};

function start(params: Partial<Params> = {}): Bench {
  const bench = createBench({ modules: [auth, bank, emissions] });
  bench.init("auth");
  bench.init("bank", {
    params: { sendEnabled: [], defaultSendEnabled: true },
    balances: [{ address: bench.account("ann"), coins: [{ denom: "atest", amount: "1000000" }] }],
  });
  bench.init("emissions", { params: { ...PARAMS, ...params } });
  bench.takeEvents();
  return bench;
}

function run(bench: Bench, from: bigint, to = from): void {
  for (let height = from; height <= to; height++) {
    const at = bench.at(height);
    at.module("emissions").beginBlock?.(at.ctx, EMPTY_BLOCK);
  }
}

const balance = (bench: Bench, owner = ""): bigint => bench.facet(bank, "view").balance(bench.ctx, owner, "atest");

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const query = (bench: Bench, name: string, request: object = {}): object =>
  bench.query(`/hanzo.emissions.v1.Query/${name}`, request) as object;
const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    const { codespace, code, message } = error as { codespace: string; code: number; message: string };
    return `${codespace}/${code} ${message}`;
  }
  return "accepted";
};

describe("a block of x/emissions", () => {
  it("mints for validators and the treasury, authorises for work and curators, and loses nothing", () => {
    const bench = start();
    run(bench, 1n);
    assert.deepEqual([balance(bench, COLLECTOR), balance(bench, TREASURY)], [351n, 51n]);
    assert.deepEqual(query(bench, "Authorizations"), {
      work: { available: "501", authorized: "501", minted: "0", expired: "0" },
      curation: { available: "100", authorized: "100", minted: "0", expired: "0" },
    });
    assert.deepEqual(query(bench, "Totals"), { totals: { emitted: "1003", validators: "351", treasury: "51" } });
    assert.deepEqual(bench.broken(), []);
  });
  it("says what it did", () => {
    const bench = start();
    const at = bench.at(1n);
    at.module("emissions").beginBlock?.(at.ctx, EMPTY_BLOCK);
    assert.deepEqual(eventLines(at.takeEvents()), [
      `coin_received(receiver=${COLLECTOR}, amount=351atest)`,
      `coinbase(minter=${COLLECTOR}, amount=351atest)`,
      `coin_received(receiver=${TREASURY}, amount=51atest)`,
      `coinbase(minter=${TREASURY}, amount=51atest)`,
      'hanzo.emissions.v1.EventEmitted(split={"reward":"1003","validators":"351","work":"501","curation":"100","treasury":"51"}, workExpired="0", curationExpired="0")',
    ]);
  });
  it("lets what stands unused beyond the carried blocks expire", () => {
    const bench = start();
    run(bench, 1n, 5n);
    assert.deepEqual(query(bench, "Authorizations"), {
      work: { available: "1503", authorized: "2505", minted: "0", expired: "1002" },
      curation: { available: "300", authorized: "500", minted: "0", expired: "200" },
    });
    // A lower reward carries less.
    run(bench, 20n);
    assert.deepEqual(query(bench, "Authorizations"), {
      work: { available: "750", authorized: "2755", minted: "0", expired: "2005" },
      curation: { available: "150", authorized: "550", minted: "0", expired: "400" },
    });
    assert.deepEqual(bench.broken(), []);
  });
  it("does nothing once the schedule has ended", () => {
    const bench = start();
    run(bench, 30n);
    assert.equal(balance(bench, COLLECTOR), 0n);
    assert.deepEqual(bench.at(30n).takeEvents(), []);
  });
});

describe("what x/emissions has authorised", () => {
  it("comes into being where and when another module says, and never more than stands", () => {
    const bench = start();
    run(bench, 1n);
    bench.takeEvents();
    const { mintForWork, availableForWork } = bench.facet(emissions, "work");
    const { mintForCuration, availableForCuration } = bench.facet(emissions, "curation");
    mintForWork(bench.ctx, bench.account("worker"), 500n);
    assert.equal(
      eventLines(bench.takeEvents()).at(-1),
      `hanzo.emissions.v1.EventMinted(purpose="work", receiver="${bench.account("worker")}", amount="500", available="1")`,
    );
    mintForWork(bench.ctx, bench.account("worker"), 0n);
    assert.equal(
      refusal(() => mintForWork(bench.ctx, bench.account("worker"), 2n)),
      "emissions/3 at most 1atest for work expected, got 2: more than is authorised",
    );
    mintForCuration(bench.ctx, bench.account("curator"), 100n);
    assert.deepEqual([availableForWork(bench.ctx), availableForCuration(bench.ctx)], [1n, 0n]);
    assert.deepEqual([balance(bench, bench.account("worker")), balance(bench, bench.account("curator"))], [500n, 100n]);
    assert.deepEqual(bench.broken(), []);
  });
});

describe("queries of x/emissions", () => {
  it("tell the reward of the next block, of any other, and the step after it", () => {
    const bench = start();
    const split = { reward: "1003", validators: "351", work: "501", curation: "100", treasury: "51" };
    assert.deepEqual(query(bench, "Reward"), { height: 6n, split, next: { startHeight: 20n, reward: "500" } });
    assert.deepEqual(query(bench, "Reward", { height: 19n }), { height: 19n, split, next: { startHeight: 20n, reward: "500" } });
    const ended = { reward: "0", validators: "0", work: "0", curation: "0", treasury: "0" };
    assert.deepEqual(query(bench, "Reward", { height: 31n }), { height: 31n, split: ended, next: undefined });
  });
  it("tell wallets what a year adds, and x/mint's routes what of it delegators earn", () => {
    const bench = start();
    assert.deepEqual(query(bench, "Inflation"), {
      supply: "1000000",
      annualReward: "100300",
      annualValidators: "35100",
      inflation: "100300000000000000",
      validatorsInflation: "35100000000000000",
    });
    const mint = (name: string): unknown => bench.query(`/cosmos.mint.v1beta1.Query/${name}`, {});
    assert.equal(text((mint("Inflation") as { inflation: Uint8Array }).inflation), "35100000000000000");
    assert.equal(text((mint("AnnualProvisions") as { annualProvisions: Uint8Array }).annualProvisions), `35100${"0".repeat(18)}`);
    assert.deepEqual((mint("Params") as { params: object }).params, {
      mintDenom: "atest",
      inflationRateChange: "0",
      inflationMax: "35100000000000000",
      inflationMin: "35100000000000000",
      goalBonded: "1000000000000000000",
      blocksPerYear: 100n,
    });
  });
});

describe("parameters of x/emissions", () => {
  const step = (startHeight: bigint, reward: string) => ({ startHeight, reward });
  for (const [name, change, reason] of [
    ["no steps", { schedule: [] }, "schedule: 1 to 64 steps expected, got 0"],
    [
      "too many steps",
      { schedule: Array.from({ length: 65 }, (_, i) => step(BigInt(i + 1), "1")) },
      "schedule: 1 to 64 steps expected, got 65",
    ],
    ["a late beginning", { schedule: [step(2n, "1")] }, "schedule[0].start_height: 1 expected, got 2"],
    ["heights that do not rise", { schedule: [step(1n, "2"), step(1n, "1")] }, "schedule[1].start_height: above 1 expected, got 1"],
    ["a rising reward", { schedule: [step(1n, "2"), step(5n, "3")] }, "schedule[1].reward: at most 2 expected, got 3"],
    ["a reward that is no amount", { schedule: [step(1n, "-2")] }, 'schedule[0].reward: base units expected, got "-2"'],
    ["a starved purpose", { curationPpm: 49_999 }, "curation_ppm: 50000 to 1000000 expected, got 49999"],
    ["more than everything", { workPpm: 600_000 }, "shares of at most 1000000 together expected, got 1050000"],
    ["no treasury", { treasuryModule: "" }, "treasury_module: a name of 1 to 64 characters expected, got "],
    ["nothing carried", { carryBlocks: 0n }, "carry_blocks: 1 to 63072000000 expected, got 0"],
    ["an empty year", { blocksPerYear: 0n }, "blocks_per_year: 1 to 63072000000 expected, got 0"],
  ] as readonly (readonly [string, Partial<Params>, string])[]) {
    it(`are refused with ${name}`, () => {
      const bench = start();
      const update = { authority: GOV, params: { ...PARAMS, ...change } };
      assert.equal(
        refusal(() => bench.send("/hanzo.emissions.v1.MsgUpdateParams", update)),
        `emissions/2 ${reason}: invalid emission parameters`,
      );
    });
  }
  it("are the authority's to change", () => {
    const bench = start();
    const params = { ...PARAMS, workPpm: 300_000 };
    assert.match(
      refusal(() => bench.send("/hanzo.emissions.v1.MsgUpdateParams", { authority: bench.account("ann"), params })),
      /^gov\/13 /,
    );
    bench.send("/hanzo.emissions.v1.MsgUpdateParams", { authority: GOV, params });
    run(bench, 6n);
    assert.equal((query(bench, "Authorizations") as { work: { available: string } }).work.available, "300");
  });
  it("emit 50 million AI in the first year of a new chain, and a fifth less in the second", () => {
    const [first, second] = DEFAULT_PARAMS.schedule;
    assert.equal((BigInt(first?.reward ?? "") * 15_768_000n) / 10n ** 18n, 49_999_999n);
    assert.equal((BigInt(second?.reward ?? "") * 15_768_000n) / 10n ** 18n, 39_999_999n);
    assert.equal(second?.startHeight, 15_768_001n);
  });
});

describe("genesis of x/emissions", () => {
  it("comes back as it was", () => {
    const bench = start();
    run(bench, 1n, 5n);
    bench.facet(emissions, "work").mintForWork(bench.ctx, bench.account("worker"), 7n);
    const exported = bench.exportGenesis("emissions") as object;
    const other = createBench({ modules: [auth, bank, emissions] });
    other.init("emissions", exported);
    assert.deepEqual(other.store("emissions").dump(), bench.store("emissions").dump());
  });
  it("is refused when its sums do not add up", () => {
    const bench = start();
    const work = { available: "1", authorized: "3", minted: "1", expired: "0" };
    assert.equal(
      refusal(() => bench.init("emissions", { params: PARAMS, totals: { emitted: "3", validators: "0", treasury: "0" }, work })),
      "emissions/4 work: authorised 3, but available, minted and expired add up to 2: invalid emissions genesis",
    );
    assert.equal(
      refusal(() => bench.init("emissions", { params: PARAMS, totals: { emitted: "x", validators: "0", treasury: "0" } })),
      'emissions/4 emissions.totals.emitted: base units expected, got "x": invalid emissions genesis',
    );
  });
  it("goes on with the schedule where a chain begins again at height 1", () => {
    const bench = start();
    const at = bench.at(25n);
    at.module("emissions").genesis?.handlers.prepareZeroHeight?.(at.ctx);
    const { params } = query(bench, "Params") as { params: Params };
    assert.deepEqual(params.schedule, [
      { startHeight: 1n, reward: "500" },
      { startHeight: 5n, reward: "0" },
    ]);
    const last = bench.at(4n);
    last.module("emissions").genesis?.handlers.prepareZeroHeight?.(last.ctx);
    assert.deepEqual((query(bench, "Params") as { params: Params }).params.schedule, [{ startHeight: 1n, reward: "0" }]);
  });
});
