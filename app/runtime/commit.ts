import { sha256 } from "@noble/hashes/sha2.js";
import { ResponseFinalizeBlock, TxResult } from "#proto/tendermint/abci/types";
import { sdkError } from "#sdk";
import type { ChainHead, FinishedBlock } from "./chainHead.ts";
import { blockRow, findTx, type IndexRow, txAtKey, txKey } from "./txIndex.ts";

/**
 * Makes the executed block durable: state, answer and transaction index in one batch.
 * @throws sdk/35 when no block was executed
 */
export async function commitBlock(head: ChainHead): Promise<void> {
  const block = head.finished;
  if (block === undefined) throw sdkError.logic("an executed block to commit expected");
  await head.store.commit(await indexRows(head, block), ResponseFinalizeBlock.encode(block.response).finish());
  head.advance(block);
}

async function indexRows(head: ChainHead, { height, timeNs, response, txs }: FinishedBlock): Promise<IndexRow[]> {
  const rows: IndexRow[] = [blockRow(height, timeNs)];
  for (const [index, tx] of txs.entries()) {
    const hash = sha256(tx);
    const result = response.txResults[index];
    rows.push([txAtKey(height, index), hash]);
    // The same bytes may come again and fail then: what they did when they succeeded stays findable.
    if (result !== undefined && result.code !== 0 && (await findTx(head.store, hash))?.result?.code === 0) continue;
    rows.push([txKey(hash), TxResult.encode({ height, index, tx, result }).finish()]);
  }
  return rows;
}
