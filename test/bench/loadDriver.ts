// Drives signed transactions through a real CometBFT and counts what it commits: what the throughput benchmarks share.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { rawSecp256k1PubkeyToRawAddress } from "@cosmjs/amino";
import { sha256 } from "@cosmjs/crypto";
import { PubKey } from "#proto/cosmos/crypto/secp256k1/keys";
import { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, SignDoc, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { CHAIN } from "../../app/hanzo.ts";
import { createAddressCodec } from "../../app/sdk/index.ts";
import { call, latestHeight, waitForHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import { COMET_VERSION } from "../../cmd/hanzod/node/cometRelease.ts";
import { type Latencies, summarize } from "./latencies.ts";
import { type LoadNode, usageOf } from "./loadNode.ts";

const CONNECTIONS = 64;
const PER_REQUEST = 8;
/** Longest wait for a block, and for all transactions of a load. */
const PATIENCE_MS = 300_000;

const { ecdsaSign, ecdsaVerify, publicKeyCreate } = createRequire(import.meta.url)("secp256k1") as {
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { signature: Uint8Array };
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  publicKeyCreate(key: Uint8Array): Uint8Array;
};
const address = createAddressCodec(CHAIN.bech32Prefix);

/** An account that sends. Its account number is its place in the genesis file. */
export interface Sender {
  readonly key: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly address: string;
}

/** The same senders in every run. */
export function createSenders(count: number): readonly Sender[] {
  return Array.from({ length: count }, (_, index) => {
    const key = new Uint8Array(createHash("sha256").update(`bench ${index}`).digest());
    const publicKey = publicKeyCreate(key);
    return { key, publicKey, address: address.format(rawSecp256k1PubkeyToRawAddress(publicKey)) };
  });
}

/** One message of one signer, and what the transaction around it says. */
export interface LoadTx {
  readonly sender: Sender;
  readonly accountNumber: number;
  readonly sequence: number;
  readonly message: { readonly typeUrl: string; readonly value: Uint8Array };
  readonly chainId: string;
  /** Base units of the native coin. */
  readonly fee: string;
  readonly gas: bigint;
}

/** Signs a transaction. @returns base64 */
export function signLoadTx({ sender, accountNumber, sequence, message, chainId, fee, gas }: LoadTx): string {
  const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [message] })).finish();
  const publicKey = { typeUrl: "/cosmos.crypto.secp256k1.PubKey", value: PubKey.encode({ key: sender.publicKey }).finish() };
  const authInfoBytes = AuthInfo.encode(
    AuthInfo.fromPartial({
      signerInfos: [{ publicKey, modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } }, sequence: BigInt(sequence) }],
      fee: { amount: [{ denom: CHAIN.baseDenom, amount: fee }], gasLimit: gas },
    }),
  ).finish();
  const digest = sha256(SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber: BigInt(accountNumber) }).finish());
  const { signature } = ecdsaSign(digest, sender.key);
  return Buffer.from(TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()).toString("base64");
}

/** Signature checks per second of this machine right now, one core. */
export function calibrate(): number {
  const key = new Uint8Array(32).fill(7);
  const digest = new Uint8Array(32).fill(9);
  const { signature } = ecdsaSign(digest, key);
  const publicKey = publicKeyCreate(key);
  const started = process.hrtime.bigint();
  let count = 0;
  while (process.hrtime.bigint() - started < 400_000_000n) {
    ecdsaVerify(signature, digest, publicKey);
    count++;
  }
  return Math.round(count / 0.4);
}

/** What the figures of a throughput benchmark were measured on. */
export const machine = (): { readonly machine: string; readonly node: string; readonly cometbft: string } => ({
  machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
  node: process.version,
  cometbft: COMET_VERSION,
});

/** What a load came to. */
export interface LoadResult {
  readonly committed: number;
  /** Refused by the mempool. */
  readonly refused: number;
  /** Blocks that held some of it, and the heights looked at. */
  readonly blocks: number;
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  /** CPU time of the node's process, and its resident memory before and after. */
  readonly cpuSeconds: number;
  readonly idleRssMiB: number;
  readonly busyRssMiB: number;
  /** CometBFT's CPU time, and its resident memory afterwards. */
  readonly cometCpuSeconds: number;
  readonly cometRssMiB: number;
  /** From the request that sent a transaction to its block seen, in milliseconds. */
  readonly latency: Latencies;
  /** Mean time from one block to the next while the load ran, in milliseconds. */
  readonly blockIntervalMs: number;
  /** Signature checks per second before and after. */
  readonly calibration: readonly [before: number, after: number];
}

/**
 * Sends rounds of transactions, one per sender and round, and waits until all are in blocks. A sender's transactions must arrive in order: the
 * next round begins when the last one is in the mempool.
 *
 * @param perSecond sends so many per second, one per request, however the node does; when left out, as many as it takes.
 */
