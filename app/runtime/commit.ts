import { ExecTxResult, ResponseFinalizeBlock, TxResult } from "#proto/tendermint/abci/types";
import { sdkError } from "#sdk";
import { encodeUvarint } from "../encoding/varint.ts";
import { sha256 } from "../store/hash.ts";
import type { ChainHead, FinishedBlock } from "./chainHead.ts";
import { blockRow, findTx, type IndexRow, txAtKey, txKey } from "./txIndex.ts";

/**
 * Makes the executed block durable: state, answer and transaction index in one batch.
 * @throws sdk/35 when no block was executed
 */
export async function commitBlock(head: ChainHead): Promise<void> {
  const block = head.finished;
  if (block === undefined) throw sdkError.logic("an executed block to commit expected");
  // Results stand in the answer and in the index; they are most of both, so each is encoded once.
  const results = block.response.txResults.map((result) => ExecTxResult.encode(result).finish());
  await head.store.commit(await indexRows(head, block, results), encodeResponse(block.response, results));
  head.advance(block);
}

async function indexRows(
  head: ChainHead,
  { height, timeNs, response, txs }: FinishedBlock,
  results: readonly Uint8Array[],
): Promise<IndexRow[]> {
  const rows: IndexRow[] = [blockRow(height, timeNs)];
  for (const [index, tx] of txs.entries()) {
    const hash = sha256(tx);
    const failed = response.txResults[index]?.code !== 0;
    rows.push([txAtKey(height, index), hash]);
    // The same bytes may come again and fail then: what they did when they succeeded stays findable.
    if (failed && (await findTx(head.store, hash))?.result?.code === 0) continue;
    const place = TxResult.encode({ height, index, tx, result: undefined }).finish();
    rows.push([txKey(hash), appendField(place, TX_RESULT_RESULT, results.slice(index, index + 1))]);
  }
  return rows;
}

/** Numbers of tendermint.abci.TxResult.result and tendermint.abci.ResponseFinalizeBlock.tx_results. */
const TX_RESULT_RESULT = 4;
const RESPONSE_TX_RESULTS = 2;

function encodeResponse(response: ResponseFinalizeBlock, results: readonly Uint8Array[]): Uint8Array {
  return appendField(ResponseFinalizeBlock.encode({ ...response, txResults: [] }).finish(), RESPONSE_TX_RESULTS, results);
}

/** An encoded message with more values of one of its fields. The order of fields on the wire is free. */
function appendField(message: Uint8Array, field: number, values: readonly Uint8Array[]): Uint8Array {
  const heads = values.map(({ length }) => encodeUvarint(BigInt(length)));
  let length = message.length;
  for (const [i, value] of values.entries()) length += 1 + (heads[i]?.length ?? 0) + value.length;
  const joined = new Uint8Array(length);
  joined.set(message);
  let at = message.length;
  for (const [i, value] of values.entries()) {
    const head = heads[i] ?? new Uint8Array(0);
    joined[at] = (field << 3) | 2;
    joined.set(head, at + 1);
    joined.set(value, at + 1 + head.length);
    at += 1 + head.length + value.length;
  }
  return joined;
}
