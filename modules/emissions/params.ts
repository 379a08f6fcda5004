import type { Params } from "#proto/hanzo/emissions/v1/types";
import { bindErrors, E18, findAmount, ofLast } from "#sdk";
import { EMISSIONS_ERRORS } from "./errors.ts";
import { PPM, type Shares, type Step } from "./math.ts";

/** Steps that a schedule may have: it is read in every block. */
const MAX_STEPS = 64;
/** Longest name of the treasury's module. */
const MAX_MODULE_NAME = 64;
/** No purpose may be starved: the least share of each. */
const LEAST_SHARE = 50_000;
/** Blocks of two seconds in 365 days, and in 30. */
const BLOCKS_PER_YEAR = 15_768_000n;
const CARRY_BLOCKS = 1_296_000n;
/** Most blocks that any of the two counts may name: 200 years of blocks of a tenth of a second. */
const MAX_BLOCKS = 63_072_000_000n;

const err = bindErrors("emissions", EMISSIONS_ERRORS);

/** Parameters of a new chain: 50 million AI in the first year, a fifth less every year for twenty years, then as much as in the last. */
export const DEFAULT_PARAMS: Params = {
  schedule: fallingSchedule(50_000_000n * E18, 20),
  validatorsPpm: 350_000,
  workPpm: 500_000,
  curationPpm: 100_000,
  treasuryModule: "treasury",
  carryBlocks: CARRY_BLOCKS,
  blocksPerYear: BLOCKS_PER_YEAR,
};

/** A step for each year, each four fifths of the one before, rounded down. @param firstYear base units */
function fallingSchedule(firstYear: bigint, years: number): Params["schedule"] {
  let annual = firstYear;
  return Array.from({ length: years }, (_, year) => {
    const step = { startHeight: BigInt(year) * BLOCKS_PER_YEAR + 1n, reward: (annual / BLOCKS_PER_YEAR).toString() };
    annual = (annual * 4n) / 5n;
    return step;
  });
}

/** Steps of valid parameters. */
export const scheduleOf: (params: Params) => readonly Step[] = ofLast(({ schedule }) =>
  schedule.map(({ startHeight, reward }) => ({ startHeight, reward: BigInt(reward) })),
);

/** Shares of parameters. */
export const sharesOf: (params: Params) => Shares = ofLast(({ validatorsPpm, workPpm, curationPpm }) => ({
  validatorsPpm: BigInt(validatorsPpm),
  workPpm: BigInt(workPpm),
  curationPpm: BigInt(curationPpm),
}));

/** @throws emissions/2 naming the field, what was expected and what came */
export function validateParams(params: Params): void {
  checkSchedule(params);
  let sum = 0n;
  for (const field of ["validatorsPpm", "workPpm", "curationPpm"] as const) {
    const share = params[field];
    const name = `${field.slice(0, -"Ppm".length)}_ppm`;
    if (share < LEAST_SHARE || share > PPM) throw err.invalidParams(`${name}: ${LEAST_SHARE} to ${PPM} expected, got ${share}`);
    sum += BigInt(share);
  }
  if (sum > PPM) throw err.invalidParams(`shares of at most ${PPM} together expected, got ${sum}`);
  if (!/^[a-z][a-z0-9_]*$/.test(params.treasuryModule) || params.treasuryModule.length > MAX_MODULE_NAME)
    throw err.invalidParams(`treasury_module: a name of 1 to ${MAX_MODULE_NAME} characters expected, got ${params.treasuryModule}`);
  requireBlocks("carry_blocks", params.carryBlocks);
  requireBlocks("blocks_per_year", params.blocksPerYear);
}

function requireBlocks(name: string, blocks: bigint): void {
  if (blocks < 1n || blocks > MAX_BLOCKS) throw err.invalidParams(`${name}: 1 to ${MAX_BLOCKS} expected, got ${blocks}`);
}

function checkSchedule({ schedule }: Params): void {
  if (schedule.length === 0 || schedule.length > MAX_STEPS)
    throw err.invalidParams(`schedule: 1 to ${MAX_STEPS} steps expected, got ${schedule.length}`);
  let last: Step | undefined;
  for (const [i, { startHeight, reward: text }] of schedule.entries()) {
    const reward = findAmount(text);
    if (reward === undefined) throw err.invalidParams(`schedule[${i}].reward: base units expected, got ${JSON.stringify(text)}`);
    if (last === undefined && startHeight !== 1n) throw err.invalidParams(`schedule[0].start_height: 1 expected, got ${startHeight}`);
    if (last !== undefined && startHeight <= last.startHeight)
      throw err.invalidParams(`schedule[${i}].start_height: above ${last.startHeight} expected, got ${startHeight}`);
    if (last !== undefined && reward > last.reward)
      throw err.invalidParams(`schedule[${i}].reward: at most ${last.reward} expected, got ${reward}`);
    last = { startHeight, reward };
  }
}
