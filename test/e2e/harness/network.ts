import assert from "node:assert/strict";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { CHAIN } from "../../../app/hanzo.ts";
import { isPortFree } from "../../../cmd/hanzod/node/ports.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { message } from "../../harness/signTx.ts";
import { broadcast, callRpc, waitForHeight, waitForTx } from "./rpc.ts";
import { accountInfo, devAccounts, signAs } from "./wallet.ts";

/** First of so many free ports in a row, below those that systems give to outgoing connections: one of these could take a port before it is used. */
export async function findBasePort(count: number): Promise<number> {
  for (;;) {
    const base = 10_000 + Math.floor(Math.random() * 20_000);
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isPortFree(base + i)));
    if (free.every(Boolean)) return base;
  }
}

/** Sends transfers one behind the other into one mempool, without waiting for blocks. @returns the last one's hash */
async function sendTransfers(rpc: string, chainId: string, sender: TestAccount, to: TestAccount, count: number): Promise<string> {
  const { sequence } = await accountInfo(rpc, sender.address);
  let last = "";
  for (let index = 0n; index < count; index++) {
    const amount = [{ denom: CHAIN.baseDenom, amount: "1" }];
    const transfer = message(MsgSend, { fromAddress: sender.address, toAddress: to.address, amount });
    const tx = await signAs({ rpc, chainId }, sender, [transfer], { sequence: sequence + index });
    const { code, hash, log } = await broadcast(rpc, tx);
    assert.equal(code, 0, log);
    last = hash;
  }
  return last;
}

/** Sends transfers of the ten development accounts, spread over the nodes, and waits until all are in blocks. @returns a height after them */
export async function loadNetwork(rpcs: readonly string[], chainId: string, transfersEach: number): Promise<number> {
  const accounts = await devAccounts();
  const sent = accounts.map((account, index) =>
    sendTransfers(rpcs[index % rpcs.length] ?? "", chainId, account, accounts[(index + 1) % accounts.length] ?? account, transfersEach),
  );
  const last = await Promise.all(sent);
  const found = await Promise.all(last.map((hash) => waitForTx(rpcs[0] ?? "", hash)));
  assert.ok(found.every(({ code }) => code === 0));
  return Math.max(...found.map((tx) => tx.height)) + 1;
}

/** Fails unless all nodes have the same state after every block up to a height. @param first where a node has no earlier blocks */
export async function requireSameStates(rpcs: readonly string[], height: number, first = 1): Promise<void> {
  await Promise.all(rpcs.map((rpc) => waitForHeight(rpc, height)));
  for (let at = first; at <= height; at++) {
    const hashes = await Promise.all(rpcs.map((rpc) => appHashAt(rpc, at)));
    assert.equal(new Set(hashes).size, 1, `height ${at}: ${hashes.join(", ")}`);
  }
}

const appHashAt = async (rpc: string, height: number): Promise<string> =>
  (await callRpc<{ app_hash: string }>(rpc, "block_results", { height: String(height) })).app_hash;
