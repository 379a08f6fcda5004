import type { Event, TxResult } from "#proto/tendermint/abci/types";
import { sdkError } from "#sdk";
import { sha256 } from "#sha256";
import type { PreparedCommit } from "../store/commitLog.ts";
import { type BlockAnswer, encodeBlockAnswer } from "./blockAnswer.ts";
import type { ChainHead, FinishedBlock } from "./chainHead.ts";
import { eventRows } from "./eventIndex.ts";
import { hasSucceeded, heightOfTx, txRowsOf, txsAt } from "./indexedTxs.ts";
import { blockKey, blockRow, hashesKey, hashesRow, type IndexRow, txKey } from "./txIndex.ts";
import { TxRowWriter } from "./txRows.ts";

/**
 * Makes the executed block durable: state, answer and transaction index in one batch.
 * @throws sdk/35 when no block was executed
 */
export async function commitBlock(head: ChainHead): Promise<void> {
  const block = head.finished;
  if (block === undefined) throw sdkError.logic("an executed block to commit expected");
  block.prepared ??= prepare(head, block);
  const prepared = await block.prepared;
  await prepared.commit();
  head.advance(block);
}

/** Begins with what Commit can do before it writes. Nothing where no block waits for it. What fails comes out of Commit. */
export function prepareCommit(head: ChainHead): void {
  const block = head.finished;
  if (block === undefined) return;
  block.prepared ??= prepare(head, block);
  block.prepared.catch(() => undefined);
}

async function prepare(head: ChainHead, block: FinishedBlock): Promise<PreparedCommit> {
  const answer = encodeBlockAnswer(block.response);
  const rows = await indexRows(head, block, answer);
  rows.push(...(await outdatedRows(head, block.height)));
  // The results are in the index; where it forgets them they stay in the answer, which may be asked for longer.
  return head.store.prepare(rows, head.index.keepRecent === 0n ? answer.withoutResults : answer.bytes);
}

async function indexRows(
  head: ChainHead,
  { height, timeNs, txs, txHashes, hashes, postings }: FinishedBlock,
  { results, facts }: BlockAnswer,
): Promise<IndexRow[]> {
  const writer = new TxRowWriter(height, txs, results);
  const rows: IndexRow[] = [blockRow(height, timeNs), hashesRow(height, hashes), ...writer.contents()];
  for (const [index, tx] of txs.entries()) {
    const hash = txHashes[index] ?? sha256(tx);
    const failed = facts[index]?.code !== 0;
    // The same bytes may come again and fail then: what they did when they succeeded stays findable.
    if (failed && (await hasSucceeded(head.store, hash))) continue;
    rows.push(writer.place(index, hash));
  }
  if (postings !== undefined) rows.push(...postings.rows(height));
  return rows;
}

/** Deletes what is remembered of the block that is now too old, in the batch of the block that makes it so. */
async function outdatedRows({ store, index }: ChainHead, height: bigint): Promise<IndexRow[]> {
  const old = height - index.keepRecent;
  if (index.keepRecent === 0n || old < 1n) return [];
  const keys = [blockKey(old), hashesKey(old)];
  for await (const [key] of txRowsOf(store, old, old)) keys.push(key);
  const txs = await txsAt(store, old);
  for (const { tx } of txs) {
    const hash = sha256(tx);
    // A transaction whose result stands at another height keeps it.
    if ((await heightOfTx(store, hash)) === old) keys.push(txKey(hash));
  }
  if (index.events) for (const [key] of eventRows(old, resultsInOrder(txs), index)) keys.push(key);
  return keys.map((key) => [key, undefined]);
}

function resultsInOrder(txs: readonly TxResult[]): { readonly events: readonly Event[] }[] {
  return txs.map(({ result }) => ({ events: result?.events ?? [] }));
}
