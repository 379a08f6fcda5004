import assert from "node:assert/strict";
import { test } from "node:test";
import { bindApplication } from "../../../cmd/hanzod/app/bindApplication.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

test("whoever wraps an application passes on what it is told ahead", () => {
  const told: string[] = [];
  const wrapped = bindApplication(
    fakeApplication({
      expectTxs: (txs) => void told.push(`${txs.length} transactions`),
      prepareCommit: () => void told.push("prepare"),
    }),
  );
  wrapped.expectTxs?.([Uint8Array.of(1)]);
  wrapped.prepareCommit?.();
  assert.deepEqual(told, ["1 transactions", "prepare"]);
  bindApplication(fakeApplication()).prepareCommit?.();
});