export async function runLoad(node: LoadNode, rounds: readonly (readonly string[])[], perSecond?: number): Promise<LoadResult> {
  const before = calibrate();
  const idle = usageOf(node.pid);
  const idleComet = usageOf(node.cometPid());
  const sentAt: SentAt = new Map();
  const start = await latestHeight(node.rpc);
  const started = process.hrtime.bigint();
  const total = rounds.reduce((sum, round) => sum + round.length, 0);
  let refused = 0;
  const counting = countCommitted(node.rpc, start, () => total - refused, sentAt);
  for (const round of rounds) {
    refused += await (perSecond === undefined
      ? broadcastRound(node.rpc, round, sentAt)
      : broadcastPaced(node.rpc, round, sentAt, perSecond));
  }
  const { committed, blocks, lastHeight, latencies } = await counting;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const busy = usageOf(node.pid);
  const busyComet = usageOf(node.cometPid());
  return {
    committed,
    refused,
    blocks,
    from: start + 1,
    to: lastHeight,
    seconds,
    cpuSeconds: busy.cpuSeconds - idle.cpuSeconds,
    idleRssMiB: idle.rssMiB,
    busyRssMiB: busy.rssMiB,
    cometCpuSeconds: busyComet.cpuSeconds - idleComet.cpuSeconds,
    cometRssMiB: busyComet.rssMiB,
    latency: summarize(latencies),
    blockIntervalMs: Number(((seconds * 1000) / Math.max(1, lastHeight - start)).toFixed(1)),
    calibration: [before, calibrate()],
  };
}

/** When each transaction was sent, by its base64. */
type SentAt = Map<string, number>;

interface BroadcastAnswer {
  readonly result?: { readonly code: number; readonly log: string };
  readonly error?: unknown;
}

/** Sends the transactions of a round, at most CONNECTIONS requests of PER_REQUEST in flight. Returns how many were refused. */
async function broadcastRound(rpc: string, txs: readonly string[], sentAt: SentAt): Promise<number> {
  let next = 0;
  let refused = 0;
  const worker = async (): Promise<void> => {
    while (next < txs.length) {
      const batch = txs.slice(next, next + PER_REQUEST);
      next += batch.length;
      refused += await broadcastBatch(rpc, batch, sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return refused;
}

/** Sends one transaction after the other at a fixed rate, whether or not earlier ones are answered. Returns how many were refused. */
async function broadcastPaced(rpc: string, txs: readonly string[], sentAt: SentAt, perSecond: number): Promise<number> {
  const started = performance.now();
  const answers: Promise<number>[] = [];
  for (const [index, tx] of txs.entries()) {
    const wait = started + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await sleep(wait);
    answers.push(broadcastBatch(rpc, [tx], sentAt));
  }
  return (await Promise.all(answers)).reduce((sum, refused) => sum + refused, 0);
}

/** One request. Returns how many of its transactions were refused. */
async function broadcastBatch(rpc: string, batch: readonly string[], sentAt: SentAt): Promise<number> {
  for (const tx of batch) sentAt.set(tx, performance.now());
  const body = JSON.stringify(batch.map((tx, id) => ({ jsonrpc: "2.0", id, method: "broadcast_tx_sync", params: { tx } })));
  const response = await fetch(rpc, { method: "POST", body, headers: { "content-type": "application/json" } });
  const parsed = (await response.json()) as BroadcastAnswer | BroadcastAnswer[];
  const refused = (Array.isArray(parsed) ? parsed : [parsed]).filter(({ result }) => result?.code !== 0);
  if (refused[0] !== undefined) console.error("refused:", JSON.stringify(refused[0]).slice(0, 300));
  return refused.length;
}

/** Transactions in the blocks after `from`, until `total` are committed. */
async function countCommitted(
  rpc: string,
  from: number,
  total: () => number,
  sentAt: SentAt,
): Promise<{
  readonly committed: number;
  readonly blocks: number;
  readonly lastHeight: number;
  readonly latencies: readonly number[];
}> {
  const latencies: number[] = [];
  let committed = 0;
  let height = from;
  let blocks = 0;
  const deadline = Date.now() + PATIENCE_MS;
  while (committed < total() && Date.now() < deadline) {
    await waitForHeight(rpc, height + 1, PATIENCE_MS);
    height++;
    const { block } = await call<{ block: { data: { txs: readonly string[] | null } } }>(rpc, `block?height=${height}`);
    const count = block.data.txs?.length ?? 0;
    const seen = performance.now();
    for (const tx of block.data.txs ?? []) latencies.push(seen - (sentAt.get(tx) ?? Number.NaN));
    committed += count;
    if (count > 0) blocks++;
  }
  return { committed, blocks, lastHeight: height, latencies };
}
