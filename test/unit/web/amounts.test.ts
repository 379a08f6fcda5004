import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AI, formatAmount, formatPrice, parseAmount, unitOf } from "../../../web/wallet/amounts.ts";
import { fc } from "../../harness/fastCheck.ts";

const ONE = 10n ** 18n;

describe("amounts of the wallet page", () => {
  const READ: readonly [text: string, denom: string, base: bigint][] = [
    ["1", "aai", ONE],
    [" 12.5 ", "aai", (ONE * 25n) / 2n],
    ["0.000000000000000001", "credit", 1n],
    ["1 000", "aai", 1000n * ONE],
    ["0.5", "ngpu", 1800n * 10n ** 9n],
    ["0.5", "ngpu.eu", 1800n * 10n ** 9n],
    ["7", "other", 7n],
  ];
  for (const [text, denom, base] of READ) it(`reads "${text}" ${denom}`, () => assert.equal(parseAmount(text, unitOf(denom)), base));

  for (const [text, says] of [
    ["", /Enter an amount/],
    ["-1", /Enter an amount/],
    ["1e3", /Enter an amount/],
    ["1,5", /Enter an amount/],
    [".5", /Enter an amount/],
    ["0", /above zero/],
    ["0.0000000000000000001", /finer than/],
  ] as const)
    it(`refuses "${text}" in words`, () => assert.throws(() => parseAmount(text, AI), says));

  const SHOWN: readonly [base: bigint, denom: string, text: string][] = [
    [0n, "aai", "0"],
    [ONE / 2n, "aai", "0.5"],
    [1n, "aai", "<0.000001"],
    [10_000n * ONE + 1n, "aai", "10\u202f000"],
    [3600n * 10n ** 9n, "ngpu", "1"],
    [5n, "other", "5"],
  ];
  for (const [base, denom, text] of SHOWN)
    it(`shows ${base} ${denom} as ${text}`, () => assert.equal(formatAmount(base, unitOf(denom)), text));

  it("come back as they were typed", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), (base) =>
        assert.equal(parseAmount(formatAmount(base, AI, 18).replaceAll("\u202f", ""), AI), base),
      ),
    ));

  it("prices are for one unit", () => {
    // 1.8 credit per GPU-hour are 0.0005 credit per GPU-second: 500,000 base units of credit per base unit.
    assert.equal(formatPrice((500_000n * ONE).toString(), unitOf("ngpu")), "1.8");
    assert.equal(unitOf("ngpu.eu").name, "GPU-hours (eu)");
  });
});
