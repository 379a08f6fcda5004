// What a transaction's earlier runs found out is remembered with it. A node that has run it before must say the same as one that sees it first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createOddSigner, ODD_ACCOUNTS, oddTx } from "../../harness/oddTxs.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

/** How a transaction is run beside blocks. */
const run = fc.record({ how: fc.constantFrom<"check" | "recheck" | "simulate">("check", "check", "recheck", "simulate"), tx: fc.nat() });

/** Every answer but those that may differ by nature: none does. */
function answer(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}

const runs = (chain: TestChain, txs: readonly Uint8Array[], list: readonly { readonly how: string; readonly tx: number }[]): unknown[] =>
  list.map(({ how, tx }) => {
    const bytes = txs[tx % txs.length] as Uint8Array;
    return answer(() => (how === "simulate" ? chain.app.simulate(bytes) : chain.check(bytes, how === "recheck")));
  });

test("a transaction's checks, rechecks, simulations and delivery are the same after any of them as for a node that starts anew", async () => {
  const failures = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(oddTx, { minLength: 3, maxLength: 6 }),
      fc.array(fc.array(run, { maxLength: 8 }), { minLength: 3, maxLength: 3 }),
      async (specs, rounds) => {
        const stores = [0, 1].map(() => createMemoryCommitStore({ stores: hanzoStores }));
        const open = (side: number): Promise<TestChain> =>
          createTestChain({ accounts: ODD_ACCOUNTS, app: { store: stores[side] as never } });
        const [old, first] = [await open(0), await open(1)];
        const signer = await createOddSigner(old);
        await old.deliver();
        await first.deliver();
        const prepared = await signer.preparations();
        assert.deepEqual(await first.deliver(...prepared), await old.deliver(...prepared));
        const txs: Uint8Array[] = [];
        for (const [index, spec] of specs.entries()) txs.push(await signer.sign(spec, index > 3 ? 1n : 0n));
        for (const [round, list] of rounds.entries()) {
          const fresh = await open(1);
          assert.deepEqual(runs(old, txs, list), runs(fresh, txs, list));
          // The first block has some of them, the second all: those that come again must be refused.
          const block = round === 1 ? txs : txs.slice(0, 2 - round);
          const [remembering, anew] = [await old.deliver(...block), await (await open(1)).deliver(...block)];
          assert.deepEqual(remembering, anew);
          for (const { code, codespace } of anew.txResults) failures.add(`${codespace}/${code}`);
        }
      },
    ),
    { numRuns: 14 },
  );
  // Success and a dozen kinds of refusal.
  assert.ok(failures.has("/0") && failures.has("sdk/11") && failures.size >= 8, [...failures].join(", "));
});
