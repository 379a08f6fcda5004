// SIGKILL at random moments: what a node acknowledged before the kill is there afterwards, and the chain goes on.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { GetTxRequest } from "#proto/cosmos/tx/v1beta1/service";
import { CHAIN } from "../../app/hanzo.ts";
import { LOCAL_BALANCE } from "../../cmd/hanzod/genesis/localAccounts.ts";
import type { TestAccount } from "../harness/accounts.ts";
import { message } from "../harness/signTx.ts";
import { auditTransfers } from "./harness/blockAudit.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { startInProcess } from "./harness/inProcessNode.ts";
import { killComet, type NodeProcess, spawnNode } from "./harness/nodeProcess.ts";
import { createRandom } from "./harness/random.ts";
import { abciQuery, appHead, broadcast, callRpc, findBlockTx, waitForHeight } from "./harness/rpc.ts";
import { feesPaid } from "./harness/stateSnapshot.ts";
import { keepStill } from "./harness/stillChain.ts";
import { accountInfo, balancesOf, devAccounts, signAs } from "./harness/wallet.ts";

const KILLS = 20;
/** Transactions that were seen in blocks at least. */
const LEAST_RESULTS = 3;
const SEED = 20261124;

/** What was acknowledged before the kills so far. */
interface Witness {
  /** State hash by height, as the application reported it after its commit. */
  readonly heads: Map<number, string>;
  /** GetTx answers of transactions that were in a block, by hash. */
  readonly results: Map<string, string>;
  readonly accepted: string[];
}

const getTx = async (rpc: string, hash: string): Promise<string> =>
  Buffer.from(await abciQuery(rpc, "/cosmos.tx.v1beta1.Service/GetTx", GetTxRequest.encode({ hash }).finish())).toString("base64");

/** Keeps looking at heights and sending transfers until the node stops answering. */
async function live(
  { rpc, chainId }: ChainHome,
  witness: Witness,
  sender: TestAccount,
  to: TestAccount,
  until: AbortSignal,
): Promise<void> {
  // What an earlier kill took out of the mempool never comes.
  const earlier = witness.accepted.length;
  const look = async (): Promise<void> => {
    while (!until.aborted) {
      const { height, appHash } = await appHead(rpc);
      if (height > 0) witness.heads.set(height, appHash);
      const next = witness.accepted.slice(earlier).find((hash) => !witness.results.has(hash));
      if (next !== undefined && (await findBlockTx(rpc, next)) !== undefined) witness.results.set(next, await getTx(rpc, next));
      await sleep(10);
    }
  };
  const send = async (): Promise<void> => {
    let { sequence } = await accountInfo(rpc, sender.address);
    while (!until.aborted) {
      const amount = [{ denom: CHAIN.baseDenom, amount: String(1_000_000n + sequence) }];
      const transfer = message(MsgSend, { fromAddress: sender.address, toAddress: to.address, amount });
      const { code, hash, log } = await broadcast(rpc, await signAs({ rpc, chainId }, sender, [transfer], { sequence }));
      assert.equal(code, 0, log);
      witness.accepted.push(hash);
      sequence++;
      await sleep(15);
    }
  };
  // Calls that the kill interrupts end as failed fetches; anything the node answered wrongly is an assertion.
  const endOf = (error: unknown): void => {
    if (error instanceof assert.AssertionError || !until.aborted) throw error;
  };
  await Promise.all([look().catch(endOf), send().catch(endOf)]);
}

/** Everything acknowledged so far is still so. */
async function verify({ rpc }: ChainHome, witness: Witness): Promise<void> {
  const highest = Math.max(0, ...witness.heads.keys());
  await waitForHeight(rpc, highest + 2);
  for (const [height, appHash] of witness.heads) {
    // The header of a block holds the state hash after the block before.
    const { block } = await callRpc<{ block: { header: { app_hash: string } } }>(rpc, "block", { height: String(height + 1) });
    assert.equal(block.header.app_hash, appHash, `state after height ${height}`);
  }
  for (const [hash, answer] of witness.results) assert.equal(await getTx(rpc, hash), answer, `result of ${hash}`);
}

