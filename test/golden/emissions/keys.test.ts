import assert from "node:assert/strict";
import { it } from "node:test";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { emissions } from "../../../modules/emissions/index.ts";
import { EMPTY_BLOCK } from "../../harness/emptyBlock.ts";
import { createBench } from "../../harness/moduleBench.ts";

it("keys and values of x/emissions do not change unseen", () => {
  const bench = createBench({ modules: [auth, bank, emissions] });
  bench.init("emissions", {
    params: {
      schedule: [{ startHeight: 1n, reward: "1000" }],
      validatorsPpm: 350_000,
      workPpm: 500_000,
      curationPpm: 100_000,
      treasuryModule: "treasury",
      carryBlocks: 3n,
      blocksPerYear: 100n,
    },
  });
  const at = bench.at(1n);
  at.module("emissions").beginBlock?.(at.ctx, EMPTY_BLOCK);
  assert.deepEqual(bench.store("emissions").dump(), [
    ["00", "0a08080112043130303010b0ae1518a0c21e20a08d062a08747265617375727930033864"],
    ["01", "0a043130303012033335301a023530"],
    ["02", "0a0335303012033530301a0130220130"],
    ["03", "0a0331303012033130301a0130220130"],
  ]);
});
