// fast-check as the tests use it: with a known seed, so that a run fails for what was changed and not for what was drawn. Rare cases are what
// `make properties` looks for.
import { env } from "node:process";
import fc from "fast-check";

/** The seed of every property: an integer of `TEST_SEED`, else 1. @throws Error when it is no 32-bit integer */
export const propertySeed = seedOf(env["TEST_SEED"] ?? "1");

fc.configureGlobal({ seed: propertySeed });

function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0x7fff_ffff)
    throw new Error(`TEST_SEED: expected an integer of 0 to 2147483647, got "${text}"`);
  return seed;
}

export { fc };
