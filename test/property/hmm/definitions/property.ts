import { fc } from "../../../harness/fastCheck.ts";

/** A claim about the market, and how to look for a counterexample. */
export interface Property {
  /** Group and number, as "P6.1". */
  readonly name: string;
  /** The claim, as a sentence. */
  readonly claim: string;
  /** Cases in the short form. */
  readonly shortRuns: number;
  /** Looks at random cases. @returns the shrunk counterexample, or undefined when the claim held in all of them */
  search(options: { readonly seed: number; readonly runs: number }): string | undefined;
}

/** Bigints as decimal text, so that a counterexample can be read. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
}

/**
 * Defines a property.
 * @param holds throws when the claim fails for a case; fc.pre() passes a case over
 */
export function define<T>(name: string, claim: string, shortRuns: number, cases: fc.Arbitrary<T>, holds: (value: T) => void): Property {
  return {
    name,
    claim,
    shortRuns,
    search({ seed, runs }) {
      const details = fc.check(fc.property(cases, holds), { seed, numRuns: runs });
      if (!details.failed) return undefined;
      const { counterexample, errorInstance, counterexamplePath, numRuns, numShrinks, numSkips } = details;
      const cause = errorInstance instanceof Error ? errorInstance.message : "too many cases were passed over";
      const found = counterexample === null ? "none" : shown(counterexample[0]);
      return `${name}: ${cause}\ncounterexample: ${found}\nseed ${seed}, path ${counterexamplePath}, case ${numRuns}, ${numShrinks} shrinks, ${numSkips} passed over`;
    },
  };
}
