import { type Command, InvalidArgumentError } from "commander";
import { Bundle, type Need } from "#proto/hanzo/hmm/v1/types";
import { CliError } from "../../shared/cliError.ts";
import { parseNeedText, parseResourceText } from "./amountText.ts";
import { unitsOf } from "./resourceUnits.ts";
import { parseLatencyText, parseNamesText, parsePartText } from "./slaText.ts";

/** What the command line gave for a bundle: texts as they were written. */
export interface BundleOptions {
  readonly gpu?: string;
  readonly vram?: string;
  readonly ram?: string;
  readonly net?: string;
  readonly disk?: string;
  /** `CLASS=AMOUNT` of any class. */
  readonly need?: readonly string[];
  readonly maxLatency?: string;
  readonly meanLatency?: string;
  readonly meanJitter?: string;
  readonly region?: string;
  readonly near?: string;
  readonly maxRemote?: string;
  readonly tier?: number;
  readonly colocate?: string;
}

/** Adds the flags of a bundle. */
export function withBundleOptions(command: Command): Command {
  return command
    .option("--gpu <time>", "GPU time, such as 1h or 90m")
    .option("--vram <amount>", "GPU memory, such as 40GiB-h")
    .option("--ram <amount>", "memory, such as 64GiB-h")
    .option("--net <amount>", "network traffic, such as 10GiB")
    .option("--disk <amount>", "storage, such as 100GiB-h")
    .option("--need <class=amount>", "amount of any class; may be given several times", (text: string, before: readonly string[] = []) => [
      ...before,
      text,
    ])
    .option("--max-latency <time>", "leave out workers that are slower, such as 80ms")
    .option("--mean-latency <time>", "largest mean latency over the job, such as 50ms")
    .option("--mean-jitter <time>", "largest mean jitter over the job, such as 5ms")
    .option("--region <names>", "use workers of these regions only, such as eu,us")
    .option("--near <names>", "regions that count as near; without --max-remote the whole job stays there")
    .option("--max-remote <part>", "largest part of the job outside of the near regions, such as 20%")
    .option("--tier <n>", "leave out workers of a lower quality tier", parseTier)
    .option("--colocate <classes>", "classes that one worker must serve together, such as gpu,vram");
}

/** The bundle that the flags describe. @throws CliError naming the flag, what was expected and what came */
export function readBundle(options: BundleOptions): Bundle {
  const needs = readNeeds(options);
  const near = options.near === undefined ? [] : parseNamesText(options.near, "--near");
  if (options.maxRemote !== undefined && near.length === 0)
    throw new CliError("--max-remote says nothing without --near", {
      why: "what is remote is what lies outside of the near regions",
      next: "--near eu --max-remote 20%",
    });
  const time = (text: string | undefined, name: string): bigint => (text === undefined ? 0n : parseLatencyText(text, name));
  return Bundle.fromPartial({
    needs,
    sla: {
      maxLatencyUs: time(options.maxLatency, "--max-latency"),
      meanLatencyUs: time(options.meanLatency, "--mean-latency"),
      meanJitterUs: time(options.meanJitter, "--mean-jitter"),
      regions: options.region === undefined ? [] : [...parseNamesText(options.region, "--region")],
      nearRegions: [...near],
      maxRemotePpm: options.maxRemote === undefined ? 0 : Number(parsePartText(options.maxRemote, "--max-remote")),
      minTier: options.tier ?? 0,
    },
    colocated: options.colocate === undefined ? [] : readColocated(options.colocate, needs),
  });
}

function readNeeds(options: BundleOptions): Need[] {
  const { gpu, vram, ram, net, disk } = options;
  const flags = Object.entries({ gpu, vram, ram, net, disk });
  const named = flags.flatMap(([resourceClass, text]) =>
    text === undefined ? [] : [{ resourceClass, amount: parseResourceText(unitsOf(resourceClass), text) }],
  );
  const needs = [...named, ...(options.need ?? []).map(parseNeedText)].sort((a, b) => (a.resourceClass < b.resourceClass ? -1 : 1));
  if (needs.length === 0)
    throw new CliError("expected at least one amount, got none", {
      why: "a route is for a bundle of resources",
      next: "hanzod hmm route --gpu 1h --vram 40GiB-h",
    });
  const twice = needs.find(({ resourceClass }, i) => needs[i + 1]?.resourceClass === resourceClass);
  if (twice !== undefined) throw new CliError(`${twice.resourceClass}: expected one amount, got two`, { next: "give each class once" });
  return needs.map(({ resourceClass, amount }) => ({ resourceClass, resource: amount.toString() }));
}

function readColocated(text: string, needs: readonly Need[]): string[] {
  const names = parseNamesText(text, "--colocate");
  const wanted = needs.map(({ resourceClass }) => resourceClass);
  const missing = names.find((name) => !wanted.includes(name));
  if (names.length < 2 || missing !== undefined)
    throw new CliError(`--colocate: expected two or more of ${wanted.join(", ")}, got ${text}`, {
      why: missing === undefined ? "one class is on one worker anyway" : `the bundle has no ${missing}`,
      next: "--colocate gpu,vram",
    });
  return [...names];
}

/** Parses a count from 0 on that fits the wire. @throws InvalidArgumentError outside */
function parseTier(text: string): number {
  const tier = Number(text);
  if (!/^\d{1,10}$/.test(text) || tier > 4_294_967_295) throw new InvalidArgumentError("a whole number from 0 on is expected");
  return tier;
}
