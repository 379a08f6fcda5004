// MsgSend through a real CometBFT: committed transactions per second under closed-loop overload, against the figures of the tuned
// reference chain (Cosmos SDK 0.53.8, libsecp256k1, GOGC=400: 930 tx/s at a calibration of 2,898–6,532 verifications/s on 2 × EPYC).
// usage: node dist/test/bench/send.js [--senders 2000] [--each 10] [--timeout-commit 300] [--keep]

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rawSecp256k1PubkeyToRawAddress } from "@cosmjs/amino";
import { sha256 } from "@cosmjs/crypto";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { PubKey } from "#proto/cosmos/crypto/secp256k1/keys";
import { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, SignDoc, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { CHAIN } from "../../app/hanzo.ts";
import { createAddressCodec } from "../../app/sdk/index.ts";
import { cometBinary } from "../../cmd/hanzod/command/cometBinary.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../../cmd/hanzod/config/appConfig.ts";
import { createChainGenesis } from "../../cmd/hanzod/genesis/chainGenesis.ts";
import { call, latestHeight, waitForHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import { getCometListener, initCometHome, writeCometConfig } from "../../cmd/hanzod/node/cometConfig.ts";
import { type Home, homeLayout } from "../../cmd/hanzod/node/home.ts";
import { findFreePorts } from "../../cmd/hanzod/node/ports.ts";
import { COMET_VERSION } from "../../cmd/hanzod/node/versionCheck.ts";

const { values } = parseArgs({
  options: {
    senders: { type: "string", default: "2000" },
    each: { type: "string", default: "10" },
    "timeout-commit": { type: "string", default: "300" },
  },
});
const SENDERS = Number(values.senders);
const EACH = Number(values.each);
const CHAIN_ID = "hanzo-bench-1";
const FEE = "5000";
const GAS = 120_000n;
const CONNECTIONS = 64;
const PER_REQUEST = 8;
const REFERENCE_TX_PER_S = 930;

const { ecdsaSign, ecdsaVerify, publicKeyCreate } = createRequire(import.meta.url)("secp256k1") as {
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { signature: Uint8Array };
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  publicKeyCreate(key: Uint8Array): Uint8Array;
};
const address = createAddressCodec(CHAIN.bech32Prefix);

interface Sender {
  readonly key: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly address: string;
}

function createSender(index: number): Sender {
  const key = new Uint8Array(createHash("sha256").update(`bench ${index}`).digest());
  const publicKey = publicKeyCreate(key);
  return { key, publicKey, address: address.format(rawSecp256k1PubkeyToRawAddress(publicKey)) };
}

function createTx(sender: Sender, recipient: string, accountNumber: bigint, sequence: bigint): string {
  const send = MsgSend.encode({
    fromAddress: sender.address,
    toAddress: recipient,
    amount: [{ denom: CHAIN.baseDenom, amount: "1" }],
  }).finish();
  const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: send }] })).finish();
  const publicKey = { typeUrl: "/cosmos.crypto.secp256k1.PubKey", value: PubKey.encode({ key: sender.publicKey }).finish() };
  const authInfoBytes = AuthInfo.encode(
    AuthInfo.fromPartial({
      signerInfos: [{ publicKey, modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } }, sequence }],
      fee: { amount: [{ denom: CHAIN.baseDenom, amount: FEE }], gasLimit: GAS },
    }),
  ).finish();
  const digest = sha256(SignDoc.encode({ bodyBytes, authInfoBytes, chainId: CHAIN_ID, accountNumber }).finish());
  const { signature } = ecdsaSign(digest, sender.key);
  return Buffer.from(TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()).toString("base64");
}

