import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../../../", import.meta.url);
const text = readFileSync(new URL("docs/DIFFERENCES.md", root), "utf8");
/** `path` "name", as the last column of the tables has them. */
const named = [...text.matchAll(/`(test\/[\w/.]+\.test\.ts)` "([^"]+)"/g)];

test("every listed difference names a test that exists", () => {
  assert.ok(named.length >= 18, `${named.length} tests named`);
  for (const [, path = "", name = ""] of named) {
    const source = readFileSync(new URL(path, root), "utf8");
    assert.ok(source.includes(`"${name}"`), `${path} has no test "${name}"`);
  }
});

test("every row of a difference names its test", () => {
  const rows = text.split("\n").filter((line) => line.startsWith("| ") && !/^\| What \|/.test(line));
  for (const row of rows) assert.match(row, /`test\/[^|]*|the same \|$/, row);
});
