import type { Description } from "#proto/cosmos/staking/v1beta1/staking";
import { encodeUtf8, sdkError } from "#sdk";

/** A text that leaves a field as it was. */
const DO_NOT_MODIFY = "[do-not-modify]";

/** Longest texts in bytes, with the names that errors use. */
const LIMITS = [
  ["moniker", "moniker", 70],
  ["identity", "identity", 3000],
  ["website", "website", 140],
  ["securityContact", "security contact", 140],
  ["details", "details", 280],
] as const;

/** Whether nothing is said. */
export function isEmptyDescription(description: Description | undefined): boolean {
  return description === undefined || LIMITS.every(([field]) => description[field] === "");
}

/** @throws sdk/18 naming the text that is too long */
export function requireShort(description: Description): Description {
  for (const [field, name, max] of LIMITS) {
    const { length } = encodeUtf8(description[field]);
    if (length > max) throw sdkError.invalidRequest(`invalid ${name} length; got: ${length}, max: ${max}`);
  }
  return description;
}

/** The description after an edit. @throws sdk/18 */
export function editDescription(before: Description, after: Description): Description {
  const edited = { ...after };
  for (const [field] of LIMITS) if (after[field] === DO_NOT_MODIFY) edited[field] = before[field];
  return requireShort(edited);
}
