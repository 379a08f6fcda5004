import type { Event, TxResult } from "#proto/tendermint/abci/types";
import { sdkError } from "#sdk";
import { sha256 } from "#sha256";
import { type BlockAnswer, encodeBlockAnswer } from "./blockAnswer.ts";
import type { ChainHead, FinishedBlock } from "./chainHead.ts";
import { eventRows } from "./eventIndex.ts";
import { blockKey, blockRow, hashesKey, hashesRow, hasSucceeded, type IndexRow, txAtKey, txKey, txPlaces, txsAt } from "./txIndex.ts";
import { TxRowWriter } from "./txRows.ts";

/**
 * Makes the executed block durable: state, answer and transaction index in one batch.
 * @throws sdk/35 when no block was executed
 */
export async function commitBlock(head: ChainHead): Promise<void> {
  const block = head.finished;
  if (block === undefined) throw sdkError.logic("an executed block to commit expected");
  const answer = encodeBlockAnswer(block.response);
  const rows = await indexRows(head, block, answer);
  rows.push(...(await outdatedRows(head, block.height)));
  await head.store.commit(rows, answer.bytes);
  head.advance(block);
}

async function indexRows(
  head: ChainHead,
  { height, timeNs, txs, txHashes, hashes, postings }: FinishedBlock,
  { results, facts }: BlockAnswer,
): Promise<IndexRow[]> {
  const rows: IndexRow[] = [blockRow(height, timeNs), hashesRow(height, hashes)];
  const writer = new TxRowWriter(height, txs, results);
  for (const [index, tx] of txs.entries()) {
    const hash = txHashes[index] ?? sha256(tx);
    const failed = facts[index]?.code !== 0;
    rows.push(writer.place(index, hash));
    // The same bytes may come again and fail then: what they did when they succeeded stays findable.
    if (failed && (await hasSucceeded(head.store, hash))) continue;
    rows.push(writer.result(index, hash, tx, results[index] ?? NO_RESULT));
  }
  if (postings !== undefined) rows.push(...postings.rows(height));
  return rows;
}

/** Deletes what is remembered of the block that is now too old, in the batch of the block that makes it so. */
async function outdatedRows({ store, index }: ChainHead, height: bigint): Promise<IndexRow[]> {
  const old = height - index.keepRecent;
  if (index.keepRecent === 0n || old < 1n) return [];
  const txs = await txsAt(store, old);
  const keys = [blockKey(old), hashesKey(old)];
  for await (const { index: place } of txPlaces(store, { start: txAtKey(old, 0), end: txAtKey(old + 1n, 0) }))
    keys.push(txAtKey(old, place));
  // A transaction whose result stands at another height keeps it.
  for (const { tx, height: at } of txs) if (at === old) keys.push(txKey(sha256(tx)));
  if (index.events) for (const [key] of eventRows(old, resultsInOrder(txs), index)) keys.push(key);
  return keys.map((key) => [key, undefined]);
}

function resultsInOrder(txs: readonly TxResult[]): { readonly events: readonly Event[] }[] {
  return txs.map(({ result }) => ({ events: result?.events ?? [] }));
}

const NO_RESULT = new Uint8Array(0);
