// The short form of `make fuzz`, and every input that once was a finding.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { corpusOf, fuzz } from "./fuzz.ts";
import { commandTarget } from "./targets/commandTarget.ts";
import { targets } from "./targets.ts";

const SHORT = 30_000;
const SEED = 20_261_129;

for (const target of [...targets, commandTarget]) {
  describe(`${target.name}, which reads bytes of strangers`, () => {
    for (const [index, seed] of target.seeds.entries()) if (index < 3) it(`takes valid input ${index + 1}`, async () => target.run(seed));

    for (const [name, bytes] of corpusOf(target)) it(`stands an earlier finding: ${name}`, async () => target.run(bytes));

    it("accepts or properly refuses whatever comes", async () => {
      const finding = await fuzz(target, target === commandTarget ? 6 : Math.ceil((SHORT * target.share) / 1000), SEED);
      const input = finding === undefined ? "" : Buffer.from(finding.bytes).toString("base64");
      assert.equal(finding, undefined, `${String(finding?.error)}\ninput, base64: ${input}`);
    });
  });
}
