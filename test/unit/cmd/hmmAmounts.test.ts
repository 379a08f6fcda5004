import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  exactResource,
  formatCredit,
  formatMicroseconds,
  formatPpm,
  formatPrice,
  formatResource,
} from "../../../cmd/hanzod/hmm/amountFormat.ts";
import { isCreditText, parseCreditText, parseNeedText, parsePriceText, parseResourceText } from "../../../cmd/hanzod/hmm/amountText.ts";
import { unitsOf } from "../../../cmd/hanzod/hmm/resourceUnits.ts";
import { parseLatencyText, parseNamesText, parsePartText } from "../../../cmd/hanzod/hmm/slaText.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { fc } from "../../harness/fastCheck.ts";

const AI = 10n ** 18n;
const NANO = 10n ** 9n;
const CLASSES = ["disk", "gpu", "net", "ram", "vram"];

/** The message of a refusal, and that it is one for people. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    assert.ok(thrown instanceof CliError && thrown.next !== "", String(thrown));
    return thrown.message;
  }
  return assert.fail("a refusal is expected");
}

describe("amounts of credit", () => {
  test("are AI with up to 18 decimals, or whole base units", () => {
    assert.equal(parseCreditText("10AI"), 10n * AI);
    assert.equal(parseCreditText("0.5AI"), AI / 2n);
    assert.equal(parseCreditText("0.000000000000000001AI"), 1n);
    assert.equal(parseCreditText("10 AI"), 10n * AI);
    assert.equal(parseCreditText("3credit"), 3n);
    assert.equal(parseCreditText("3aai"), 3n);
  });

  test("are refused where they are no amount, too fine, or nothing", () => {
    for (const text of ["", "AI", "10", "-1AI", "1e3AI", "1,000AI", "0AI", "0.0000000000000000001AI", "1.5credit", "10ai", "1h"])
      assert.match(
        messageOf(() => parseCreditText(text)),
        /^expected an amount of AI such as 10AI or 0\.5AI, got /,
        text,
      );
  });

  test("are told from amounts of resource", () => {
    assert.deepEqual(["10AI", "3credit", "1h", "10GiB", "7ngpu", "x"].map(isCreditText), [true, true, false, false, false, false]);
  });
});

describe("amounts of a resource", () => {
  const GOOD: readonly (readonly [resourceClass: string, text: string, base: bigint])[] = [
    ["gpu", "1h", 3600n * NANO],
    ["gpu", "30m", 1800n * NANO],
    ["gpu", "90s", 90n * NANO],
    ["gpu", "0.5GPU-h", 1800n * NANO],
    ["gpu", "2d", 172_800n * NANO],
    ["gpu", "0.000000001s", 1n],
    ["gpu", "5ngpu", 5n],
    ["vram", "40GiB-h", 40n * 3600n * NANO],
    ["vram", "1TiB-h", 1024n * 3600n * NANO],
    ["ram", "512MiB-s", NANO / 2n],
    ["disk", "100GiB-h", 100n * NANO],
    ["disk", "1GiB-d", 24n * NANO],
    ["net", "10GiB", 10n * NANO],
    ["net", "1.5TiB", 1536n * NANO],
    ["fpga", "7base", 7n],
  ];
  for (const [resourceClass, text, base] of GOOD)
    test(`${text} of ${resourceClass} is ${base} base units`, () => assert.equal(parseResourceText(unitsOf(resourceClass), text), base));

  test("of another kind are refused with what fits", () => {
    const refusal = (resourceClass: string, text: string): string => messageOf(() => parseResourceText(unitsOf(resourceClass), text));
    assert.equal(refusal("vram", "1h"), "vram: expected GiB-hours such as 40GiB-h, got 1h");
    assert.equal(refusal("gpu", "40GiB-h"), "gpu: expected GPU-hours such as 1h, 30m or 90s, got 40GiB-h");
    assert.equal(refusal("net", "1GiB-h"), "net: expected data such as 10GiB or 1.5TiB, got 1GiB-h");
    assert.match(refusal("disk", "1GB-h"), /^disk: expected GiB-hours/);
    assert.match(refusal("gpu", "0h"), /got 0h$/);
    assert.match(refusal("gpu", "-1h"), /got -1h$/);
    assert.match(refusal("gpu", ""), /got nothing$/);
    assert.match(refusal("net", "1KiB"), /got 1KiB, which is no whole number of base units$/);
  });

  test("may be base units of the pool's own denomination", () => {
    assert.equal(parseResourceText(unitsOf("gpu"), "5ngpu.eu", "gpu-eu", "ngpu.eu"), 5n);
    assert.match(
      messageOf(() => parseResourceText(unitsOf("gpu"), "5ngpu", "gpu-eu", "ngpu.eu")),
      /^gpu-eu: /,
    );
  });

  test("are read back exactly as they are written for the next command", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CLASSES), fc.bigInt({ min: 1n, max: 1n << 100n }), fc.boolean(), (name, some, whole) => {
        const units = unitsOf(name);
        const amount = whole ? some * units.perUnit : some;
        assert.equal(parseResourceText(units, exactResource(units, amount, `n${name}`)), amount);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test("come with their class where any class may stand", () => {
    assert.deepEqual(parseNeedText("gpu=1h"), { resourceClass: "gpu", amount: 3600n * NANO });
    assert.deepEqual(parseNeedText("fpga=7base"), { resourceClass: "fpga", amount: 7n });
    for (const text of ["gpu", "=1h", "GPU=1h"])
      assert.match(
        messageOf(() => parseNeedText(text)),
        /--need: expected CLASS=AMOUNT/,
      );
  });
});

describe("prices", () => {
  test("are per time or size, rounded in the writer's favour", () => {
    // 1.8 AI per GPU-hour is 0.0005 AI per GPU-second.
    assert.equal(parsePriceText(unitsOf("gpu"), "1.8AI/h", "buy"), 500_000n * AI);
    assert.equal(parsePriceText(unitsOf("net"), "0.01AI/GiB", "buy"), 10n ** 7n * AI);
    const [buy, sell] = [parsePriceText(unitsOf("gpu"), "2.1AI/h", "buy"), parsePriceText(unitsOf("gpu"), "2.1AI/h", "sell")];
    assert.equal(sell - buy, 1n);
    assert.ok(buy * 3600n * NANO <= 21n * 10n ** 35n && sell * 3600n * NANO >= 21n * 10n ** 35n);
  });

  test("of another kind are refused with what fits", () => {
    for (const text of ["2", "2AI", "2AI/GiB", "0AI/h", "AI/h", "..AI/h", "2credit/h"])
      assert.match(
        messageOf(() => parsePriceText(unitsOf("gpu"), text, "buy")),
        /^gpu: expected a price such as 2AI\/GPU-h, got /,
        text,
      );
  });
});

describe("limits", () => {
  test("latencies are whole microseconds", () => {
    assert.deepEqual(
      ["80ms", "1.5s", "200us", "0.25ms"].map((text) => parseLatencyText(text, "--x")),
      [80_000n, 1_500_000n, 200n, 250n],
    );
    for (const text of ["80", "ms", "0ms", "0.1us", "-1ms", "2d", "90000s"])
      assert.match(
        messageOf(() => parseLatencyText(text, "--max-latency")),
        /^--max-latency: expected a time such as 80ms/,
        text,
      );
  });

  test("parts are millionths", () => {
    assert.deepEqual(
      ["20%", "0.5%", "100%", "0%", "5000ppm"].map((text) => parsePartText(text, "--x")),
      [200_000n, 5000n, 1_000_000n, 0n, 5000n],
    );
    for (const text of ["20", "101%", "-1%", "0.00001%", "0.5ppm", "%"])
      assert.match(
        messageOf(() => parsePartText(text, "--max-remote")),
        /^--max-remote: expected a part such as 20%/,
        text,
      );
  });

  test("names are sorted, and each comes once", () => {
    assert.deepEqual(parseNamesText("us, eu", "--region"), ["eu", "us"]);
    for (const text of ["", "eu,", "eu,eu"])
      assert.match(
        messageOf(() => parseNamesText(text, "--region")),
        /^--region: /,
      );
  });
});

describe("what people are shown", () => {
  test("has six significant digits and its unit, and whole digits are never cut", () => {
    assert.equal(formatCredit(10n * AI), "10 AI");
    assert.equal(formatCredit(1_806_036_998_288_939_267n), "1.80604 AI");
    assert.equal(formatCredit(32_410_600_000_000n), "0.0000324106 AI");
    assert.equal(formatCredit(1_234_567_890n * AI + AI / 2n), "1,234,567,891 AI");
    assert.equal(formatResource(unitsOf("gpu"), 5400n * NANO), "1.5 GPU-h");
    assert.equal(formatResource(unitsOf("disk"), 100n * NANO), "100 GiB-h");
    assert.equal(formatPrice(unitsOf("gpu"), 500_000n * AI), "1.8");
    assert.equal(formatPrice(unitsOf("vram"), 10_000n * AI), "0.036");
    assert.deepEqual([999n, 50_000n, 1_500_000n].map(formatMicroseconds), ["999 us", "50 ms", "1.5 s"]);
    assert.deepEqual([200_000n, 5000n].map(formatPpm), ["20 %", "0.5 %"]);
  });
});
