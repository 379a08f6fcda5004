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

/** What came of each transaction of a block, part by part: lines `tx <number> <part> <value>`. */
export function* resultLines({ txResults }: ResponseFinalizeBlock): Generator<string, void, undefined> {
  for (const [index, { codespace, code, data, gasUsed, gasWanted, events }] of txResults.entries()) {
    yield `tx ${index} code ${codespace}/${code}`;
    yield `tx ${index} gas ${gasUsed} of ${gasWanted}`;
    yield `tx ${index} data ${Buffer.from(data).toString("hex")}`;
    for (const [nth, event] of events.entries()) yield `tx ${index} event ${nth} ${JSON.stringify(event)}`;
  }
}

/** Every pair of the latest state as lines `store <name> key <key> value <value>`, hexadecimal. */
export function* stateLines(store: CommitStore): Generator<string, void, undefined> {
  for (const name of hanzoStores)
    for (const [key, value] of store.latest().store(name).iterate())
      yield `store ${name} key ${Buffer.from(key).toString("hex")} value ${Buffer.from(value).toString("hex")}`;
}

/** Compares the lines of two executions of one block. @returns what the second says otherwise, of the results and of the state, at most one line of each */
export function findOddLines(right: readonly string[], wrong: readonly string[]): string {
  const [expected, got] = [new Set(right), new Set(wrong)];
  const odd = [...wrong.filter((line) => !expected.has(line)), ...right.filter((line) => !got.has(line)).map((line) => `missing: ${line}`)];
  const state = odd.filter((line) => /^(missing: )?store /.test(line));
  const result = odd.find((line) => /^(missing: )?tx /.test(line));
  return `${result === undefined ? "" : `; ${result}`}; ${state.length} lines of state differ${state[0] === undefined ? "" : `, first: ${state[0]}`}`;
}
