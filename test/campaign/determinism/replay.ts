// Executes recorded blocks in a process of its own and prints what came of each, one line of JSON per block.
// Arguments: file of blocks, a variant as JSON, and optionally a height after which the state is printed instead.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hanzoStores } from "../../../app/hanzo.ts";
import type { Secp256k1Backend } from "../../../app/runtime/secp256k1Backend.ts";
import { type CommitStore, createMemoryCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { digestOf, stateLines } from "./blockDigest.ts";
import { openSeededChain } from "./seededBlocks.ts";
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
interface SecpPackage {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
}

async function openStore(variant: Variant, folder: string): Promise<CommitStore> {
  if (variant.store === "memory") return createMemoryCommitStore({ stores: hanzoStores });
  return openCommitStore({ path: folder, stores: hanzoStores, checkpointInterval: 20n, keepVersions: 8n });
}

async function main(file: string, variant: Variant, until: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hz-replay-"));
  const store = await openStore(variant, folder);
  try {
    const chain = await openSeededChain(store, variant.signatures === "javascript" ? { secp256k1: javascriptSignatures() } : {});
    for (const [index, txs] of readBlocks(file).entries()) {
      if (variant.checked) for (const tx of txs) chain.check(tx);
      const response = await chain.deliver(...txs);
      if (until === 0) process.stdout.write(`${JSON.stringify(digestOf(chain.app.height, response))}\n`);
      else if (index + 1 === until) break;
    }
    if (until > 0) for (const line of stateLines(store)) process.stdout.write(`${line}\n`);
    const broken = chain.app.brokenInvariants();
    if (broken.length > 0) throw new Error(`invariants are broken: ${JSON.stringify(broken)}`);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const [, , file = "", variant = "", until = "0"] = process.argv;
await main(file, JSON.parse(variant) as Variant, Number(until));
