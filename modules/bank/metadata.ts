import type { DenomUnit, Metadata } from "#proto/cosmos/bank/v1beta1/bank";
import { isDenom } from "#sdk";

/**
 * Says what is wrong with the metadata of a denomination: names, the base unit first with exponent 0, exponents rising, the display unit
 * among the units, no name twice (cosmos-sdk x/bank Metadata.Validate).
 * @returns undefined when nothing is.
 */
export function explainMetadata({ name, symbol, base, display, denomUnits }: Metadata): string | undefined {
  if (name.trim() === "") return "name field cannot be blank";
  if (symbol.trim() === "") return "symbol field cannot be blank";
  if (!isDenom(base)) return `invalid metadata base denom: invalid denom: ${base}`;
  if (!isDenom(display)) return `invalid metadata display denom: invalid denom: ${display}`;
  return explainUnits(denomUnits, base, display);
}

function explainUnits(units: readonly DenomUnit[], base: string, display: string): string | undefined {
  const seen = new Set<string>();
  let exponent = -1;
  for (const [i, unit] of units.entries()) {
    if (i === 0 && unit.denom !== base) return `metadata's first denomination unit must be the one with base denom '${base}'`;
    if (i === 0 && unit.exponent !== 0) return `the exponent for base denomination unit ${base} must be 0`;
    if (unit.exponent <= exponent) return "denom units should be sorted asc by exponent";
    exponent = unit.exponent;
    if (!isDenom(unit.denom)) return `invalid metadata denom unit: invalid denom: ${unit.denom}`;
    if (seen.has(unit.denom)) return `duplicate denomination unit ${unit.denom}`;
    seen.add(unit.denom);
    if (unit.aliases.some((alias) => alias.trim() === "")) return `alias for denom unit ${unit.denom} cannot be blank`;
    if (new Set(unit.aliases).size < unit.aliases.length) return `duplicate denomination unit alias of ${unit.denom}`;
  }
  return seen.has(display) ? undefined : `metadata must contain a denomination unit with display denom '${display}'`;
}
