import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { ResponseFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { message, signTx } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const TXS_EACH = 25;
const GAS = 1_000_000_000n;

/** Transfers of all accounts in turn. */
async function transfersOf(chain: TestChain): Promise<readonly Uint8Array[]> {
  const txs: Uint8Array[] = [];
  for (let sequence = 0; sequence < TXS_EACH; sequence++) {
    for (const [index, account] of chain.accounts.entries()) {
      const toAddress = chain.accounts[(index + 1) % chain.accounts.length]?.address ?? "";
      const send = message(MsgSend, { fromAddress: account.address, toAddress, amount: [{ denom: "aai", amount: "7" }] });
      const signers = [{ account, accountNumber: BigInt(index), sequence: BigInt(sequence) }];
      const tx = await signTx([send], { chainId: chain.chainId, signers, fee: [{ denom: "aai", amount: "5000000000000" }] });
      txs.push(tx);
    }
  }
  // One that fails between those that do not.
  return txs.toSpliced(50, 0, Uint8Array.of(1, 2, 3));
}

test("a large block has the same answer whatever is done in its pauses, and a small one has none", async () => {
  const whole = await createTestChain({ maxGas: GAS });
  await whole.deliver();
  const txs = await transfersOf(whole);
  const expected = await whole.deliver(...txs);
  assert.equal(expected.txResults.filter(({ code }) => code === 0).length, 4 * TXS_EACH);

  let pauses = 0;
  const seen = new Set<bigint>();
  const gas = new Set<bigint>();
  const chain: TestChain = await createTestChain({
    maxGas: GAS,
    app: {
      async pause() {
        pauses++;
        await setImmediate();
        seen.add(await chain.balance(chain.accounts[0]?.address ?? ""));
        gas.add(chain.app.simulate(txs[0] ?? new Uint8Array(0)).gasUsed);
        assert.equal(chain.app.height, 1n);
      },
    },
  });
  await chain.deliver();
  assert.equal(pauses, 0);
  assert.ok(!(chain.app.finalizeBlock(chain.nextBlock(...txs.slice(0, 32))) instanceof Promise), "done in one go");
  const before = await chain.balance(chain.accounts[0]?.address ?? "");
  const answer = await chain.deliver(...txs);
  assert.equal(pauses, Math.floor((txs.length - 1) / 32));
  assert.deepEqual(ResponseFinalizeBlock.encode(answer).finish(), ResponseFinalizeBlock.encode(expected).finish());
  assert.deepEqual([...seen], [before], "queries see the last committed block");
  assert.equal(gas.size, 1);
  assert.deepEqual(await chain.deliver(), await whole.deliver());
});

test("what goes wrong after a pause rejects, and the block can be executed anew", async () => {
  let failing = true;
  const chain = await createTestChain({
    maxGas: GAS,
    app: {
      async pause() {
        if (failing) throw new Error("the disk is gone");
      },
    },
  });
  await chain.deliver();
  const txs = await transfersOf(chain);
  const request = chain.nextBlock(...txs);
  await assert.rejects(async () => chain.app.finalizeBlock(request), /the disk is gone/);
  failing = false;
  const whole = await createTestChain({ maxGas: GAS });
  await whole.deliver();
  assert.deepEqual((await chain.deliver(...txs)).appHash, (await whole.deliver(...txs)).appHash);
});
