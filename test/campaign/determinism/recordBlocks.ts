import { hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { TxBody, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { type BlockDigest, digestOf } from "./blockDigest.ts";
import { BlockSource, messageTypes, openSeededChain } from "./seededBlocks.ts";

/** Blocks made from a seed, and what came of them in this process. */
export interface Recording {
  readonly blocks: readonly (readonly Uint8Array[])[];
  readonly digests: readonly BlockDigest[];
  readonly txs: number;
  /** Transactions that succeeded. */
  readonly succeeded: number;
  /** Types of messages in transactions that succeeded. */
  readonly types: ReadonlySet<string>;
  /** Types of messages that failed in a block: their transaction had passed every check before. */
  readonly failed: ReadonlySet<string>;
}

/** Makes and executes so many blocks. */
export async function recordBlocks(seed: number, count: number): Promise<Recording> {
  const chain = await openSeededChain(createMemoryCommitStore({ stores: hanzoStores }));
  await chain.deliver();
  const source = new BlockSource(chain, seed);
  const blocks: (readonly Uint8Array[])[] = [[]];
  const digests: BlockDigest[] = [];
  const [types, failed] = [new Set<string>(), new Set<string>()];
  let [txs, succeeded] = [0, 0];
  for (let left = count; left > 0; left -= 1) {
    const block = await source.next();
    const response = await chain.deliver(...block);
    blocks.push(block);
    digests.push(digestOf(chain.app.height, response));
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
  return { blocks, digests, txs, succeeded, types, failed };
}

/** Message types that no transaction succeeded with. */
export function neverSucceeded({ types }: Pick<Recording, "types">): readonly string[] {
  return messageTypes.filter((type) => !types.has(type));
}

/** Message types that never failed while they were executed. */
export function neverFailed({ failed }: Pick<Recording, "failed">): readonly string[] {
  return messageTypes.filter((type) => !failed.has(type));
}
