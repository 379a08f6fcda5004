import { decodeUvarint } from "../../app/encoding/varint.ts";
import { FORMER_AT, type IndexRow, TX, TXS } from "../../app/runtime/txIndex.ts";
import type { CommitStore } from "../../app/store/commitStore.ts";
import { ExecTxResult, ResponseFinalizeBlock, TxResult } from "../../proto/gen/tendermint/abci/types.ts";

const isUnder = (key: Uint8Array, prefix: Uint8Array): boolean => Buffer.from(key.subarray(0, prefix.length)).equals(prefix);

/**
 * A store that keeps blocks as they were before transactions shared rows, while `former.now` is set: under each hash its transaction with the result,
 * under each place the hash, and all results in the block's answer.
 */
export function formerIndex(store: CommitStore, former: { now: boolean }): CommitStore {
  const prepare: CommitStore["prepare"] = (rows = [], response) =>
    former.now ? store.prepare(...formerRows(rows, response)) : store.prepare(rows, response);
  return new Proxy(store, {
    get(target, name) {
      if (name === "prepare") return prepare;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function formerRows(rows: readonly IndexRow[], response: Uint8Array | undefined): [IndexRow[], Uint8Array] {
  const results: TxResult[] = [];
  for (const [key, row] of rows) if (isUnder(key, TXS) && row !== undefined) results.push(...contentsOf(key, row));
  const kept = rows.filter(([key]) => !isUnder(key, TXS));
  const converted = kept.map(([key, row]): IndexRow => {
    if (!isUnder(key, TX) || row === undefined) return [key, row];
    const found = results[Buffer.from(row).readUInt32BE(8)];
    if (found === undefined) throw new Error("a transaction at its place expected");
    return [key, TxResult.encode(found).finish()];
  });
  for (const [key, place] of kept)
    if (isUnder(key, TX) && place !== undefined) converted.push([Buffer.concat([FORMER_AT, place]), key.subarray(TX.length)]);
  const answer = ResponseFinalizeBlock.decode(response ?? new Uint8Array(0));
  const txResults = results.map(({ result }) => result ?? ExecTxResult.fromPartial({}));
  return [converted, ResponseFinalizeBlock.encode({ ...answer, txResults }).finish()];
}

function contentsOf(key: Uint8Array, row: Uint8Array): TxResult[] {
  const place = Buffer.from(key.subarray(TXS.length));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < row.length - 4; ) {
    const { value, next } = decodeUvarint(row, at);
    at = next + Number(value);
    parts.push(row.slice(next, at));
  }
  return Array.from({ length: parts.length / 2 }, (_, i) => ({
    height: place.readBigInt64BE(0),
    index: place.readUInt32BE(8) + i,
    tx: parts[2 * i] as Uint8Array,
    result: ExecTxResult.decode(parts[2 * i + 1] as Uint8Array),
  }));
}
