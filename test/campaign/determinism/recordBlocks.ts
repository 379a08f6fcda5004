import { hanzoStores } from "../../../app/hanzo.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { TxBody, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { type BlockDigest, digestOf } from "./blockDigest.ts";
import type { Seen } from "./coverage.ts";
import { BlockSource } from "./seededBlocks.ts";
import { openSeededChain } from "./seededChain.ts";

/** Blocks made from a seed, and what came of them in this process. */
export interface Recording extends Seen {
  readonly blocks: readonly (readonly Uint8Array[])[];
  readonly digests: readonly BlockDigest[];
  readonly txs: number;
  /** Transactions that succeeded. */
  readonly succeeded: number;
  /** Types of the events of blocks themselves, and `<type> for <reason>` where one is given. */
  readonly events: ReadonlySet<string>;
}

/** Makes and executes so many blocks. @param store of a chain that has not begun */
export async function recordBlocks(
  seed: number,
  count: number,
  store: CommitStore = createMemoryCommitStore({ stores: hanzoStores }),
): Promise<Recording> {
  const chain = await openSeededChain(store);
  await chain.deliver();
  const blocks: (readonly Uint8Array[])[] = [[]];
  const digests: BlockDigest[] = [];
  const [types, failed, events] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const source = new BlockSource(chain, seed, { types, failed });
  let [txs, succeeded] = [0, 0];
  for (let left = count; left > 0; left -= 1) {
    const block = await source.next();
    const response = await chain.deliver(...block);
    blocks.push(block);
    digests.push(digestOf(chain.app.height, response));
    for (const { type, attributes } of response.events) {
      events.add(type);
      const reason = attributes.find(({ key }) => key === "reason");
      if (reason !== undefined) events.add(`${type} for ${reason.value}`);
    }
    txs += block.length;
    for (const [index, tx] of block.entries()) {
      const { code = 0, log = "" } = response.txResults[index] ?? {};
      const at = code === 0 ? undefined : Number(/message index: (\d+)/.exec(log)?.[1] ?? -1);
      // What failed before its messages may not even be a transaction.
      if (at === -1) continue;
      const all = TxBody.decode(TxRaw.decode(tx).bodyBytes).messages.map(({ typeUrl }) => typeUrl.slice(1));
      if (at === undefined) succeeded++;
      for (const [nth, type] of all.entries())
        if (at === undefined) types.add(type);
        else if (nth === at) failed.add(type);
    }
  }
  return { blocks, digests, txs, succeeded, types, failed, events };
}