describe("a killed node", () => {
  let chain: ChainHome;
  let current: NodeProcess | undefined;
  let accounts: TestAccount[];
  const witness: Witness = { heads: new Map(), results: new Map(), accepted: [] };

  before(async () => {
    accounts = await devAccounts();
    chain = await createChainHome(100);
    await keepStill(chain);
  });
  after(async () => {
    await current?.end("SIGKILL");
    await killComet(chain);
    await chain.remove();
  });

  it(`loses no acknowledged height, result or coin in ${KILLS} kills at random moments`, async (t) => {
    const random = createRandom(SEED);
    let rounds = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      current = spawnNode(chain);
      const withComet = random.below(2) === 0;
      if (kill % 4 === 3) {
        await sleep(random.below(1200));
      } else {
        await current.ready();
        await verify(chain, witness);
        const from = accounts[kill % 10];
        const to = accounts[(kill + 3) % 10];
        assert.ok(from && to);
        const until = new AbortController();
        const running = live(chain, witness, from, to, until.signal);
        const seen = witness.heads.size;
        await Promise.race([running, sleep(150 + random.below(900))]);
        // A slow node shows nothing in that time; what it never acknowledged it cannot lose.
        const isSeen = (): boolean => witness.heads.size > seen && witness.results.size >= Math.min(rounds, LEAST_RESULTS);
        while (!isSeen()) await Promise.race([running, sleep(20)]);
        until.abort();
        rounds++;
        if (withComet) await killComet(chain);
        await current.end("SIGKILL");
        await running;
      }
      if (withComet) await killComet(chain);
      await current.end("SIGKILL");
    }
    current = spawnNode(chain);
    await current.ready();
    await verify(chain, witness);
    await waitForHeight(chain.rpc, Math.max(...witness.heads.keys()) + 3);
    assert.equal(rounds, 15);
    assert.ok(witness.heads.size >= rounds, `heights were seen in every round, got ${witness.heads.size}`);
    assert.ok(witness.results.size >= LEAST_RESULTS, `transactions were seen in blocks, got ${witness.results.size}`);
    t.diagnostic(
      `${witness.heads.size} heights, ${witness.results.size} results and ${witness.accepted.length} accepted transfers witnessed`,
    );
  });

  it("balances are what its blocks add up to", async () => {
    assert.equal(await current?.end("SIGTERM"), 0, current?.output());
    const { node, grammar, app } = await startInProcess(chain);
    try {
      const { height } = await appHead(chain.rpc);
      // No more transfers are sent, so balances stand still from here on.
      const audit = await auditTransfers(chain.rpc, height);
      assert.ok(audit.transactions >= witness.results.size);
      for (const { address } of accounts) {
        const found = (await balancesOf(chain.rpc, address)).get(CHAIN.baseDenom);
        assert.equal(found, LOCAL_BALANCE + (audit.changes.get(address) ?? 0n), address);
      }
      assert.equal(await feesPaid(chain.rpc), audit.fees);
      assert.deepEqual(app.brokenInvariants(), []);
      await waitForHeight(chain.rpc, height + 2);
    } finally {
      const { error } = await node.stop();
      assert.equal(error, undefined);
    }
    assert.deepEqual(grammar.violations, []);
  });

  it("starts CometBFT again when that alone is killed, in the order of calls that ABCI allows", async () => {
    const { node, grammar, log } = await startInProcess(chain);
    try {
      for (let kill = 0; kill < 2; kill++) {
        const before = await appHead(chain.rpc);
        const pid = node.cometPid;
        assert.ok(await killComet(chain));
        while (node.cometPid === undefined || node.cometPid === pid) await sleep(20);
        await waitForHeight(chain.rpc, before.height + 2);
        assert.ok(grammar.decided > 0n, "the checker followed the new session");
      }
    } finally {
      assert.equal((await node.stop()).exitCode, 0);
    }
    assert.equal(log.filter((line) => line.includes("is started again")).length, 2, log.join("\n"));
    assert.deepEqual(grammar.violations, []);
  });
});
