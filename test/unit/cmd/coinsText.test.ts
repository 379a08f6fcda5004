import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCoinsText, parseCoinText } from "../../../cmd/hanzod/request/coinsText.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";

test("AI stands for 10¹⁸ base units, beside denominations in base units", () => {
  assert.deepEqual(parseCoinText("1AI"), { denom: "aai", amount: "1000000000000000000" });
  assert.deepEqual(parseCoinText("0.000000000000000001AI"), { denom: "aai", amount: "1" });
  assert.deepEqual(parseCoinText("5aai"), { denom: "aai", amount: "5" });
  assert.deepEqual(parseCoinsText("3credit,1.5AI"), [
    { denom: "aai", amount: "1500000000000000000" },
    { denom: "credit", amount: "3" },
  ]);
  for (const wrong of ["AI", ".5AI", "1.AI", "0.0000000000000000001AI", "-1AI", "0AI", "1AI,1aai"])
    assert.throws(() => parseCoinsText(wrong), CliError, wrong);
});
