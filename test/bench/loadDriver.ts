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
import { call, latestHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import { COMET_VERSION } from "../../cmd/hanzod/node/cometRelease.ts";
import { type BlockTimes, type StepTimes, summarizeSteps } from "./blockClock.ts";
import { type BlockWatch, watchBlocks } from "./blockLook.ts";
import { type Latencies, summarize } from "./latencies.ts";
import { type LoadNode, type Usage, usageOf } from "./loadNode.ts";
import { watchMemory } from "./peakMemory.ts";
import { RpcConnections, requestBytes } from "./rpcConnections.ts";

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
  /** CPU time of the node's process, and its resident memory: before, and the most while the load ran. */
  readonly cpuSeconds: number;
  readonly idleRssMiB: number;
  readonly busyRssMiB: number;
  /** The same of CometBFT; 0 where it runs inside the node's process. */
  readonly cometCpuSeconds: number;
  readonly cometRssMiB: number;
  /** CPU time of this process: the load shares the machine with the chain. */
  readonly loadCpuSeconds: number;
  /** From the request that sent a transaction to its block applied, in milliseconds: its result can be asked for, and its state is there. */
  readonly latency: Latencies;
  /** From the same to its block decided: no other can take its place, and nobody has run it yet. At a fixed rate only. */
  readonly decidedLatency?: Latencies;
  readonly steps: StepTimes;
  /** Signature checks per second before and after. */
  readonly calibration: readonly [before: number, after: number];
}

/** How a load is sent. */
export interface LoadPace {
  /** Sends so many per second, one per request, however the node does; when left out, as many as it takes. */
  readonly perSecond?: number;
  /** Stops sending after so many seconds; what is sent by then is waited for. When left out, all is sent. */
  readonly mostSeconds?: number;
}

/**
 * Sends rounds of transactions, one per sender and round, and waits until all are in blocks. A sender's transactions must arrive in order: the
 * next round begins when the last one is in the mempool.
 */
