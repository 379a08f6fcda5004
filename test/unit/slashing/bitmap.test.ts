import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddressCodec } from "#sdk";
import { bindMap } from "../../../app/sdk/collections.ts";
import { CHUNK_BITS, countFree, isMissed, setMissed } from "../../../modules/slashing/bitmap.ts";
import { slashing } from "../../../modules/slashing/index.ts";
import { state as declared, type SlashingState } from "../../../modules/slashing/state.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createBench } from "../../harness/moduleBench.ts";
import { createStandInStaking } from "../../harness/standInStaking.ts";

const CONS = new Uint8Array(20).fill(7);
const END = 2n * CHUNK_BITS + 100n;
const places = fc.oneof(fc.bigInt(0n, END - 1n), fc.constantFrom(0n, CHUNK_BITS - 1n, CHUNK_BITS, END - 1n));

test("places without marks are counted up to the next mark, the end of their chunk or that of the window", () => {
  fc.assert(
    fc.property(fc.uniqueArray(places, { maxLength: 6 }), places, fc.bigInt(1n, END), (marks, from, length) => {
      const { operator } = createAddressCodec("test");
      const bench = createBench({ modules: [createStandInStaking(operator.format).module, slashing] });
      const missedBlocks = bindMap("slashing", { address: createAddressCodec("test") }, "missedBlocks", declared.missedBlocks);
      const state = { missedBlocks } as unknown as SlashingState;
      for (const mark of marks) setMissed(state, bench.ctx, CONS, mark, true);
      const end = from + length < END ? from + length : END;
      let free = 0n;
      while (from + free < end && !isMissed(state, bench.ctx, CONS, from + free) && (free === 0n || (from + free) % CHUNK_BITS !== 0n))
        free++;
      assert.equal(countFree(state, bench.ctx, CONS, from, end), free);
    }),
  );
});
