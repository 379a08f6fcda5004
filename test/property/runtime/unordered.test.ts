import assert from "node:assert/strict";
import { test } from "node:test";
import { hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createTestChain } from "../../harness/testChain.ts";
import { deliverAt, unorderedTx } from "../../harness/unorderedTx.ts";

const START = 1_790_000_100_000_000_000n;
const SECOND = 1_000_000_000n;
/** Timeouts behind START, in seconds, and the memos that make two transactions of each. */
const TIMEOUTS = [0n, 1n, 60n, 600n, 660n];
const MEMOS = ["", "again"];

/** Something that happens to the chain; transactions are numbers, steps of time are seconds. */
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("block"),
      txs: fc.array(fc.nat({ max: 19 }), { maxLength: 4 }),
      step: fc.constantFrom(0n, 1n, 59n, 540n),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("check"), txs: fc.array(fc.nat({ max: 19 }), { maxLength: 4 }), step: fc.constant(0n) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("restart", "retry"),
      txs: fc.array(fc.nat({ max: 19 }), { maxLength: 2 }),
      step: fc.constant(1n),
    }),
  },
);

test("an unordered transaction executes at most once, over blocks, restarts, rechecks and repeated blocks, and not at all once its nonce is used", async () => {
  const pattern = await createTestChain();
  await deliverAt(pattern, START);
  const txs: { readonly bytes: Uint8Array; readonly nonce: string; readonly until: bigint }[] = [];
  for (const account of pattern.accounts.slice(0, 2)) {
    for (const timeout of TIMEOUTS)
      for (const memo of MEMOS) {
        const until = START + timeout * SECOND;
        txs.push({ bytes: await unorderedTx(pattern, [account], until, { memo }), nonce: `${account.address}/${until}`, until });
      }
  }
  assert.equal(txs.length, 20);
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 14 }), async (events) => {
      const store = createMemoryCommitStore({ stores: hanzoStores });
      let chain = await createTestChain({ app: { store } });
      await deliverAt(chain, START);
      let now = START;
      const used = new Set<string>();
      for (const { kind, txs: picks, step } of events) {
        const picked = picks.map((pick) => txs[pick]).filter((tx) => tx !== undefined);
        if (kind === "restart") chain = await createTestChain({ app: { store } });
        if (kind === "check" || kind === "restart") {
          const seen = new Set(used);
          for (const [index, { bytes, nonce, until }] of picked.entries()) {
            const { code, log } = chain.check(bytes, index % 2 === 1);
            const waiting = code === 18 && log.includes("already used");
            assert.ok(code === 0 || code === 42 || waiting || until > now + 600n * SECOND, `${code}: ${log}`);
            assert.ok(code !== 0 || !seen.has(nonce), "a used nonce passed CheckTx");
            if (code === 0) seen.add(nonce);
          }
          continue;
        }
        now += step * SECOND;
        if (kind === "retry") await chain.app.finalizeBlock(chain.nextBlock(...picked.map(({ bytes }) => bytes)));
        const { txResults } = await deliverAt(chain, now, ...picked.map(({ bytes }) => bytes));
        for (const [index, { nonce, until }] of picked.entries()) {
          const open = until >= now && until <= now + 600n * SECOND && !used.has(nonce);
          assert.equal(txResults[index]?.code === 0, open, `${nonce} at ${now}: ${txResults[index]?.log}`);
          if (open) used.add(nonce);
        }
      }
    }),
    { numRuns: 60, seed: 20261124 },
  );
});
