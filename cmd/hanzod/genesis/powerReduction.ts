/** The Cosmos SDK's own, for coins of six decimals. */
export const DEFAULT_POWER_REDUCTION = 1_000_000n;

/** Stake of a validator and the power that it gives. */
export interface Weighed {
  readonly tokens: bigint;
  readonly power: bigint;
}

/** Largest power of ten that is tried; 10^18 is what coins with 18 decimals have. */
const MOST_DIGITS = 30;

/** The power of ten that makes every validator's power of its stake; undefined when none does, or none is shown. */
export function findPowerReduction(validators: readonly Weighed[]): bigint | undefined {
  if (validators.length === 0) return undefined;
  for (let digits = 0; digits <= MOST_DIGITS; digits++) {
    const reduction = 10n ** BigInt(digits);
    if (validators.every(({ tokens, power }) => tokens / reduction === power)) return reduction;
  }
  return undefined;
}