/** Signature checks per second of this machine right now, one core. */
function calibrate(): number {
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

async function makeHome(root: string, senders: readonly Sender[]): Promise<Home> {
  const home = homeLayout(root);
  const identity = await initCometHome(await cometBinary(), home);
  const [rpc = 0, p2p = 0] = await findFreePorts(2);
  await writeCometConfig(home, {
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { port: rpc },
    p2p: { port: p2p },
    timeoutCommitMs: Number(values["timeout-commit"]),
    mempoolSize: 200_000,
    txIndexer: "null",
  });
  const config = readFileSync(home.config.comet, "utf8")
    .replace(/^cache_size = 10000$/m, "cache_size = 400000")
    .replace(/^max_txs_bytes = .*$/m, "max_txs_bytes = 1073741824");
  writeFileSync(home.config.comet, config);
  writeAppConfig(home, { ...DEFAULT_APP_CONFIG, minimumGasPrices: "0.025aai", api: { ...DEFAULT_APP_CONFIG.api, enable: false } });
  const genesis = createChainGenesis({
    chainId: CHAIN_ID,
    genesisTime: new Date().toISOString(),
    validators: [{ name: "bench", address: identity.validatorAddress, publicKey: identity.validatorPublicKey, power: 10n }],
    accounts: senders.map((sender) => ({ address: sender.address, coins: [{ denom: CHAIN.baseDenom, amount: "1000000000000" }] })),
  }) as { consensus_params: { block: { max_bytes: string; max_gas: string } } };
  const document = { ...genesis, consensus_params: { ...genesis.consensus_params, block: { max_bytes: "4194304", max_gas: "-1" } } };
  writeFileSync(home.config.genesis, JSON.stringify(document));
  return home;
}

/** Sends the transactions of a round, one per sender, at most CONNECTIONS requests of PER_REQUEST in flight. Returns how many were refused. */
async function broadcastRound(rpc: string, txs: readonly string[]): Promise<number> {
  let next = 0;
  let refused = 0;
  const worker = async (): Promise<void> => {
    while (next < txs.length) {
      const batch = txs.slice(next, next + PER_REQUEST);
      next += batch.length;
      const body = JSON.stringify(batch.map((tx, id) => ({ jsonrpc: "2.0", id, method: "broadcast_tx_sync", params: { tx } })));
      const response = await fetch(rpc, { method: "POST", body, headers: { "content-type": "application/json" } });
      const parsed = (await response.json()) as
        | { result?: { code: number; log: string }; error?: unknown }
        | { result?: { code: number; log: string }; error?: unknown }[];
      for (const answer of Array.isArray(parsed) ? parsed : [parsed]) {
        if (answer.result?.code !== 0) {
          refused++;
          if (refused <= 1) console.error("refused:", JSON.stringify(answer).slice(0, 300));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return refused;
}

/** Transactions in the blocks after `from`, until `total` are committed. */
async function countCommitted(
  rpc: string,
  from: number,
  total: () => number,
): Promise<{ readonly committed: number; readonly blocks: number; readonly lastHeight: number }> {
  let committed = 0;
  let height = from;
  let blocks = 0;
  const deadline = Date.now() + 300_000;
  while (committed < total() && Date.now() < deadline) {
    await waitForHeight(rpc, height + 1, 300_000);
    height++;
    const { block } = await call<{ block: { data: { txs: readonly string[] | null } } }>(rpc, `block?height=${height}`);
    const count = block.data.txs?.length ?? 0;
    committed += count;
    if (count > 0) blocks++;
  }
  return { committed, blocks, lastHeight: height };
}

/** A node in a process of its own, so that the load generator's work is not counted as the node's; with the flags of main.ts's first line. */
async function startNode(home: Home): Promise<{ readonly rpc: string; readonly pid: number; stop(): Promise<void> }> {
  const main = join(import.meta.dirname, "../../cmd/hanzod/main.js");
  const child = spawn(process.execPath, ["--max-semi-space-size=64", main, "start", "--home", home.root, "--quiet"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const { host, port } = await getCometListener(home, "rpc.laddr");
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  return {
    rpc: `http://${host}:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** CPU seconds and resident MiB of a process (Linux: 100 ticks per second). */
function usageOf(pid: number): { readonly cpuSeconds: number; readonly rssMiB: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const rssKiB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, rssMiB: Math.round(Number(rssKiB) / 1024) };
}

const senders = Array.from({ length: SENDERS }, (_, index) => createSender(index));
console.log(`preparing ${SENDERS * EACH} signed transfers of ${SENDERS} senders`);
const txs: string[] = [];
for (let sequence = 0; sequence < EACH; sequence++) {
  for (const [index, sender] of senders.entries()) {
    txs.push(createTx(sender, senders[(index + 1) % SENDERS]?.address ?? "", BigInt(index), BigInt(sequence)));
  }
}
const root = mkdtempSync(join(tmpdir(), "hanzo-bench-"));
try {
  const node = await startNode(await makeHome(join(root, "home"), senders));
  await waitForHeight(node.rpc, 2);
  const calibration = [calibrate()];
  const idle = usageOf(node.pid);
  const start = await latestHeight(node.rpc);
  const started = process.hrtime.bigint();
  let refused = 0;
  const counting = countCommitted(node.rpc, start, () => txs.length - refused);
  // A sender's transactions must arrive in order: the next round begins when the last one is in the mempool.
  for (let round = 0; round < EACH; round++) refused += await broadcastRound(node.rpc, txs.slice(round * SENDERS, (round + 1) * SENDERS));
  const { committed, blocks } = await counting;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const busy = usageOf(node.pid);
  calibration.push(calibrate());
  await node.stop();
  const rate = committed / seconds;
  const row = {
    txPerSecond: Math.round(rate),
    ratioToReference: Number((rate / REFERENCE_TX_PER_S).toFixed(2)),
    committed,
    refused,
    blocks,
    seconds: Number(seconds.toFixed(1)),
    appCpuSecondsPer1000Tx: Number((((busy.cpuSeconds - idle.cpuSeconds) * 1000) / committed).toFixed(3)),
    appRssMiB: { idle: idle.rssMiB, afterLoad: busy.rssMiB },
    calibrationVerifiesPerSecond: calibration,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
    node: process.version,
    cometbft: COMET_VERSION,
  };
  console.log(JSON.stringify(row, null, 2));
} finally {
  rmSync(root, { recursive: true, force: true });
}
