import type { Block } from "#proto/tendermint/types/block";
import type { BlockID } from "#proto/tendermint/types/types";
import { type JsonEvidence, toEvidenceList } from "./cometEvidence.ts";
import { base64, type JsonBlockId, type JsonCommit, type JsonHeader, toBlockId, toCommit, toHeader } from "./cometJson.ts";

/** Answer of `block`. */
export interface JsonBlock {
  readonly block_id: JsonBlockId;
  readonly block: {
    readonly header: JsonHeader;
    readonly data: { readonly txs: readonly string[] | null };
    readonly evidence: { readonly evidence: readonly JsonEvidence[] | null };
    readonly last_commit: JsonCommit;
  } | null;
}

/** A block with its id, undefined where the engine has none. @throws Error for evidence of an unknown kind */
export function toBlock({ block_id, block }: JsonBlock): { readonly blockId: BlockID; readonly block: Block } | undefined {
  if (block === null) return undefined;
  return {
    blockId: toBlockId(block_id),
    block: {
      header: toHeader(block.header),
      data: { txs: (block.data.txs ?? []).map(base64) },
      evidence: toEvidenceList(block.evidence.evidence),
      lastCommit: toCommit(block.last_commit),
    },
  };
}
