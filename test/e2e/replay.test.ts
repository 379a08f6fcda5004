// Store and blocks that do not stand at the same height: what can be replayed is, to the same hashes; what cannot is refused by name.
import assert from "node:assert/strict";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { GetTxRequest } from "#proto/cosmos/tx/v1beta1/service";
import { MsgMintCredit, MsgSwap } from "#proto/hanzo/hmm/v1/tx";
import { CHAIN } from "../../app/hanzo.ts";
import { NodeError } from "../../cmd/hanzod/node/nodeError.ts";
import type { TestAccount } from "../harness/accounts.ts";
import { message } from "../harness/signTx.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { abciQuery, appHead, broadcast, callRpc, waitForHeight, waitForTx } from "./harness/rpc.ts";
import { takeSnapshot } from "./harness/stateSnapshot.ts";
import { keepStill } from "./harness/stillChain.ts";
import { devAccounts, signAs } from "./harness/wallet.ts";

const AI = 10n ** 18n;

describe("a node whose store and blocks differ", () => {
  let chain: ChainHome;
  let accounts: TestAccount[];
  const hashes: string[] = [];

  before(async () => {
    accounts = await devAccounts();
    chain = await createChainHome(50);
    await keepStill(chain);
  });
  after(() => chain.remove());

  /** Runs the node, checks the order of calls, and stops it. */
  async function session<T>(work: (running: InProcessNode) => Promise<T>): Promise<T> {
    const running = await startInProcess(chain);
    try {
      return await work(running);
    } finally {
      const { error } = await running.node.stop();
      assert.equal(error, undefined);
      assert.deepEqual(running.grammar.violations, []);
    }
  }

  /** One block with a transfer and one with a purchase. */
  async function work(): Promise<void> {
    const [alice, bob] = accounts;
    assert.ok(alice && bob);
    const transfer = message(MsgSend, {
      fromAddress: alice.address,
      toAddress: bob.address,
      amount: [{ denom: CHAIN.baseDenom, amount: "17" }],
    });
    const mint = message(MsgMintCredit, { sender: alice.address, amount: String(2n * AI) });
    const swap = message(MsgSwap, { sender: alice.address, poolId: "gpu", creditIn: String(AI), minOut: "1" });
    for (const messages of [[transfer], [mint, swap]]) {
      const { hash, code, log } = await broadcast(chain.rpc, await signAs(chain, alice, messages));
      assert.equal(code, 0, log);
      assert.equal((await waitForTx(chain.rpc, hash)).code, 0);
      hashes.push(hash);
    }
  }

  const results = (): Promise<string[]> =>
    Promise.all(
      hashes.map(async (hash) =>
        Buffer.from(await abciQuery(chain.rpc, "/cosmos.tx.v1beta1.Service/GetTx", GetTxRequest.encode({ hash }).finish())).toString("hex"),
      ),
    );
  const store = (): string => chain.home.data.app;
  const aside = (name: string): string => join(chain.home.root, name);

  it("rebuilds a lost store from the blocks, with every result", async () => {
    const before = await session(async () => {
      await waitForHeight(chain.rpc, 1);
      await work();
      const { height } = await appHead(chain.rpc);
      return { height, results: await results(), state: await takeSnapshot(chain.rpc, accounts.slice(0, 2)) };
    });
    await cp(store(), aside("older-store"), { recursive: true });
    await rm(store(), { recursive: true });
    await session(async ({ grammar }) => {
      await waitForHeight(chain.rpc, before.height + 2);
      assert.ok(grammar.decided >= BigInt(before.height), "every block was executed again");
      assert.deepEqual(await results(), before.results);
      const { pools: _moves, ...state } = await takeSnapshot(chain.rpc, accounts.slice(0, 2));
      const { pools: _moved, ...expected } = before.state;
      assert.deepEqual(state, expected);
    });
  });

  it("executes the blocks that an older store lacks", async () => {
    await session(work);
    await rm(store(), { recursive: true });
    await cp(aside("older-store"), store(), { recursive: true });
    await session(async ({ app }) => {
      const { height, appHash } = await appHead(chain.rpc);
      await waitForHeight(chain.rpc, height + 2);
      const { block } = await callRpc<{ block: { header: { app_hash: string } } }>(chain.rpc, "block", { height: String(height + 1) });
      assert.equal(block.header.app_hash, appHash);
      assert.equal((await results()).length, 4);
      assert.deepEqual(app.brokenInvariants(), []);
    });
  });

  it("refuses a store that is ahead of the blocks, and goes on with both from one moment", async () => {
    const { data } = chain.home;
    await cp(data.dir, aside("older-data"), { recursive: true });
    const { height } = await session(async () => {
      const now = await appHead(chain.rpc);
      await waitForHeight(chain.rpc, now.height + 5);
      return appHead(chain.rpc);
    });
    await cp(data.dir, aside("newer-data"), { recursive: true });
    await cp(store(), aside("newer-store"), { recursive: true });
    await rm(data.dir, { recursive: true });
    await cp(aside("older-data"), data.dir, { recursive: true });
    await rm(store(), { recursive: true });
    await cp(aside("newer-store"), store(), { recursive: true });
    await assert.rejects(
      startInProcess(chain),
      (error) => error instanceof NodeError && error.code === "HZN-APP-AHEAD" && error.exitCode === 70,
    );
    await rm(data.dir, { recursive: true });
    await cp(aside("newer-data"), data.dir, { recursive: true });
    await session(() => waitForHeight(chain.rpc, height + 2));
  });

  it("refuses the store of another chain", async () => {
    const other = await createChainHome(50, "hanzo-other-1");
    try {
      const { node } = await startInProcess(other);
      await waitForHeight(other.rpc, 3);
      await node.stop();
      await rm(store(), { recursive: true });
      await cp(other.home.data.app, store(), { recursive: true });
    } finally {
      await other.remove();
    }
    await assert.rejects(
      startInProcess(chain),
      (error) => error instanceof NodeError && error.code === "HZN-APP-HASH" && error.exitCode === 70,
    );
  });
});
