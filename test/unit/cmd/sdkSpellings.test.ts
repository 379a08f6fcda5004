import assert from "node:assert/strict";
import { test } from "node:test";
import { translateSdkSpellings } from "../../../cmd/hanzod/command/sdkSpellings.ts";

test("the SDK's --output is --json or nothing, and nothing else is touched", () => {
  const cases: readonly (readonly [given: string, expected: string])[] = [
    ["q bank params --output json", "q bank params --json"],
    ["q bank params -o json --node x", "q bank params --json --node x"],
    ["--output=json q x", "--json q x"],
    ["q x --output text", "q x"],
    ["q x --json --output json", "q x --json"],
    ["tx sign f --output-document o.json", "tx sign f --output-document o.json"],
    ["q x --output yaml", "q x --output yaml"],
    ["q x --output", "q x --output"],
    ["keys show json", "keys show json"],
    ["x -- --output json", "x -- --output json"],
  ];
  for (const [given, expected] of cases) assert.deepEqual(translateSdkSpellings(given.split(" ")), expected.split(" "), given);
});
