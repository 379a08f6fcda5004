import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter, Histogram, Registry } from "prom-client";
import { type CheckKind, CheckTally } from "../../../cmd/hanzod/metrics/checkTally.ts";
import { fc } from "../../harness/fastCheck.ts";

const BOUNDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25];

interface Judged {
  readonly kind: CheckKind;
  readonly code: number;
  readonly codespace: string;
  readonly seconds: number;
}

/** The same checks told to metrics of the library, one by one. */
async function toldToLibrary(checks: readonly Judged[]): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const txs = new Counter({
    name: "hanzo_check_txs_total",
    help: "Transactions judged for the mempool",
    labelNames: ["kind", "codespace", "code"],
    registers,
  });
  const times = new Histogram({
    name: "hanzo_check_tx_seconds",
    help: "Time of judging a transaction for the mempool",
    labelNames: ["kind"],
    buckets: BOUNDS,
    registers,
  });
  for (const { kind, code, codespace, seconds } of checks) {
    times.observe({ kind }, seconds);
    txs.inc({ kind, codespace, code });
  }
  return registry.metrics();
}

const linesOf = (text: string): readonly string[] => text.split("\n").toSorted();

test("what is read of judged transactions is what the library makes of them, however often it is read", async () => {
  const judged = fc.record({
    kind: fc.constantFrom<CheckKind>("new", "recheck"),
    code: fc.constantFrom(0, 0, 0, 5, 32),
    codespace: fc.constantFrom("", "", "sdk"),
    // Sums of these are exact, in whatever order.
    seconds: fc.oneof(
      fc.integer({ min: 0, max: 1 << 12 }).map((steps) => steps / 2 ** 13),
      fc.constantFrom(0.25, 0.000244140625),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(judged, { maxLength: 40 }), fc.nat(40), async (checks, readAt) => {
      const registry = new Registry();
      const tally = new CheckTally([registry]);
      for (const [at, { kind, code, codespace, seconds }] of checks.entries()) {
        if (at === readAt) assert.deepEqual(linesOf(await registry.metrics()), linesOf(await toldToLibrary(checks.slice(0, at))));
        tally.add(kind, { code, codespace }, seconds);
      }
      for (let again = 0; again < 2; again++) assert.deepEqual(linesOf(await registry.metrics()), linesOf(await toldToLibrary(checks)));
    }),
    { seed: 11, numRuns: 100 },
  );
});
