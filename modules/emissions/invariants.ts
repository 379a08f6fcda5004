import type { Authorization, Totals } from "#proto/hanzo/emissions/v1/types";
import { decodeAllowance } from "./state.ts";

/** Whether all that was emitted is accounted for, once. @returns what is wrong, or undefined */
export function explainSums({ emitted, validators, treasury }: Totals, work: Authorization, curation: Authorization): string | undefined {
  const accounted = [validators, treasury, work.authorized, curation.authorized].reduce((sum, part) => sum + BigInt(part), 0n);
  if (BigInt(emitted) !== accounted) return `emitted ${emitted}, but ${accounted} is minted or authorised`;
  return explainAuthorization("work", work) ?? explainAuthorization("curation", curation);
}

/** Whether an authorisation is used, standing or expired, and nothing else. @returns what is wrong, or undefined */
function explainAuthorization(name: string, authorization: Authorization): string | undefined {
  const { available, authorized, minted, expired } = decodeAllowance(authorization);
  if (available < 0n) return `${name}: nothing below 0 expected, got ${available} available`;
  const sum = available + minted + expired;
  return sum === authorized ? undefined : `${name}: authorised ${authorized}, but available, minted and expired add up to ${sum}`;
}
