import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Metadata } from "#proto/cosmos/bank/v1beta1/bank";
import { AMOUNT_LIMIT } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

const coin = (amount: bigint, denom = "stake"): { denom: string; amount: string } => ({ denom, amount: String(amount) });
const unit = (denom: string, exponent: number, aliases: string[] = []): { denom: string; exponent: number; aliases: string[] } => ({
  denom,
  exponent,
  aliases,
});
const metadata: Metadata = {
  description: "",
  denomUnits: [unit("stake", 0), unit("STAKE", 6)],
  base: "stake",
  display: "STAKE",
  name: "Stake",
  symbol: "STK",
  uri: "",
  uriHash: "",
};

let bench: Bench;
beforeEach(() => {
  bench = createBench({ modules: [auth, bank] });
});

describe("genesis of the bank", () => {
  it("sums the supply and keeps the invariants", () => {
    bench.init("bank", {
      balances: [
        { address: bench.account("b"), coins: [coin(3n, "photon"), coin(5n)] },
        { address: bench.account("a"), coins: [coin(7n)] },
      ],
      supply: [coin(3n, "photon"), coin(12n)],
    });
    assert.equal(bench.facet(bank, "view").supply(bench.ctx, "stake"), 12n);
    assert.deepEqual(bench.broken(), []);
  });
  it("written and read again gives the same state", () => {
    bench.init("bank", {
      balances: ["a", "b", "c"].map((name, i) => ({ address: bench.account(name), coins: [coin(BigInt(i + 1), "photon"), coin(9n)] })),
      denomMetadata: [metadata],
      sendEnabled: [{ denom: "photon", enabled: false }],
    });
    const again = createBench({ modules: [auth, bank] });
    again.init("bank", bench.exportGenesis("bank") as object);
    assert.deepEqual(again.store("bank").dump(), bench.store("bank").dump());
    assert.ok(again.store("bank").dump().length > 10);
  });
  const refusals: readonly (readonly [label: string, genesis: (account: (name: string) => string) => object, text: string])[] = [
    [
      "a supply that is not the sum",
      (a) => ({ balances: [{ address: a("a"), coins: [coin(90n)] }], supply: [coin(100n)] }),
      "bank.supply: genesis supply is incorrect, expected the sum of all balances 90stake, got 100stake",
    ],
    [
      "a balance given twice",
      (a) => ({
        balances: [
          { address: a("a"), coins: [] },
          { address: a("a").toUpperCase(), coins: [] },
        ],
      }),
      "bank.balances[1]: {a} once expected, got it twice",
    ],
    [
      "coins out of order",
      (a) => ({ balances: [{ address: a("a"), coins: [coin(1n), coin(1n, "photon")] }] }),
      "bank.balances[0].coins: denomination photon is not sorted",
    ],
    [
      "a zero balance",
      (a) => ({ balances: [{ address: a("a"), coins: [coin(0n)] }] }),
      "bank.balances[0].coins: coin 0stake amount is not positive",
    ],
    [
      "a bad address",
      () => ({ balances: [{ address: "x", coins: [] }] }),
      "bank.balances[0].address: decoding bech32 failed: invalid bech32 string length 1",
    ],
    [
      "a sum of 2^256",
      (a) => ({ balances: ["a", "b"].map((name) => ({ address: a(name), coins: [coin(AMOUNT_LIMIT / 2n)] })) }),
      `bank.balances: coin ${AMOUNT_LIMIT}stake amount is not positive`,
    ],
    [
      "a switch given twice",
      () => ({
        sendEnabled: [
          { denom: "stake", enabled: true },
          { denom: "stake", enabled: false },
        ],
      }),
      "bank.send_enabled[1]: stake once expected, got it twice",
    ],
    ["a switch of a bad denomination", () => ({ sendEnabled: [{ denom: "x", enabled: true }] }), "bank.send_enabled[0]: invalid denom: x"],
    ["metadata given twice", () => ({ denomMetadata: [metadata, metadata] }), "bank.denom_metadata[1]: stake once expected, got it twice"],
    [
      "metadata without a name",
      () => ({ denomMetadata: [{ ...metadata, name: " " }] }),
      "bank.denom_metadata[0]: name field cannot be blank",
    ],
    [
      "metadata without a symbol",
      () => ({ denomMetadata: [{ ...metadata, symbol: "" }] }),
      "bank.denom_metadata[0]: symbol field cannot be blank",
    ],
    [
      "metadata of a bad denomination",
      () => ({ denomMetadata: [{ ...metadata, base: "x" }] }),
      "bank.denom_metadata[0]: invalid metadata base denom: invalid denom: x",
    ],
    [
      "metadata shown in a bad denomination",
      () => ({ denomMetadata: [{ ...metadata, display: "x" }] }),
      "bank.denom_metadata[0]: invalid metadata display denom: invalid denom: x",
    ],
    [
      "metadata with another first unit",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("STAKE", 0)] }] }),
      "bank.denom_metadata[0]: metadata's first denomination unit must be the one with base denom 'stake'",
    ],
    [
      "metadata with an exponent at the base",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("stake", 1)] }] }),
      "bank.denom_metadata[0]: the exponent for base denomination unit stake must be 0",
    ],
    [
      "metadata with falling exponents",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("stake", 0), unit("STAKE", 6), unit("mstake", 3)] }] }),
      "bank.denom_metadata[0]: denom units should be sorted asc by exponent",
    ],
    [
      "metadata with a unit twice",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("stake", 0), unit("stake", 6)] }] }),
      "bank.denom_metadata[0]: duplicate denomination unit stake",
    ],
    [
      "metadata without the display unit",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("stake", 0)] }] }),
      "bank.denom_metadata[0]: metadata must contain a denomination unit with display denom 'STAKE'",
    ],
    [
      "metadata with a bad unit",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("stake", 0), unit("!", 6)] }] }),
      "bank.denom_metadata[0]: invalid metadata denom unit: invalid denom: !",
    ],
    [
      "metadata with a blank alias",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("stake", 0, [" "])] }] }),
      "bank.denom_metadata[0]: alias for denom unit stake cannot be blank",
    ],
    [
      "metadata with an alias twice",
      () => ({ denomMetadata: [{ ...metadata, denomUnits: [unit("stake", 0, ["a", "a"])] }] }),
      "bank.denom_metadata[0]: duplicate denomination unit alias of stake",
    ],
  ];
  for (const [label, genesis, text] of refusals) {
    it(`refuses ${label}`, () => {
      const expected = `${text.replace("{a}", bench.account("a"))}: invalid request`;
      assert.throws(
        () => bench.init("bank", genesis(bench.account)),
        (error) => (error as Error).message === expected || assert.equal((error as Error).message, expected) === undefined,
      );
      assert.deepEqual(bench.store("bank").dump(), []);
    });
  }
});
