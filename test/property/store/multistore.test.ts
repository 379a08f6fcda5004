import assert from "node:assert/strict";
import { test } from "node:test";
import { MultistoreRoot, multistoreRoot } from "../../../app/store/multistore.ts";
import { fc } from "../../harness/fastCheck.ts";

const NAMES = ["auth", "bank", "gov", "hmm", "mint", "staking", "upgrade"];
/** Which stores there are, and the root of each: often the same array as before, sometimes equal bytes in another one. */
const version = fc.array(fc.record({ name: fc.constantFrom(...NAMES), root: fc.nat(3), copied: fc.boolean() }), { maxLength: 12 });

test("roots over versions in turn are those of each version alone, whichever stores changed, came or went", () => {
  const roots = Array.from({ length: 4 }, (_, i) => new Uint8Array(32).fill(i));
  fc.assert(
    fc.property(fc.array(version, { maxLength: 12 }), (versions) => {
      const inTurn = new MultistoreRoot();
      for (const stores of versions) {
        const map = new Map(stores.map(({ name, root, copied }) => [name, copied ? roots[root]?.slice() : roots[root]] as const));
        assert.deepEqual(inTurn.of(map as Map<string, Uint8Array>), multistoreRoot(map as Map<string, Uint8Array>));
      }
    }),
    { seed: 20_261_130, numRuns: 200 },
  );
});
