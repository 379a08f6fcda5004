import assert from "node:assert/strict";
import { test } from "node:test";
import { meets } from "../../../app/runtime/query/txMatch.ts";
import { parseTxQuery } from "../../../app/runtime/query/txQuery.ts";

/** Whether a value meets a condition written as `a.b<condition>`. */
function judge(value: string, condition: string): boolean {
  const [parsed] = parseTxQuery(`a.b${condition}`);
  assert.ok(parsed !== undefined);
  return meets(value, parsed);
}

test("every comparison draws its border where its sign says", () => {
  const rows: readonly (readonly [condition: string, values: Readonly<Record<string, boolean>>])[] = [
    ["<5", { "4": true, "5": false, "6": false }],
    ["<=5", { "4": true, "5": true, "6": false }],
    [">5", { "4": false, "5": false, "6": true }],
    [">=5", { "4": false, "5": true, "6": true }],
    ["=5", { "5": true, "5.0": true, "6": false, "5aai": false, "": false, "-5": false }],
    ["=2.50", { "2.5": true, "2.51": false, "25": false }],
    [">1.999", { "2": true, "1.9991": true, "1.999": false }],
    [">99999999999999999999999999", { "100000000000000000000000000": true, "99999999999999999999999999": false }],
    ["='5'", { "5": true, "5.0": false }],
    [" CONTAINS 'b'", { abc: true, ac: false }],
    [" EXISTS", { "": true, x: true }],
    ["='it\\'s'", { "it's": true, its: false }],
    [">=TIME 2026-01-01T00:00:00Z", { "2026-01-01T00:00:00Z": true, "2025-12-31T23:59:59.999999999Z": false, never: false }],
    ["<TIME 2026-01-01T01:00:00+01:00", { "2025-12-31T23:59:59Z": true, "2026-01-01T00:00:00Z": false }],
    ["=DATE 2026-01-01", { "2026-01-01T00:00:00Z": true, "2026-01-01T00:00:01Z": false }],
  ];
  for (const [condition, values] of rows)
    for (const [value, expected] of Object.entries(values)) assert.equal(judge(value, condition), expected, `${value} ${condition}`);
});
