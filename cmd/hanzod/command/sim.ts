import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { createOutput } from "../../shared/output.ts";
import { stopSignal } from "../../shared/stopSignal.ts";
import { chainJson, chainText, summary } from "../sim/chain/chainReport.ts";
import { FULL_EVERY, type InvariantPlan } from "../sim/chain/invariantWatch.ts";
import { runManyChains } from "../sim/chain/manyChains.ts";
import { SimFailure } from "../sim/chain/simFailure.ts";
import { simulateChain } from "../sim/chain/simulateChain.ts";
import { jsonReport } from "../sim/report/jsonReport.ts";
import { reportPage } from "../sim/report/page.ts";
import { textReport } from "../sim/report/textReport.ts";
import { runMarket, SHOCK_CHOICES, type ShockChoice } from "../sim/runMarket.ts";

const [MIN_BLOCKS, MAX_BLOCKS] = [100, 100_000];
const MAX_SIM_BLOCKS = 10_000_000;
const MAX_SIM_VALIDATORS = 200;
const [MAX_SEEDS, MAX_JOBS] = [100_000, 1024];
/** Between two lines about a simulation under way. */
const PROGRESS_NS = 5_000_000_000n;
const MAX_CURVES = 4;
/** λ = w/2: the chain takes no pool beyond. */
const MAX_LAMBDA_E18 = 5n * 10n ** 17n;
/** The plain curve, the chain's own, and one with a narrow band. */
const USUAL_LAMBDAS = "0,0.05,0.2";

interface ChainOptions {
  readonly seed: number;
  readonly seeds: number;
  readonly jobs?: number;
  readonly blocks: number;
  readonly validators: number;
  readonly operations: number;
  readonly invariants: InvariantPlan;
  readonly json?: boolean;
}

interface MarketOptions {
  readonly out: string;
  readonly blocks: number;
  readonly lambda: readonly bigint[];
  readonly seed: number;
  readonly shock: ShockChoice;
  readonly json?: boolean;
}

/** `hanzod sim`: experiments that need no chain. */
export function simCommand(): Command {
  return new Command("sim")
    .description("simulate parts of the network on this machine, without a chain")
    .addCommand(marketCommand())
    .addCommand(chainCommand());
}

function marketCommand(): Command {
  return new Command("market")
    .description("simulate the compute market under shocks and write a report")
    .option("--out <file>", "the report, one HTML file", "market.html")
    .option("--blocks <n>", `length of the long experiments, ${MIN_BLOCKS} to ${MAX_BLOCKS}`, parseBlocks, 6000)
    .addOption(
      new Option("--lambda <list>", `curvatures to compare, 0 to 0.5, at most ${MAX_CURVES}`)
        .argParser(parseLambdas)
        .default(parseLambdas(USUAL_LAMBDAS), USUAL_LAMBDAS),
    )
    .option("--seed <s>", "seed of the random orders, 0 to 4294967295", parseSeed, 1)
    .addOption(new Option("--shock <name>", "one experiment only").choices(SHOCK_CHOICES).default("all"))
    .option("--json", "print the figures as JSON")
    .action((options: MarketOptions) => simulateMarket(options));
}

function chainCommand(): Command {
  return new Command("chain")
    .description("run random transactions of every module through the real state machine, with virtual validators, and check every block")
    .option("--seed <s>", "seed of everything that is drawn, 0 to 4294967295", parseSeed, 1)
    .option("--blocks <n>", `blocks to make, 1 to ${MAX_SIM_BLOCKS}`, (text) => parseWhole(text, 1, MAX_SIM_BLOCKS), 1000)
    .option("--validators <n>", `validators of genesis, 1 to ${MAX_SIM_VALIDATORS}`, (text) => parseWhole(text, 1, MAX_SIM_VALIDATORS), 4)
    .option("--operations <n>", "transactions drawn for a block on average, 0 to 100", (text) => parseWhole(text, 0, 100), 3)
    .option(
      "--invariants <when>",
      `every: all invariants in full after each block, most of the time; changed: what each block changed, and all every ${FULL_EVERY} blocks; a number: all every so many blocks`,
      parsePlan,
      "changed",
    )
    .option("--seeds <n>", `chains: of this seed and the following ones, 1 to ${MAX_SEEDS}`, (text) => parseWhole(text, 1, MAX_SEEDS), 1)
    .option("--jobs <n>", "chains at the same time, each in a process of its own (default: as many as processors)", (text) =>
      parseWhole(text, 1, MAX_JOBS),
    )
    .option("--json", "print the tally as JSON")
    .action((options: ChainOptions) => (options.seeds === 1 ? runSimulatedChain(options) : runSimulatedChains(options)));
}

