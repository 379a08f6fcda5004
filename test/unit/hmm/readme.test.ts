import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { QueryDefinition } from "#proto/hanzo/hmm/v1/query";
import { MsgDefinition } from "#proto/hanzo/hmm/v1/tx";
import { HMM_ERRORS } from "../../../modules/hmm/errors.ts";

const readme = readFileSync(new URL("../../../../modules/hmm/README.md", import.meta.url), "utf8");

/** Cells of the table under a heading. */
function rows(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? assert.fail(heading);
  const table = section.split("\n").filter((line) => line.startsWith("|") && !line.includes("---"));
  return table.slice(1).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

test("the specification lists exactly the errors, messages and queries of the module", () => {
  assert.deepEqual(
    rows("Errors"),
    Object.entries(HMM_ERRORS).map(([name, [code, message]]) => [String(code), name, message]),
  );
  assert.deepEqual(
    rows("Messages").map(([name]) => name),
    Object.values(MsgDefinition.methods).map(({ name }) => `Msg${name}`),
  );
  assert.deepEqual(
    rows("Queries").map(([name]) => name),
    Object.values(QueryDefinition.methods).map(({ name }) => name),
  );
});