export async function runLoad(node: LoadNode, rounds: readonly (readonly string[])[], pace: LoadPace = {}): Promise<LoadResult> {
  const requests = rounds.map((txs) => requestsOf(txs, pace.perSecond === undefined ? PER_REQUEST : 1));
  const before = calibrate();
  const usage = (): ReturnType<typeof usageOfNode> => usageOfNode(node);
  const idle = usage();
  const idleLoad = process.cpuUsage();
  const memory = watchMemory(usage);
  const sent = new Sent();
  const clock = await watchBlocks(node.rpc, pace.perSecond !== undefined);
  const connections = new RpcConnections(node.rpc);
  const start = await latestHeight(node.rpc, PATIENCE_MS);
  const started = performance.now();
  let refused = 0;
  let sending = true;
  const counting = countCommitted(node.rpc, clock, start, () => (sending ? Number.POSITIVE_INFINITY : sent.count - refused));
  const deadline = performance.now() + (pace.mostSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  for (const round of requests) {
    refused += await (pace.perSecond === undefined
      ? broadcastRound(connections, round, sent, deadline)
      : broadcastPaced(connections, round, sent, pace.perSecond));
  }
  sending = false;
  const { committed, blocks, lastHeight } = await counting.finally(() => {
    clock.close();
    connections.close();
  });
  const times = Array.from({ length: lastHeight - start }, (_, index): BlockTimes => clock.times(start + 1 + index));
  const seconds = ((times.at(-1)?.applied ?? started) - started) / 1000;
  const peak = memory.stop();
  const busy = usage();
  const busyLoad = process.cpuUsage(idleLoad);
  const { latencies, decidedLatencies } = await readLatencies(node.rpc, clock, start, lastHeight, sent.times());
  return {
    committed,
    refused,
    blocks,
    from: start + 1,
    to: lastHeight,
    seconds,
    cpuSeconds: busy.app.cpuSeconds - idle.app.cpuSeconds,
    idleRssMiB: idle.app.rssMiB,
    busyRssMiB: peak.app,
    cometCpuSeconds: busy.comet.cpuSeconds - idle.comet.cpuSeconds,
    cometRssMiB: peak.comet,
    loadCpuSeconds: (busyLoad.user + busyLoad.system) / 1e6,
    latency: summarize(latencies),
    ...(pace.perSecond === undefined ? {} : { decidedLatency: summarize(decidedLatencies) }),
    steps: summarizeSteps(times),
    calibration: [before, calibrate()],
  };
}

/** What the node's process and CometBFT's have used so far. */
function usageOfNode(node: LoadNode): { readonly app: Usage; readonly comet: Usage } {
  const comet = node.cometPid();
  return { app: usageOf(node.pid), comet: comet === undefined ? { cpuSeconds: 0, rssMiB: 0 } : usageOf(comet) };
}

/** Transactions that are sent together, and the request that sends them: made before the load runs, which shares the machine with the chain. */
interface LoadRequest {
  readonly txs: readonly string[];
  readonly bytes: Uint8Array;
}

function requestsOf(txs: readonly string[], perRequest: number): readonly LoadRequest[] {
  return Array.from({ length: Math.ceil(txs.length / perRequest) }, (_, index) => {
    const batch = txs.slice(index * perRequest, (index + 1) * perRequest);
    const calls = batch.map((tx, id) => ({ jsonrpc: "2.0", id, method: "broadcast_tx_sync", params: { tx } }));
    return { txs: batch, bytes: requestBytes(JSON.stringify(calls)) };
  });
}

/** When requests were sent. */
class Sent {
  /** Transactions so far. */
  count = 0;
  readonly #requests: { readonly txs: readonly string[]; readonly at: number }[] = [];

  note(txs: readonly string[]): void {
    this.count += txs.length;
    this.#requests.push({ txs, at: performance.now() });
  }

  /** Of each transaction, by its base64. */
  times(): ReadonlyMap<string, number> {
    return new Map(this.#requests.flatMap(({ txs, at }) => txs.map((tx) => [tx, at] as const)));
  }
}

interface BroadcastAnswer {
  readonly result?: { readonly code: number; readonly log: string };
  readonly error?: unknown;
}

/** Sends a round until a deadline, at most CONNECTIONS requests in flight. Returns how many transactions were refused. */
async function broadcastRound(
  connections: RpcConnections,
  requests: readonly LoadRequest[],
  sent: Sent,
  deadline: number,
): Promise<number> {
  let next = 0;
  let refused = 0;
  const worker = async (): Promise<void> => {
    for (let request = requests[next++]; request !== undefined && performance.now() < deadline; request = requests[next++])
      refused += await broadcast(connections, request, sent);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return refused;
}

/** Sends one request after the other at a fixed rate, whether or not earlier ones are answered. Returns how many transactions were refused. */
async function broadcastPaced(
  connections: RpcConnections,
  requests: readonly LoadRequest[],
  sent: Sent,
  perSecond: number,
): Promise<number> {
  const started = performance.now();
  const answers: Promise<number>[] = [];
  for (const [index, request] of requests.entries()) {
    const wait = started + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await sleep(wait);
    answers.push(broadcast(connections, request, sent));
  }
  return (await Promise.all(answers)).reduce((sum, refused) => sum + refused, 0);
}

/** One request. Returns how many of its transactions were refused. */
async function broadcast(connections: RpcConnections, { txs, bytes }: LoadRequest, sent: Sent): Promise<number> {
  sent.note(txs);
  const parsed = JSON.parse(await connections.post(bytes)) as BroadcastAnswer | BroadcastAnswer[];
  const refused = (Array.isArray(parsed) ? parsed : [parsed]).filter(({ result }) => result?.code !== 0);
  if (refused[0] !== undefined) console.error("refused:", JSON.stringify(refused[0]).slice(0, 300));
  return refused.length;
}

/** What {@link countCommitted} saw. */
interface Committed {
  readonly committed: number;
  /** Blocks that held some of it, and the height of the last of them. */
  readonly blocks: number;
  readonly lastHeight: number;
}

/** Counts transactions in the blocks after `from`, until `total` are committed. Asks for no block while the load runs: CometBFT makes JSON of it. */
async function countCommitted(rpc: string, clock: BlockWatch, from: number, total: () => number): Promise<Committed> {
  let [committed, blocks, lastHeight] = [0, 0, from];
  const deadline = Date.now() + PATIENCE_MS;
  for (let height = from + 1; committed < total() && Date.now() < deadline; height++) {
    await clock.reach(height, PATIENCE_MS);
    const path = `blockchain?minHeight=${height}&maxHeight=${height}`;
    const { block_metas: metas } = await call<{ block_metas: readonly { readonly num_txs: string }[] }>(rpc, path, PATIENCE_MS);
    const count = Number(metas[0]?.num_txs);
    if (count === 0) continue;
    committed += count;
    blocks++;
    lastHeight = height;
  }
  return { committed, blocks, lastHeight };
}

/** Milliseconds of each transaction. */
interface TxLatencies {
  readonly latencies: readonly number[];
  readonly decidedLatencies: readonly number[];
}

/** Looks up which transactions are in the blocks after `from`, up to `to`. */
async function readLatencies(
  rpc: string,
  clock: BlockWatch,
  from: number,
  to: number,
  sentAt: ReadonlyMap<string, number>,
): Promise<TxLatencies> {
  const latencies: number[] = [];
  const decidedLatencies: number[] = [];
  for (let height = from + 1; height <= to; height++) {
    const { applied, decided = applied } = clock.times(height);
    if (applied === undefined || decided === undefined) continue;
    const { block } = await call<{ block: { data: { txs: readonly string[] | null } } }>(rpc, `block?height=${height}`, PATIENCE_MS);
    for (const tx of block.data.txs ?? []) {
      const sent = sentAt.get(tx);
      if (sent === undefined) continue;
      latencies.push(applied - sent);
      decidedLatencies.push(decided - sent);
    }
  }
  return { latencies, decidedLatencies };
}
