// Long form of the market's properties: the definitions that the short tests use, with as many cases as one has time for, and the drift
// campaign. `node dist/test/campaign/hmm/properties.js [--runs N] [--seed S] [--only P6] [--swaps N]`
import { parseArgs } from "node:util";
import { batchProperties } from "../../property/hmm/definitions/batch.ts";
import { curveProperties } from "../../property/hmm/definitions/curve.ts";
import { searchDrift } from "../../property/hmm/definitions/drift.ts";
import { feeProperties } from "../../property/hmm/definitions/fees.ts";
import { liquidityProperties } from "../../property/hmm/definitions/liquidity.ts";
import { parameterProperties } from "../../property/hmm/definitions/parameters.ts";
import type { Property } from "../../property/hmm/definitions/property.ts";
import { stabilityProperties } from "../../property/hmm/definitions/stability.ts";
import { tradeOrderProperties } from "../../property/hmm/definitions/tradeOrder.ts";
import { depositProperties } from "../../property/hmm-liquidity/definitions/deposits.ts";
import { priceProperties } from "../../property/hmm-liquidity/definitions/prices.ts";
import { walkProperties } from "../../property/hmm-liquidity/definitions/walks.ts";
import { simProperties } from "../../property/sim/definitions.ts";

const ALL: readonly Property[] = [
  ...curveProperties,
  ...feeProperties,
  ...tradeOrderProperties,
  ...liquidityProperties,
  ...batchProperties,
  ...stabilityProperties,
  ...parameterProperties,
  ...walkProperties,
  ...depositProperties,
  ...priceProperties,
  ...simProperties,
];
/** Name under which `--only` selects the drift campaign. */
const DRIFT = "drift";
/** Cases between two signs of progress. */
const CHUNK = 2000;
const SWAPS_PER_POOL = 5000;

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly only: string | undefined;
  readonly swaps: number;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!/^[0-9]{1,10}$/.test(text)) throw new Error(`--${name}: expected a whole number, got "${text}"`);
  return value;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      swaps: { type: "string", default: "10000000" },
    },
  });
  return {
    runs: wholeNumber("runs", values.runs),
    seed: wholeNumber("seed", values.seed),
    only: values.only,
    swaps: wholeNumber("swaps", values.swaps),
  };
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** Redraws one line on a terminal; elsewhere progress would only fill logs. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K`);
}

/** @returns the counterexample, if there is one */
function runProperty(property: Property, { runs, seed }: Options): string | undefined {
  const start = performance.now();
  for (let done = 0; done < runs; done += CHUNK) {
    progress(`${property.name} ${done} of ${runs}, ${seconds(start)} s`);
    // Every chunk has a seed of its own, so that a failure is found again without the chunks before it.
    const failure = property.search({ seed: seed + done, runs: Math.min(CHUNK, runs - done) });
    if (failure === undefined) continue;
    progress("");
    return failure;
  }
  progress("");
  console.log(`${property.name.padEnd(7)} ${runs} cases ${seconds(start)} s seed ${seed}  ${property.claim}`);
  return undefined;
}

function runDrift({ swaps, seed }: Options): string | undefined {
  const start = performance.now();
  const drift = searchDrift(swaps, seed, SWAPS_PER_POOL, (done) => progress(`${DRIFT} ${done} of ${swaps}, ${seconds(start)} s`));
  progress("");
  if (drift.fall !== undefined) return drift.fall;
  const rate = Math.round((drift.swaps * 1000) / (performance.now() - start));
  const counts = `${drift.swaps} swaps on ${drift.pools} pools ${seconds(start)} s seed ${seed}`;
  console.log(`${DRIFT.padEnd(7)} ${counts}  H never fell (it rose in ${drift.rises}); ${rate} swaps/s, H compared after each`);
  return undefined;
}

/** Whether a property is meant: "P6" selects P6.1, and not P60. */
const selects = (only: string | undefined, name: string): boolean => only === undefined || name === only || name.startsWith(`${only}.`);

function main(): number {
  const options = readOptions();
  const chosen = ALL.filter(({ name }) => selects(options.only, name));
  const drifts = selects(options.only, DRIFT);
  if (chosen.length === 0 && !drifts) {
    console.error(`--only: expected one of ${[...ALL.map(({ name }) => name), DRIFT].join(", ")}, got "${options.only}"`);
    return 2;
  }
  let failed = 0;
  const report = (claim: string, failure: string | undefined): void => {
    if (failure === undefined) return;
    failed++;
    console.error(`FAILED ${claim}\n${failure}`);
  };
  for (const property of chosen) report(property.claim, runProperty(property, options));
  if (drifts) report("H never falls", runDrift(options));
  console.log(`${chosen.length + (drifts ? 1 : 0) - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
