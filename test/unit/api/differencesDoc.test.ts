import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DIFFERENCES } from "../../../cmd/hanzod/selftest/recording/differences.ts";

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

test("every difference that the selftest knows is told to users, by name and under its kind", () => {
  const [onPurpose = "", notHere = ""] = text.split("## Not here");
  for (const { what, kind } of Object.values(DIFFERENCES)) {
    const row = `\n| ${what}`;
    assert.ok(onPurpose.includes(row) || notHere.includes(row), `docs/DIFFERENCES.md has no row ${what}`);
    if (kind === "outside") assert.ok(notHere.includes(row), `${what} is not part of this build: a row under "Not here" expected`);
  }
});
