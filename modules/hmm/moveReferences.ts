import type { Ctx } from "#sdk";
import { getPool, type Market, setPool } from "./market.ts";
import { nextReference } from "./shares.ts";

/** End of a block: moves the reference inventory of every displaced pool one step toward its reserve. */
export function moveReferences(market: Market, ctx: Ctx): void {
  const { referenceBlocks } = market.params.get(ctx);
  // The keys are read first: setPool changes the collection that is being walked.
  for (const [id] of [...market.state.displaced.entries(ctx)]) {
    const pool = getPool(market, ctx, id);
    setPool(market, ctx, pool, { ...pool, psiRef: nextReference(pool.psiRef, pool.psi, referenceBlocks) });
  }
}
