import { EventHoldout } from "#proto/hanzo/experience/v1/events";
import type { MsgRevealHoldout, MsgRevealHoldoutResponse } from "#proto/hanzo/experience/v1/tx";
import { HoldoutStatus, RoundStage } from "#proto/hanzo/experience/v1/types";
import { type Ctx, equalBytes } from "#sdk";
import { sha256 } from "#sha256";
import { takeBlockBytes } from "../blockBytes.ts";
import { experienceError } from "../errors.ts";
import { refund } from "../ledger.ts";
import { getHoldout, getRound, getSchema, type Registry } from "../registry.ts";
import { requireStage } from "../round/stage.ts";
import { parseHoldout } from "./format.ts";

/**
 * Shows a drawn set and returns its provider's bond. A set that cannot be read is refused, so its provider loses the bond as if it had not shown it.
 * @throws experience/29, experience/11; experience/30 when it was not drawn, has other bytes, or cannot be read; experience/23
 */
export function revealHoldout(registry: Registry, ctx: Ctx, { holdoutId: id, data }: MsgRevealHoldout): MsgRevealHoldoutResponse {
  const { state } = registry;
  const holdout = getHoldout(registry, ctx, id);
  if (holdout.status !== HoldoutStatus.HOLDOUT_STATUS_DRAWN)
    throw experienceError.invalidHoldout(`set ${id}: expected a set that was drawn and not shown`);
  requireStage(getRound(registry, ctx, holdout.roundId), RoundStage.ROUND_STAGE_VOTE, RoundStage.ROUND_STAGE_VOTE_REVEAL);
  const { maxHoldoutBytes } = registry.params.get(ctx);
  if (BigInt(data.length) > maxHoldoutBytes)
    throw experienceError.invalidHoldout(`data: expected at most ${maxHoldoutBytes} bytes, got ${data.length}`);
  takeBlockBytes(registry, ctx, data.length);
  if (!equalBytes(sha256(data), holdout.digest))
    throw experienceError.invalidHoldout(`data: expected the bytes of the committed digest, got others`);
  const cases = parseHoldout(data, getSchema(registry, ctx, holdout.schema).rows).cases.length;
  refund(registry, ctx, holdout.provider, BigInt(holdout.bond));
  state.holdoutBytes.set(ctx, id, data);
  state.holdouts.set(ctx, id, { ...holdout, status: HoldoutStatus.HOLDOUT_STATUS_REVEALED, bond: "0", cases });
  ctx.emit(EventHoldout, { holdoutId: id, roundId: holdout.roundId, status: "revealed" });
  return { cases };
}
