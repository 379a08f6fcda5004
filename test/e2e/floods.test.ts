// Floods against a real node: attacks on its ports, garbage for its mempool, and ten thousand transactions that wait. Blocks go on, memory stays,
// and whoever behaves gets in.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { CHAIN } from "../../app/hanzo.ts";
import { findFreePort } from "../../cmd/hanzod/node/ports.ts";
import { findRunning } from "../../cmd/hanzod/node/processIdentity.ts";
import { editToml } from "../../cmd/hanzod/node/tomlEdit.ts";
import { createGrpcClient } from "../../cmd/hanzod/selftest/recording/grpcClient.ts";
import { signLoadTx } from "../bench/loadDriver.ts";
import type { TestAccount } from "../harness/accounts.ts";
import { GRPC_ATTACKS } from "../harness/grpcAttacks.ts";
import { noise, openPeer } from "../harness/hostilePeer.ts";
import { HTTP_ATTACKS } from "../harness/httpAttacks.ts";
import { editTx, message, type TestMessage } from "../harness/signTx.ts";
import { openAbci } from "./harness/abciSocket.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { killComet, type NodeProcess, spawnNode } from "./harness/nodeProcess.ts";
import { appHead, broadcast, callRpc, waitForHeight, waitForTx } from "./harness/rpc.ts";
import { accountInfo, devAccounts, FEE, signAs } from "./harness/wallet.ts";

/** Far above what the node needs, far below what a leak of a flood would take. */
const MAX_MEMORY_MB = 1_500;

let accounts: TestAccount[];
const at = (index: number): TestAccount => accounts[index] ?? assert.fail(`account ${index}`);
const send = (amount = 1n): TestMessage =>
  message(MsgSend, { fromAddress: at(0).address, toAddress: at(1).address, amount: [{ denom: CHAIN.baseDenom, amount: String(amount) }] });

/** Memory of a process now. */
async function memoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function assertSmall(node: NodeProcess, chain: ChainHome): Promise<void> {
  const comet = await findRunning(await readFile(chain.home.run.cometPid, "utf8"));
  for (const pid of [node.child.pid, comet?.pid]) {
    assert.ok(pid !== undefined);
    const mb = await memoryMb(pid);
    assert.ok(mb < MAX_MEMORY_MB, `process ${pid} has ${mb.toFixed(0)} MB`);
  }
}

async function included(chain: ChainHome, account: TestAccount, messages: readonly TestMessage[], timeoutMs?: number): Promise<void> {
  const verdict = await broadcast(chain.rpc, await signAs(chain, account, messages));
  assert.equal(verdict.code, 0, verdict.log);
  assert.equal((await waitForTx(chain.rpc, verdict.hash, timeoutMs)).code, 0);
}

const waiting = async ({ rpc }: ChainHome): Promise<number> =>
  Number((await callRpc<{ readonly total: string }>(rpc, "num_unconfirmed_txs")).total);

