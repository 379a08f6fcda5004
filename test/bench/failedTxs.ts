import { call } from "../../cmd/hanzod/job/followBlocks.ts";

/** Most blocks that are read: their results are large. */
const MOST_BLOCKS = 40;

/** Longest wait for one answer. */
const PATIENCE_MS = 60_000;

/** The results of a block, as far as they are read here. */
interface BlockResults {
  readonly txs_results: readonly { readonly code?: number; readonly codespace?: string }[] | null;
}

/**
 * Looks whether transactions in blocks failed: a chain that refuses them is fast. Reads blocks spread over the range, not all.
 *
 * @returns how many failed, by `codespace/code`; nothing when all was well.
 */
export async function countFailed(rpc: string, from: number, to: number): Promise<Readonly<Record<string, number>>> {
  const failed: Record<string, number> = {};
  const step = Math.max(1, Math.ceil((to - from + 1) / MOST_BLOCKS));
  for (let height = to; height >= from; height -= step) {
    const { txs_results: results } = await call<BlockResults>(rpc, `block_results?height=${height}`, PATIENCE_MS);
    for (const { code = 0, codespace = "" } of results ?? []) {
      const name = `${codespace}/${code}`;
      if (code !== 0) failed[name] = (failed[name] ?? 0) + 1;
    }
  }
  return failed;
}
