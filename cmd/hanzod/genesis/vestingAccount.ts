import { CliError } from "../../shared/cliError.ts";
import { readJsonFile } from "../../shared/jsonFile.ts";
import { type CoinText, parseCoinsText, sumCoins } from "../request/coinsText.ts";
import { baseAccount } from "./chainGenesis.ts";

/** Options that lock coins of a genesis account, as the SDK's tools name them. */
export interface VestingOptions {
  readonly vestingAmount?: string;
  /** Unix seconds. */
  readonly vestingStartTime?: bigint;
  readonly vestingEndTime?: bigint;
  /** JSON file with `start_time` and `periods`, as for create-periodic-vesting-account. */
  readonly vestingPeriods?: string;
}

/** A period of a file. */
interface Period {
  readonly length: bigint;
  readonly amount: readonly CoinText[];
}

/**
 * The account of a genesis file whose coins are locked at first: all until an end, evenly between start and end, or by periods.
 * @param coins that the account gets; no more than these can be locked
 * @returns its JSON, undefined when the options lock nothing
 * @throws CliError when the options do not belong together
 */
export function vestingAccount(address: string, coins: readonly CoinText[], options: VestingOptions): object | undefined {
  const { vestingAmount, vestingStartTime: start, vestingEndTime: end, vestingPeriods } = options;
  if (vestingAmount === undefined && start === undefined && end === undefined && vestingPeriods === undefined) return undefined;
  if (vestingPeriods !== undefined) {
    if (vestingAmount !== undefined || start !== undefined || end !== undefined)
      throw wrong("--vesting-periods stands alone", "the file says amounts and times");
    return periodicAccount(address, coins, readPeriods(vestingPeriods));
  }
  if (vestingAmount === undefined) throw wrong("--vesting-amount is missing", "the times say when, not how much");
  if (end === undefined) throw wrong("--vesting-end-time is missing", "Unix seconds are expected at which everything is free");
  if (start !== undefined && start >= end)
    throw wrong("the vesting ends before it starts", `--vesting-start-time below ${end} is expected`);
  const locked = parseCoinsText(vestingAmount);
  requireHeld(locked, coins);
  const base = baseVesting(address, locked, end);
  return start === undefined
    ? { "@type": "/cosmos.vesting.v1beta1.DelayedVestingAccount", base_vesting_account: base }
    : { "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount", base_vesting_account: base, start_time: String(start) };
}

function periodicAccount(
  address: string,
  coins: readonly CoinText[],
  { start, periods }: { readonly start: bigint; readonly periods: readonly Period[] },
): object {
  const locked = sumCoins(periods.flatMap(({ amount }) => amount));
  requireHeld(locked, coins);
  const end = periods.reduce((time, { length }) => time + length, start);
  return {
    "@type": "/cosmos.vesting.v1beta1.PeriodicVestingAccount",
    base_vesting_account: baseVesting(address, locked, end),
    start_time: String(start),
    vesting_periods: periods.map(({ length, amount }) => ({ length: String(length), amount })),
  };
}

function baseVesting(address: string, locked: readonly CoinText[], end: bigint): object {
  return {
    base_account: withoutType(baseAccount(address)),
    original_vesting: locked,
    delegated_free: [],
    delegated_vesting: [],
    end_time: String(end),
  };
}

function withoutType({ "@type": _, ...account }: ReturnType<typeof baseAccount>): object {
  return account;
}

function requireHeld(locked: readonly CoinText[], coins: readonly CoinText[]): void {
  for (const { denom, amount } of locked) {
    const held = coins.find((coin) => coin.denom === denom)?.amount ?? "0";
    if (BigInt(held) < BigInt(amount))
      throw wrong(`${amount}${denom} cannot vest`, `the account gets ${held}${denom}: at most that is expected`);
  }
}

/** @throws CliError when the file is none of periods */
function readPeriods(path: string): { readonly start: bigint; readonly periods: readonly Period[] } {
  const { start_time: start, periods } = readJsonFile(path);
  if (!Array.isArray(periods) || periods.length === 0)
    throw wrong(`${path} has no periods`, '"periods": a list with at least one is expected');
  return {
    start: seconds(start, `${path}: start_time`, 0n),
    periods: (periods as readonly { readonly coins?: unknown; readonly length_seconds?: unknown }[]).map((period, i) => {
      if (typeof period?.coins !== "string") throw wrong(`${path}: periods[${i}].coins is no text`, 'coins such as "10AI" are expected');
      return { length: seconds(period.length_seconds, `${path}: periods[${i}].length_seconds`, 1n), amount: parseCoinsText(period.coins) };
    }),
  };
}

function seconds(value: unknown, place: string, least: bigint): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value) && BigInt(value) >= least) return BigInt(value);
  throw wrong(
    `${place} is no number of seconds`,
    `a whole number of at least ${least} is expected, got ${JSON.stringify(value) ?? "none"}`,
  );
}

function wrong(text: string, why: string): CliError {
  return new CliError(text, { why, next: "hanzod genesis add-account --help" });
}
