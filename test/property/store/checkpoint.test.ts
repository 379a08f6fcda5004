import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeCheckpoint } from "../../../app/store/checkpoint.ts";
import { proveCheckpoint } from "../../../app/store/checkpointProof.ts";
import { readCheckpoint } from "../../../app/store/checkpointReader.ts";
import { noFailpoints } from "../../../app/store/failpoint.ts";
import { Forest } from "../../../app/store/forest.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import type { ExportedNode } from "../../../app/store/treeExport.ts";
import { findPages, mendCheckpoint } from "../../conformance/checkpointBytes.ts";
import { fc } from "../../harness/fastCheck.ts";
import { modelChanges, treeChanges } from "./treeArbitrary.ts";

const seed = 20261129;
const names = ["a", "b"];
const folder = mkdtempSync(join(tmpdir(), "hz-checkpoint-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The nodes of every tree of a file that is taken and proven; undefined when it is refused. */
function nodesOf(version: bigint, path: string): readonly (readonly ExportedNode[])[] | undefined {
  try {
    const { trees } = readCheckpoint({ version, path }, true);
    for (const _ of proveCheckpoint({ version, path }));
    return names.map((name) => [...(trees.get(name)?.exportNodes(version) ?? [])]);
  } catch (cause) {
    assert.ok(cause instanceof StoreError && [13, 14, 15].includes(cause.code), String(cause));
    return undefined;
  }
}

test("whatever a checkpoint says under right checksums: it is refused, refuted, or says the same nodes", async () => {
  const version = fc.tuple(modelChanges, modelChanges);
  const damage = fc.tuple(fc.nat(1 << 24), fc.integer({ min: 1, max: 255 }));
  const property = fc.asyncProperty(
    fc.array(version, { minLength: 1, maxLength: 12 }),
    fc.array(damage, { minLength: 20, maxLength: 20 }),
    async (versions, damages) => {
      const forest = new Forest(names, 1n);
      for (const changes of versions) {
        forest.apply(forest.nextVersion, new Map(names.map((name, index) => [name, treeChanges(changes[index] ?? [])])));
        forest.commit();
      }
      const held = forest.hold(forest.latest.version);
      const entry = (await writeCheckpoint(folder, held, noFailpoints, () => false)) ?? assert.fail("no checkpoint");
      held.release();
      const whole = readFileSync(entry.path);
      const nodes = nodesOf(entry.version, entry.path) ?? assert.fail("refused");
      assert.equal(nodes.flat().filter(({ height }) => height === 0).length, forest.size().keys);
      const places = findPages(whole).flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
      for (const [place, bits] of damages) {
        const at = places[place % places.length] ?? assert.fail("no place");
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        writeFileSync(entry.path, mendCheckpoint(bytes));
        const found = nodesOf(entry.version, entry.path);
        if (found !== undefined) assert.deepEqual(found, nodes, `byte ${at}`);
      }
    },
  );
  await fc.assert(property, { seed, numRuns: 60 });
});
