import { CHAIN } from "../../../app/hanzo.ts";
import { parseCoins as parseList, parseCoin as parseOne } from "../../../app/sdk/coins.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";

/** An amount of one denomination, in base units, as proto JSON has it. */
export interface CoinText {
  readonly denom: string;
  readonly amount: string;
}

/**
 * Coins as people write them: `5aai,3credit`, or `0.5AI`; the result is sorted by denomination, as the chain wants it.
 * @throws CliError when a part is no amount with a denomination, is zero, or a denomination comes twice
 */
export function parseCoinsText(text: string): readonly CoinText[] {
  return complain(text, () => parseList(text.split(",").map(inBaseUnits).join(","))).map(({ denom, amount }) => ({
    denom,
    amount: amount.toString(),
  }));
}

/** One coin: `5aai`, `0.5AI`. @throws CliError when it is none */
export function parseCoinText(text: string): CoinText {
  const { denom, amount } = complain(text, () => parseOne(inBaseUnits(text)));
  return { denom, amount: amount.toString() };
}

/** The sum of coins whose amounts are canonical, one coin per denomination, sorted by it. */
export function sumCoins(coins: readonly CoinText[]): readonly CoinText[] {
  const totals = new Map<string, bigint>();
  for (const { denom, amount } of coins) totals.set(denom, (totals.get(denom) ?? 0n) + BigInt(amount));
  return [...totals].map(([denom, amount]) => ({ denom, amount: amount.toString() })).sort((a, b) => (a.denom < b.denom ? -1 : 1));
}

/** A unit in which people count, and what it stands for: `1.5AI`. Its symbol is shorter than any denomination. */
const UNIT = /^(\d{1,60})(?:\.(\d{1,18}))?\s*AI$/;
const UNIT_DECIMALS = 18;

/** `0.5AI` in base units; anything else as it is. */
function inBaseUnits(text: string): string {
  const [, whole, fraction = ""] = UNIT.exec(text.trim()) ?? [];
  // Another chain has no AI.
  return whole === undefined || commandChain().baseDenom !== CHAIN.baseDenom
    ? text
    : `${BigInt(whole + fraction.padEnd(UNIT_DECIMALS, "0"))}${CHAIN.baseDenom}`;
}

function complain<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new CliError(`"${text}" is no amount`, {
      why: reasonOf(cause),
      next: "write whole base units with their denomination, such as 1000000aai, or AI, such as 0.5AI",
      cause,
    });
  }
}
