// Executes recorded blocks in a process of its own and prints what came of each, one line of JSON per block.
// Arguments: file of blocks, a variant as JSON, and optionally a height whose results and state are printed instead.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HanzoOptions, hanzoStores } from "../../../app/hanzo.ts";
import type { Secp256k1Backend } from "../../../app/runtime/secp256k1Backend.ts";
import { type CommitStore, createMemoryCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import type { TestChain } from "../../harness/testChain.ts";
import { digestOf, resultLines, stateLines } from "./blockDigest.ts";
import { QueryLoad } from "./queryLoad.ts";
import { ReplayThreads } from "./replayThreads.ts";
import { openSeededChain } from "./seededChain.ts";
import type { Variant } from "./variants.ts";

/** The blocks of a recording: one line per block, transactions as base64 with blanks between. */
function readBlocks(file: string): Uint8Array[][] {
  const lines = readFileSync(file, "latin1").split("\n").slice(0, -1);
  return lines.map((line) => (line === "" ? [] : line.split(" ").map((tx) => new Uint8Array(Buffer.from(tx.slice(1), "base64")))));
}

/** Verifies with the package's JavaScript, whatever the machine has. */
function javascriptSignatures(): Secp256k1Backend {
  const { ecdsaVerify } = createRequire(import.meta.url)("secp256k1/elliptic.js") as Pick<SecpPackage, "ecdsaVerify">;
  return {
    kind: "javascript",
    verify(signature, digest, publicKey) {
      try {
        return ecdsaVerify(signature, digest, publicKey);
      } catch {
        return false;
      }
    },
  };
}

/** A node's program with a defect: differences that it makes must be found and named. */
const careless: Secp256k1Backend = { kind: "javascript", verify: () => true };

interface SecpPackage {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
}

async function openStore(variant: Variant, folder: string): Promise<CommitStore> {
  if (variant.store === "memory") return createMemoryCommitStore({ stores: hanzoStores });
  return openCommitStore({ path: folder, stores: hanzoStores, checkpointInterval: 20n, keepVersions: 8n });
}

function appOptions(variant: Variant, threads: ReplayThreads | undefined): Partial<HanzoOptions> {
  return {
    ...(variant.signatures === "javascript" ? { secp256k1: javascriptSignatures() } : {}),
    ...(variant.signatures === "careless" ? { secp256k1: careless } : {}),
    ...(threads === undefined ? {} : { signatureAid: threads.signatures }),
  };
}

/** CheckTx as CometBFT does it before a block. Every second time, the block does not wait for the signature thread. */
async function checkAll({ app, check }: TestChain, txs: readonly Uint8Array[]): Promise<void> {
  const ready = app.expectTxs?.(txs);
  if (app.height % 2n === 0n) await ready;
  for (const tx of txs) check(tx);
}

async function execute(
  file: string,
  variant: Variant,
  until: number,
  store: CommitStore,
  threads: ReplayThreads | undefined,
): Promise<void> {
  const chain = await openSeededChain(store, appOptions(variant, threads), threads === undefined ? undefined : (app) => threads.wrap(app));
  let load: QueryLoad | undefined;
  const blocks = readBlocks(file).slice(0, until === 0 ? undefined : until);
  for (const txs of blocks) {
    load?.simulate(txs[0]);
    if (variant.checked) await checkAll(chain, txs);
    const response = await chain.deliver(...txs);
    if (variant.queries !== undefined) load ??= new QueryLoad(chain, variant.queries);
    // As between the calls of a consensus engine, answers come and go.
    await load?.progress();
    if (until === 0) process.stdout.write(`${JSON.stringify(digestOf(chain.app.height, response))}\n`);
    else if (chain.app.height === BigInt(until)) for (const line of resultLines(response)) process.stdout.write(`${line}\n`);
  }
  const answered = await load?.stop();
  if (answered !== undefined && answered < blocks.length)
    throw new Error(`${answered} queries were answered beside ${blocks.length} blocks`);
  if (until > 0) for (const line of stateLines(store)) process.stdout.write(`${line}\n`);
  const broken = chain.app.brokenInvariants();
  if (broken.length > 0) throw new Error(`invariants are broken: ${JSON.stringify(broken)}`);
}

async function main(file: string, variant: Variant, until: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hz-replay-"));
  const store = await openStore(variant, folder);
  const errors: string[] = [];
  const threads = variant.threads === true ? new ReplayThreads(store, (message) => errors.push(message)) : undefined;
  try {
    await execute(file, variant, until, store, threads);
  } finally {
    await threads?.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
  if (errors.length > 0) throw new Error(`threads failed: ${errors.join("; ")}`);
}

const [, , file = "", variant = "", until = "0"] = process.argv;
await main(file, JSON.parse(variant) as Variant, Number(until));