describe("a node under attack", () => {
  let chain: ChainHome;
  let node: NodeProcess;
  let metricsPort: number;
  before(async () => {
    accounts = await devAccounts();
    chain = await createChainHome(100);
    metricsPort = await findFreePort();
    const limits = ["api.max-open-connections=60", "api.rpc-read-timeout=1", "grpc.max-open-connections=60", "grpc.read-timeout=1"];
    node = spawnNode(chain, [...limits.map((limit) => `--${limit}`), `--telemetry.address=tcp://127.0.0.1:${metricsPort}`]);
    await node.ready();
    await waitForHeight(chain.rpc, 1);
  });
  after(async () => {
    await node?.end("SIGKILL");
    await killComet(chain);
    await chain?.remove();
  });

  it("makes blocks, answers whoever behaves, and stays small while every port is attacked at once", async () => {
    const restPort = Number(new URL(chain.rest).port);
    const grpcPort = Number(chain.grpc.split(":")[1]);
    const limits = { maxConnections: 60, readTimeoutMs: 1_000 };
    const rest = { port: restPort, path: "/cosmos/bank/v1beta1/params", ...limits };
    // Its limits are fixed, and longer than this test.
    const metrics = ["a header of a megabyte", "headers without end", "a TLS greeting", "noise"].map((name) => HTTP_ATTACKS[name]);
    const grpc = { port: grpcPort, path: "/cosmos.bank.v1beta1.Query/Params", ...limits };
    const isCrowd = (name: string): boolean => name.startsWith("more connections");
    const stranger = await openAbci(chain.home.run.abciSocket.startsWith("/") ? `unix://${chain.home.run.abciSocket}` : "");
    stranger.on("error", () => undefined);
    stranger.write(Uint8Array.of(100, 1, 2));
    const before = (await appHead(chain.rpc)).height;
    let isOver = false;
    const attacks = Promise.all([
      ...Object.entries(HTTP_ATTACKS).flatMap(([name, run]) => (isCrowd(name) ? [] : [run(rest)])),
      ...Object.entries(GRPC_ATTACKS).flatMap(([name, run]) => (isCrowd(name) ? [] : [run(grpc)])),
      ...metrics.map((run) => run?.({ port: metricsPort, path: "/livez", maxConnections: 100, readTimeoutMs: 10_000 })),
    ]).finally(() => {
      isOver = true;
    });
    const client = createGrpcClient(chain.grpc);
    let answers = 0;
    while (!isOver) {
      // Who takes as long as the server waits for a request is refused as others are.
      const began = performance.now();
      const { status } = await fetch(chain.rest + rest.path).catch(() => ({ status: 0 }));
      assert.ok(status === 200 || performance.now() - began > limits.readTimeoutMs, `${status}`);
      if (status === 200) answers += 1;
      assert.equal((await client.call(grpc.path, new Uint8Array(0), {}, 60_000)).code, 0);
      await sleep(50);
    }
    assert.ok(answers > 0, "REST answered meanwhile");
    await attacks;
    for (const run of [HTTP_ATTACKS, GRPC_ATTACKS])
      for (const [name, attack] of Object.entries(run)) if (isCrowd(name)) await attack(run === HTTP_ATTACKS ? rest : grpc);
    await waitForHeight(chain.rpc, before + 10);
    await included(chain, at(0), [send()]);
    assert.equal((await fetch(`http://127.0.0.1:${metricsPort}/livez`)).status, 200);
    client.close();
    stranger.destroy();
    await assertSmall(node, chain);
    assert.equal(node.child.exitCode, null);
  });

  it("refuses garbage for its mempool, and lets the transaction among it in", async () => {
    const good = await signAs(chain, at(2), [send()]);
    const before = (await appHead(chain.rpc)).height;
    const garbage = (index: number): Uint8Array => {
      if (index % 3 === 0) return Uint8Array.from([...noise(300), ...Buffer.from(String(index))]);
      return editTx(good, (parts) => {
        if (index % 3 === 1) parts.signatures = [Uint8Array.from({ length: 64 }, (_, i) => (i * 7 + index) % 256)];
        else parts.body.memo = String(index);
      });
    };
    let refused = 0;
    const flood = Array.from({ length: 8 }, async (_, lane) => {
      for (let i = 0; i < 25; i++) {
        const calls = Array.from({ length: 10 }, (_call, j) => {
          const tx = Buffer.from(garbage(1 + lane * 250 + i * 10 + j)).toString("base64");
          return { jsonrpc: "2.0", id: j, method: "broadcast_tx_sync", params: { tx } };
        });
        const answer = await fetch(chain.rpc, { method: "POST", body: JSON.stringify(calls) });
        for (const { result } of (await answer.json()) as { readonly result?: { readonly code: number } }[])
          if (result?.code !== 0) refused += 1;
      }
    });
    await sleep(200);
    await included(chain, at(3), [
      message(MsgSend, { fromAddress: at(3).address, toAddress: at(1).address, amount: [{ denom: CHAIN.baseDenom, amount: "9" }] }),
    ]);
    await Promise.all(flood);
    assert.equal(refused, 2_000);
    assert.equal(await waiting(chain), 0);
    await waitForHeight(chain.rpc, before + 5);
    await assertSmall(node, chain);
  });
});

