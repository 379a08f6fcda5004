import type { Ctx } from "#sdk";
import { experienceError } from "./errors.ts";
import type { Registry } from "./registry.ts";

/**
 * Charges for bytes that are hashed, parsed and kept, and counts them for the block.
 * @throws experience/23 when the block has taken too many; sdk/11
 */
export function takeBlockBytes({ state, params }: Registry, ctx: Ctx, bytes: number): void {
  const { maxBlockBytes, gasPerByte } = params.get(ctx);
  ctx.gas(gasPerByte * BigInt(bytes), "experience bytes");
  const before = state.blockBytes.find(ctx);
  const taken = (before?.height === ctx.height ? before.bytes : 0n) + BigInt(bytes);
  if (taken > maxBlockBytes)
    throw experienceError.blockFull(`expected at most ${maxBlockBytes} bytes in a block, got ${taken}; send it again in the next one`);
  state.blockBytes.set(ctx, { height: ctx.height, bytes: taken });
}
