import assert from "node:assert/strict";
import { it } from "node:test";
import { Equivocation } from "#proto/cosmos/evidence/v1beta1/evidence";
import { createSlashingBench } from "../../harness/slashingBench.ts";

it("keys and values of x/evidence keep their bytes", () => {
  // The evidence of the recorded chain, whose answer to a query holds the value.
  const value = Equivocation.encode({
    height: 129n,
    time: { seconds: 1_795_418_406n, nanos: 381_572_885 },
    power: 3_468n,
    consensusAddress: "cosmosvalcons1h78nmc4mjaxzay7z3wkdyl6dyxwlpcqha68s7l",
  }).finish();
  const chain = createSlashingBench();
  chain.bench.init("evidence", { evidence: [{ typeUrl: "/cosmos.evidence.v1beta1.Equivocation", value }] });
  assert.deepEqual(chain.bench.store("evidence").dump(), [
    [
      "008ab66524eb1117c62f6986d3c421dbb0d6a52f77b1cbedbc8e5629cfe2fccbd0",
      "0a252f636f736d6f732e65766964656e63652e763162657461312e45717569766f636174696f6e124a088101120c08a6d28fd8061095aef9b501188c1b2234636f736d6f7376616c636f6e733168" +
        "37386e6d63346d6a61787a6179377a33776b64796c36647978776c7063716861363873376c",
    ],
  ]);
});