describe("a node with ten thousand transactions waiting", () => {
  const COUNT = 12_000;
  let chain: ChainHome;
  let node: NodeProcess;
  before(async () => {
    accounts = await devAccounts();
    // A block takes twenty of them: far fewer than arrive meanwhile, however slowly they come.
    chain = await createChainHome(10_000);
    const { comet } = chain.home.config;
    const settings = new Map<string, bigint | boolean>([
      ["mempool.size", 20_000n],
      ["mempool.cache_size", 40_000n],
      ["rpc.unsafe", true],
    ]);
    await writeFile(comet, editToml(await readFile(comet, "utf8"), settings));
    node = spawnNode(chain);
    await node.ready();
    await waitForHeight(chain.rpc, 1);
  });
  after(async () => {
    await node?.end("SIGKILL");
    await killComet(chain);
    await chain?.remove();
  });

  it("checks them again after each block, makes its blocks and takes more", { timeout: 1_800_000 }, async () => {
    const senders = await Promise.all(
      accounts.slice(0, 8).map(async (account) => ({ account, ...(await accountInfo(chain.rpc, account.address)) })),
    );
    const perSender = COUNT / senders.length;
    const signed = senders.map(({ account, accountNumber, sequence }) => {
      const { address: fromAddress, privateKey: key, publicKey } = account;
      const value = MsgSend.encode({ fromAddress, toAddress: at(9).address, amount: [{ denom: CHAIN.baseDenom, amount: "1" }] }).finish();
      const shared = { sender: { key, publicKey, address: fromAddress }, accountNumber: Number(accountNumber), chainId: chain.chainId };
      const transfer = { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value };
      return Array.from({ length: perSender }, (_, index) =>
        signLoadTx({ ...shared, sequence: Number(sequence) + index, message: transfer, fee: (13n * FEE).toString(), gas: 5_000_000n }),
      );
    });
    /** The engine ends a connection that waits for its mempool for too long; what it took of a list it knows the second time. */
    const handIn = async (calls: readonly object[]): Promise<void> => {
      for (let tries = 0; ; tries++) {
        try {
          const answer = await fetch(chain.rpc, { method: "POST", body: JSON.stringify(calls) });
          for (const { error } of (await answer.json()) as { readonly error?: { readonly data?: string } }[])
            assert.ok(error === undefined || error.data?.includes("already exists in cache") === true, error?.data);
          return;
        } catch (thrown) {
          if (!(thrown instanceof TypeError) || tries === 20) throw thrown;
          await sleep(200);
        }
      }
    };
    // Ten at a time, each sender's in their order.
    const lanes = signed.map(async (txs) => {
      for (let first = 0; first < txs.length; first += 10) {
        const calls = txs.slice(first, first + 10).map((tx, id) => ({ jsonrpc: "2.0", id, method: "broadcast_tx_async", params: { tx } }));
        await handIn(calls);
      }
    });
    let most = 0;
    let isFilled = false;
    const filled = Promise.all(lanes).then(() => {
      isFilled = true;
    });
    while (!isFilled) {
      most = Math.max(most, await waiting(chain));
      await sleep(500);
    }
    await filled;
    most = Math.max(most, await waiting(chain));
    assert.ok(most >= 10_000, `${most} waited at the most`);
    await assertSmall(node, chain);
    const last = message(MsgSend, {
      fromAddress: at(9).address,
      toAddress: at(1).address,
      amount: [{ denom: CHAIN.baseDenom, amount: "1" }],
    });
    const tx = await signAs(chain, at(9), [last]);
    assert.equal((await broadcast(chain.rpc, tx)).code, 0, "there is room for one more");
    const before = (await appHead(chain.rpc)).height;
    await waitForHeight(chain.rpc, before + 2);
    const left = await waiting(chain);
    assert.ok(left >= 9_000 && left < COUNT, `after two more blocks ${left} passed their check again`);
    await assertSmall(node, chain);
    const sequences = await Promise.all(senders.map(({ account }) => accountInfo(chain.rpc, account.address)));
    assert.ok(
      sequences.some(({ sequence }, index) => sequence > (senders[index]?.sequence ?? 0n)),
      "blocks took them in",
    );
    // Without the queue a block has room; the application forgets what was in it with the next one.
    await callRpc(chain.rpc, "unsafe_flush_mempool");
    await waitForHeight(chain.rpc, (await appHead(chain.rpc)).height + 1);
    await included(chain, at(9), [last], 120_000);
    assert.equal(node.child.exitCode, null);
    // A stranger's half request on the RPC of the engine, which has limits of its own, harms nobody.
    (await openPeer(Number(new URL(chain.rpc).port), "POST / HTTP/1.1\r\n")).socket.destroy();
  });
});