/** Runs chains of several seeds and tells what came of each. @throws CliError of the first one that goes wrong */
async function runSimulatedChains({ seed, seeds: count, jobs, json, ...options }: ChainOptions): Promise<void> {
  if (seed + count > 2 ** 32)
    throw new CliError("the last seed is too large", {
      why: `seeds up to 4294967295 expected, got up to ${seed + count - 1}`,
      next: `hanzod sim chain --seeds ${count} --seed 1`,
    });
  const output = createOutput(json === true);
  const begun = process.hrtime.bigint();
  let ended = 0;
  const chains = await runManyChains({
    seeds: Array.from({ length: count }, (_, i) => seed + i),
    jobs: jobs ?? availableParallelism(),
    words: Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    stop: stopSignal(),
    onEnd: (chain) => void process.stderr.write(`seed ${chain.seed} went well, ${++ended} of ${count} chains\n`),
  });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const { blocks, cpuSeconds, text } = summary(chains, options.invariants, seconds);
  output.result({ chains, blocks, seconds, cpuSeconds }, text);
}

/** Makes the blocks and tells what happened. @throws CliError with the line that brings a failure back */
async function runSimulatedChain({ json, seeds: _one, jobs: _none, ...options }: ChainOptions): Promise<void> {
  const { seed, blocks, validators, operations, invariants } = options;
  const output = createOutput(json === true);
  const before = process.cpuUsage();
  const begun = process.hrtime.bigint();
  try {
    const tally = await simulateChain({ ...options, onBlock: progress(blocks) });
    const { user, system } = process.cpuUsage(before);
    const speed = { seconds: Number(process.hrtime.bigint() - begun) / 1e9, cpuSeconds: (user + system) / 1e6 };
    output.result({ seed, ...chainJson(tally), ...speed }, chainText(tally, { seed, invariants }, speed));
  } catch (cause) {
    if (!(cause instanceof SimFailure)) throw cause;
    throw new CliError(`the simulated chain went wrong at block ${cause.height}`, {
      why: cause.message,
      // Looking changes nothing: with a look after every block the same chain stops where it went wrong.
      next: `hanzod sim chain --seed ${seed} --validators ${validators} --operations ${operations} --blocks ${cause.height} --invariants every`,
      cause,
    });
  }
}

/** Tells on standard error how far a long simulation is, every few seconds. */
function progress(blocks: number): (height: number) => void {
  const begun = process.hrtime.bigint();
  let told = begun;
  return (height) => {
    const now = process.hrtime.bigint();
    if (now - told < PROGRESS_NS) return;
    told = now;
    process.stderr.write(`block ${height} of ${blocks}, ${(height / (Number(now - begun) / 1e9)).toFixed(0)} blocks/s\n`);
  };
}

/** Runs the simulator and writes the report. @throws CliError when the report cannot be written */
function simulateMarket({ out, blocks, lambda, seed, shock, json }: MarketOptions): void {
  const path = resolve(out);
  requireWritable(path);
  const output = createOutput(json === true);
  const result = runMarket({ lambdasE18: lambda, blocks, seed }, shock, (what) => void process.stderr.write(`${what}\n`));
  try {
    writeFileSync(path, reportPage(result));
  } catch (cause) {
    throw notWritable(path, cause);
  }
  const next = shock === "all" ? `hanzod sim market --shock large --seed ${(seed + 1) % 2 ** 32}` : "hanzod sim market";
  output.result(
    { report: path, ...jsonReport(result) },
    `${textReport(result)}\n\nreport: ${path}\nnext:   open it in a browser, or ${next}`,
  );
}

/** Looks before minutes of work whether the report can be written. */
function requireWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new Error(`${path} is a folder`);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

function notWritable(path: string, cause: unknown): CliError {
  return new CliError("the report cannot be written", {
    why: reasonOf(cause),
    next: `hanzod sim market --out a file in a folder that exists and may be written; got ${path}`,
    cause,
  });
}

/** Digits only: Number("1e3") and Number(" 7 ") would pass. */
function parseWhole(text: string, min: number, max: number): number {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new InvalidArgumentError(`a whole number from ${min} to ${max} is expected`);
  return value;
}

function parsePlan(text: string): InvariantPlan {
  if (text === "every" || text === "changed") return text;
  if (!/^[0-9]/.test(text)) throw new InvalidArgumentError("every, changed or a number of blocks is expected");
  return parseWhole(text, 1, MAX_SIM_BLOCKS);
}

function parseBlocks(text: string): number {
  return parseWhole(text, MIN_BLOCKS, MAX_BLOCKS);
}

function parseSeed(text: string): number {
  return parseWhole(text, 0, 2 ** 32 - 1);
}

/** @returns λ times 10¹⁸, ascending */
function parseLambdas(text: string): readonly bigint[] {
  const values = text.split(",").map((part) => {
    const [, whole, fraction = ""] = /^([0-9])(?:\.([0-9]{1,18}))?$/.exec(part.trim()) ?? [];
    if (whole === undefined)
      throw new InvalidArgumentError(`numbers like 0.05 separated by commas are expected, got ${JSON.stringify(part)}`);
    return BigInt(whole + fraction.padEnd(18, "0"));
  });
  if (values.some((value) => value > MAX_LAMBDA_E18))
    throw new InvalidArgumentError("numbers from 0 to 0.5 are expected: the chain takes no other λ");
  if (values.length > MAX_CURVES) throw new InvalidArgumentError(`at most ${MAX_CURVES} numbers are expected, got ${values.length}`);
  if (new Set(values).size < values.length) throw new InvalidArgumentError("different numbers are expected, got one twice");
  return values.sort((a, b) => (a < b ? -1 : 1));
}
