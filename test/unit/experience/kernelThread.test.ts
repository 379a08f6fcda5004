import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { features, type HoldoutCase, scoreSync } from "#kernels";
import { computeRound } from "../../../app/experience/computeRound.ts";
import type { KernelStatus } from "../../../app/experience/kernelMessages.ts";
import { createNodeKernels } from "../../../app/experience/kernelThread.ts";
import { openHoldout } from "../../../app/experience/scoreHoldout.ts";
import { openBackend } from "../../../gpu-kernels/openKernels.ts";
import { encodeHoldout, type HoldoutSet, MAX_BASE_SCORE, parseHoldout } from "../../../modules/experience/holdout/format.ts";
import type { RoundInput } from "../../../modules/experience/port.ts";
import { SMALL, seeded, shardOf, testMatrix } from "../../harness/experienceBench.ts";

const PARAMS = { capNum: 1, capDen: 2, lo: 1434, hi: 3072, rounds: 3 };
const input: RoundInput = {
  shape: SMALL,
  shards: [1, 2, 3, 4, 5].map((seed) => shardOf(testMatrix(seed)).shard),
  weights: [100, 200, 300, 400, 500],
  params: PARAMS,
};
const V1 = { rows: 256, cols: 384 };

test("the thread computes what the kernels compute here, begun or not, and again after it ended", async () => {
  const expected = (await computeRound(await openBackend("reference"), input)).result;
  const chosen: KernelStatus[] = [];
  const kernels = createNodeKernels({ prefer: ["wasm", "reference"] }, { chosen: (status) => void chosen.push(status) });
  after(() => kernels.close());
  kernels.begin("chain/1", input);
  kernels.begin("chain/1", input);
  assert.deepEqual(kernels.result("chain/1", input), expected);
  assert.equal(chosen[0]?.backend, "wasm");
  assert.equal(kernels.figures().computed, 1);
  void kernels.close();
  assert.deepEqual(kernels.result("chain/1", input), expected);
});

test("a result belongs to its inputs, not to the name of the round alone", () => {
  const kernels = createNodeKernels({ prefer: ["reference"] });
  after(() => kernels.close());
  const other = { ...input, weights: [500, 400, 300, 200, 100] };
  kernels.begin("chain/1", other);
  assert.notDeepEqual(kernels.result("chain/1", input), kernels.result("chain/1", other));
});

test("a backend that errs in one number ends the round with a report: backend, row, both values", () => {
  const at = 5 * SMALL.cols + 7;
  const right = createNodeKernels({ prefer: ["reference"] });
  const wrong = createNodeKernels({ prefer: ["wasm"], fault: at });
  after(() => {
    right.close();
    wrong.close();
  });
  const value = right.result("chain/1", input).matrix[at] as number;
  wrong.begin("chain/1", input);
  const pattern = new RegExp(
    `backend wasm .*differs from the reference: aggregate: row 5, column 7: expected ${value}, got ${-value || 1}\\.`,
  );
  assert.throws(() => wrong.result("chain/1", input), pattern);
  assert.throws(() => wrong.result("chain/1", input), pattern, "it stays wrong until the node starts again");
});

/** A folder with a library for a backend that ends the first thread that loads it, as an exhausted memory would. */
function deadlyLibrary(): string {
  const folder = mkdtempSync(join(tmpdir(), "kernels-"));
  after(() => rmSync(folder, { recursive: true }));
  const library = join(folder, "node_modules", "@tensorflow", "tfjs-node");
  mkdirSync(library, { recursive: true });
  writeFileSync(join(library, "package.json"), JSON.stringify({ name: "@tensorflow/tfjs-node", main: "index.cjs" }));
  writeFileSync(join(library, "index.cjs"), `require("node:fs").rmSync(__dirname, { recursive: true }); process.exit(7);`);
  return folder;
}

test("a thread that ends while a result is waited for stops the wait at once, and the reason is told", () => {
  const kernels = createNodeKernels({ prefer: ["tensorflow"], modules: deadlyLibrary() });
  after(() => kernels.close());
  assert.throws(
    () => kernels.result("chain/1", input),
    /kernels: the thread that computes aggregates ended with code 7; start the node again/,
  );
  assert.throws(() => kernels.status(), /ended with code 7/);
});

test("a thread that ended while nobody waited starts again with the next round", async () => {
  let starts = 0;
  const kernels = createNodeKernels({ prefer: ["tensorflow", "reference"], modules: deadlyLibrary() }, { started: () => void starts++ });
  after(() => kernels.close());
  kernels.begin("chain/1", input);
  for (; starts < 2; kernels.open()) await setTimeout(10);
  const expected = (await computeRound(await openBackend("reference"), input)).result;
  assert.deepEqual(kernels.result("chain/1", input), expected);
  assert.equal(starts, 2);
});

test("without a backend the reason is told, not waited for", () => {
  const kernels = createNodeKernels({ prefer: ["nothing" as never] });
  after(() => kernels.close());
  assert.throws(() => kernels.status(), /no backend of the kernels can be used: nothing/);
  assert.throws(() => kernels.result("chain/1", input), /no backend/);
});

test("the scores of a holdout set are those of the kernels' dense decoding", () => {
  for (const seed of [1, 2, 3]) {
    const set = randomHoldout(seed);
    assert.deepEqual(parseHoldout(encodeHoldout(set), V1.rows), set);
    const scorer = openHoldout(set);
    for (const matrixSeed of [seed, seed + 10]) {
      const matrix = testMatrix(matrixSeed, V1, { noise: 20_000 });
      const dense = set.cases.map(
        (steps): HoldoutCase =>
          steps.map(({ context, candidates, scores, target }) => {
            const base = new Int32Array(256).fill(-MAX_BASE_SCORE);
            candidates.forEach((byte, i) => {
              base[byte] = scores[i] as number;
            });
            return { context, base, target };
          }),
      );
      const got = scorer.score(matrix);
      assert.equal(got, scoreSync(matrix, dense, { alpha: set.alphaQ8, mask: set.mask }));
      assert.ok(got > 0 && got < set.cases.length, `${got} of ${set.cases.length} cases: neither none nor all`);
    }
  }
});

/** Cases of one step with a few candidates, on words that give features. */
export function randomHoldout(seed: number, cases = 40): HoldoutSet {
  const draw = seeded(seed);
  const mask = 1 << 20;
  const encoder = new TextEncoder();
  return {
    alphaQ8: 512,
    mask,
    cases: Array.from({ length: cases }, () => {
      const context = encoder.encode(`w${draw(50)} w${draw(50)} x`);
      assert.ok(features(context).some((value) => value !== 0));
      const candidates = Uint8Array.from({ length: 3 }, (_, i) => 80 * i + draw(80));
      const scores = Int32Array.from(candidates, () => draw(mask / 4));
      return [{ context, candidates, scores, target: candidates[draw(3)] as number }];
    }),
  };
}
