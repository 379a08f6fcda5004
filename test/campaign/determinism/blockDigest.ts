// What must be equal everywhere after a block. Texts of errors are not part of consensus and are left out.
import { createHash } from "node:crypto";
import { hanzoStores } from "../../../app/hanzo.ts";
import type { CommitStore } from "../../../app/store/commitStore.ts";
import { ExecTxResult, type ResponseFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";

/** One block's outcome. */
export interface BlockDigest {
  readonly height: string;
  readonly appHash: string;
  /** SHA-256 over code, codespace, data, gas and events of each transaction. */
  readonly txs: readonly string[];
  /** SHA-256 over the block's own events, validator and parameter updates. */
  readonly block: string;
}

const digest = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)))
    .digest("hex");

/** Digest of a block's answer. */
export function digestOf(height: bigint, { appHash, txResults, ...block }: ResponseFinalizeBlock): BlockDigest {
  return {
    height: String(height),
    appHash: Buffer.from(appHash).toString("hex"),
    txs: txResults.map((result) => digest([Buffer.from(ExecTxResult.encode({ ...result, log: "" }).finish()).toString("hex")])),
    block: digest(block),
  };
}

/** Names what differs between two outcomes of one block; undefined when nothing does. */
export function findDifference(expected: BlockDigest | undefined, got: BlockDigest | undefined): string | undefined {
  if (expected === undefined || got === undefined) return `height ${(expected ?? got)?.height ?? "?"} is missing on one side`;
  const at = `height ${expected.height}`;
  const tx = expected.txs.findIndex((one, index) => one !== got.txs[index]);
  if (tx >= 0 || expected.txs.length !== got.txs.length) return `${at}, transaction ${tx}: code, data, gas or events differ`;
  if (expected.block !== got.block) return `${at}: events or updates of the block differ`;
  if (expected.appHash !== got.appHash) return `${at}: app hash ${expected.appHash} expected, got ${got.appHash}`;
  return undefined;
}

/** Every pair of the latest state as lines `store key value`, hexadecimal. */
export function* stateLines(store: CommitStore): Generator<string, void, undefined> {
  for (const name of hanzoStores)
    for (const [key, value] of store.latest().store(name).iterate())
      yield `${name} ${Buffer.from(key).toString("hex")} ${Buffer.from(value).toString("hex")}`;
}
