import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  AMOUNT_LIMIT,
  addCoins,
  amountOf,
  equalCoins,
  explainCoins,
  findAmount,
  formatCoins,
  isDenom,
  ModuleError,
  parseCoin,
  parseCoins,
  requireCoins,
  subCoins,
} from "#sdk";

const code = (codespace: string, number: number) => (error: unknown) =>
  error instanceof ModuleError && error.codespace === codespace && error.code === number;

describe("denominations", () => {
  for (const denom of ["stake", "abc", "ibc/27394FB0", "factory:x.y_z-1", `a${"b".repeat(127)}`, "__proto__".slice(2), "constructor"]) {
    it(`takes ${denom.slice(0, 20)}`, () => assert.equal(isDenom(denom), true));
  }
  for (const denom of ["", "x", "ab", "1stake", "__proto__", "sta ke", "stäke", "stake\n", `a${"b".repeat(128)}`]) {
    it(`refuses ${JSON.stringify(denom.slice(0, 20))}`, () => assert.equal(isDenom(denom), false));
  }
});

describe("amounts", () => {
  it("are canonical decimals", () => {
    assert.equal(findAmount("0"), 0n);
    assert.equal(findAmount("17"), 17n);
    assert.equal(findAmount((AMOUNT_LIMIT - 1n).toString()), AMOUNT_LIMIT - 1n);
  });
  for (const text of [
    "",
    "-1",
    "+17",
    "017",
    "00",
    "0x11",
    "0b11",
    "1_7",
    "1.0",
    "1e3",
    " 1",
    "1\n",
    "１",
    AMOUNT_LIMIT.toString(),
    "9".repeat(100_000),
  ]) {
    it(`refuse ${JSON.stringify(text.slice(0, 20))}`, () => assert.equal(findAmount(text), undefined));
  }
});

describe("lists of coins", () => {
  const rows: readonly (readonly [
    label: string,
    coins: readonly (readonly [amount: string, denom: string])[],
    reason: string | undefined,
  ])[] = [
    ["none", [], undefined],
    [
      "sorted",
      [
        ["1", "photon"],
        ["2", "stake"],
      ],
      undefined,
    ],
    ["zero", [["0", "stake"]], "coin 0stake amount is not positive"],
    ["negative", [["-1", "stake"]], "coin -1stake amount is not positive"],
    ["empty amount", [["", "stake"]], "coin 0stake amount is not positive"],
    [
      "unsorted",
      [
        ["1", "stake"],
        ["1", "photon"],
      ],
      "denomination photon is not sorted",
    ],
    [
      "doubled",
      [
        ["1", "stake"],
        ["2", "stake"],
      ],
      "duplicate denomination stake",
    ],
    ["bad denomination", [["1", "1x"]], "invalid denom: 1x"],
  ];
  for (const [label, pairs, reason] of rows) {
    const coins = pairs.map(([amount, denom]) => ({ amount, denom }));
    it(`${label}: ${reason ?? "valid"}`, () => {
      assert.equal(explainCoins(coins), reason);
      if (reason === undefined && coins.length > 0) assert.equal(formatCoins(requireCoins(coins)), formatCoins(coins));
      else
        assert.throws(
          () => requireCoins(coins),
          (error) => code("sdk", 10)(error) && (error as Error).message === `${formatCoins(coins)}: invalid coins`,
        );
    });
  }
  it("are read from text and sorted", () => {
    assert.deepEqual(parseCoin("5000stake"), { denom: "stake", amount: 5000n });
    assert.equal(formatCoins(parseCoins("100stake,40photon")), "40photon,100stake");
    assert.deepEqual(parseCoins(""), []);
    for (const text of ["stake", "5", "05stake", "5stake,5stake", "0stake", "5stake,", "5 x"])
      assert.throws(() => parseCoins(text), code("sdk", 10), text);
  });
  it("add and subtract", () => {
    const a = parseCoins("5photon,7stake");
    const b = parseCoins("7stake,1uatom");
    assert.equal(formatCoins(addCoins(a, b)), "5photon,14stake,1uatom");
    assert.equal(formatCoins(subCoins(addCoins(a, b), b)), "5photon,7stake");
    assert.throws(() => subCoins(a, b), code("sdk", 5));
    assert.throws(() => addCoins([{ denom: "stake", amount: AMOUNT_LIMIT - 1n }], parseCoins("1stake")), code("sdk", 10));
    assert.equal(amountOf(a, "stake"), 7n);
    assert.equal(amountOf(a, "uatom"), 0n);
    assert.equal(equalCoins(a, parseCoins("5photon,7stake")), true);
    assert.equal(equalCoins(a, parseCoins("5photon,8stake")), false);
    assert.equal(equalCoins(a, parseCoins("5photon")), false);
  });
});
