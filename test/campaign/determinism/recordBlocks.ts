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
}

/** Makes and executes so many blocks. */
export async function recordBlocks(seed: number, count: number): Promise<Recording> {
  const chain = await openSeededChain(createMemoryCommitStore({ stores: hanzoStores }));
  await chain.deliver();
  const source = new BlockSource(chain, seed);
  const blocks: (readonly Uint8Array[])[] = [[]];
  const digests: BlockDigest[] = [];
  const types = new Set<string>();
  let [txs, succeeded] = [0, 0];
  for (let left = count; left > 0; left -= 1) {
    const block = await source.next();
    const response = await chain.deliver(...block);
    blocks.push(block);
    digests.push(digestOf(chain.app.height, response));
    txs += block.length;
    for (const [index, tx] of block.entries()) {
      if (response.txResults[index]?.code !== 0) continue;
      succeeded++;
      for (const { typeUrl } of TxBody.decode(TxRaw.decode(tx).bodyBytes).messages) types.add(typeUrl.slice(1));
    }
  }
  return { blocks, digests, txs, succeeded, types };
}

/** Message types that no transaction succeeded with; those that only the authority may send never do. */
export function neverSucceeded({ types }: Pick<Recording, "types">): readonly string[] {
  return messageTypes.filter((type) => !types.has(type));
}
