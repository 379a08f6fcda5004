import { ModuleError } from "./errors.ts";

/**
 * Refuses a governed message that somebody else than the authority sends (cosmos-sdk x/gov ErrInvalidSigner).
 * @throws gov/13 with both addresses.
 */
export function requireAuthority(authority: string, sender: string): void {
  if (sender === authority) return;
  throw new ModuleError(
    "gov",
    13,
    "expected gov account as only signer for proposal message",
    `invalid authority; expected ${authority}, got ${sender}`,
  );
}
