import { compressSync } from "#kernels";
import { WORLD_KINDS, type World, worldMatrices } from "../../../gpu-kernels/world.ts";
import { fc } from "../../harness/fastCheck.ts";

/** A round: shards of made-up contributors, and weights. */
export interface Round {
  readonly world: World;
  readonly shards: readonly Uint8Array[];
  readonly w: Int32Array;
}

/** Rounds of up to 12 contributors of every kind. */
export function rounds(): fc.Arbitrary<Round> {
  return fc
    .record({
      n: fc.integer({ min: 1, max: 12 }),
      rows: fc.integer({ min: 1, max: 4 }),
      cols: fc.constantFrom(8, 32, 72, 384),
      noise: fc.constantFrom(0, 1, 400, 1500),
      skip: fc.constantFrom(0, 0, 2, 3),
      byz: fc.integer({ min: 0, max: 6 }),
      kind: fc.constantFrom(...WORLD_KINDS),
      seed: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      w: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_300_000 })), { minLength: 12, maxLength: 12 }),
    })
    .map(({ w, ...world }) => ({
      world,
      shards: worldMatrices(world).map((e) => compressSync(e, world).bytes),
      w: Int32Array.from(w.slice(0, world.n)),
    }));
}
