import { EventHoldout } from "#proto/hanzo/experience/v1/events";
import type {
  MsgRegisterHoldout,
  MsgRegisterHoldoutResponse,
  MsgWithdrawHoldout,
  MsgWithdrawHoldoutResponse,
} from "#proto/hanzo/experience/v1/tx";
import { Holdout, HoldoutStatus } from "#proto/hanzo/experience/v1/types";
import type { Ctx, ReadCtx } from "#sdk";
import { experienceError } from "../errors.ts";
import { escrow, refund } from "../ledger.ts";
import { amountsOf } from "../params.ts";
import { getDomain, getHoldout, getSchema, nextId, type Registry } from "../registry.ts";
import { requireVoter } from "../stake.ts";

/** Shape of priors that decode bytes: one row for each byte, one column for each feature. */
const SCORED = { rows: 256, cols: 384 } as const;

/** Sets that wait in a domain, the oldest first. At most as many as the parameters allow. */
export function waitingHoldouts({ state }: Registry, ctx: ReadCtx, schema: string, domain: string): Holdout[] {
  return Array.from(state.waiting.under(ctx, [schema, domain]), ([[, , id]]) => state.holdouts.get(ctx, id));
}

/**
 * Commits a validator to a set of test cases. Each validator has at most one that waits in a domain, so that nobody owns all draws.
 * @throws experience/7, experience/24; experience/31 when too many wait, or one of the provider does; sdk/5 the provider lacks the bond
 */
export function registerHoldout(registry: Registry, ctx: Ctx, request: MsgRegisterHoldout): MsgRegisterHoldoutResponse {
  const { state } = registry;
  const { provider, schema, domain, digest } = request;
  getDomain(registry, ctx, schema, domain);
  const { rows, cols } = getSchema(registry, ctx, schema);
  if (rows !== SCORED.rows || cols !== SCORED.cols)
    throw experienceError.invalidHoldout(
      `schema "${schema}": expected ${SCORED.rows} × ${SCORED.cols}, whose rows are bytes, got ${rows} × ${cols}`,
    );
  requireVoter(registry, ctx, provider);
  const params = registry.params.get(ctx);
  const waiting = waitingHoldouts(registry, ctx, schema, domain);
  if (waiting.length >= params.maxHoldouts)
    throw experienceError.holdoutLimit(
      `domain "${domain}": expected fewer than ${params.maxHoldouts} sets that wait, got ${waiting.length}`,
    );
  const own = waiting.find((holdout) => holdout.provider === provider);
  if (own !== undefined)
    throw experienceError.holdoutLimit(`domain "${domain}": expected no other set of ${provider} that waits, got set ${own.id}`);
  const bond = amountsOf(params).holdoutBond;
  escrow(registry, ctx, provider, bond);
  const id = nextId(state.lastHoldoutId, ctx);
  const status = HoldoutStatus.HOLDOUT_STATUS_WAITING;
  state.holdouts.set(
    ctx,
    id,
    Holdout.fromPartial({ id, provider, schema, domain, digest, status, height: ctx.height, bond: bond.toString() }),
  );
  state.waiting.set(ctx, [schema, domain, id], true);
  ctx.emit(EventHoldout, { holdoutId: id, roundId: 0n, status: "waiting" });
  return { holdoutId: id };
}

/**
 * Gives a waiting set back to its provider; not while a round is open, whose draw that would change.
 * @throws experience/29; experience/30 when it is another's, or does not wait; experience/11 while the domain has an open round
 */
export function withdrawHoldout(registry: Registry, ctx: Ctx, { provider, holdoutId: id }: MsgWithdrawHoldout): MsgWithdrawHoldoutResponse {
  const { state } = registry;
  const holdout = getHoldout(registry, ctx, id);
  if (holdout.provider !== provider)
    throw experienceError.invalidHoldout(`set ${id}: expected its provider ${holdout.provider}, got ${provider}`);
  if (holdout.status !== HoldoutStatus.HOLDOUT_STATUS_WAITING) throw experienceError.invalidHoldout(`set ${id}: expected a set that waits`);
  const { schema, domain, bond } = holdout;
  const { openRound } = getDomain(registry, ctx, schema, domain);
  if (openRound !== 0n) throw experienceError.wrongStage(`domain "${domain}": expected no open round, got round ${openRound}`);
  state.waiting.delete(ctx, [schema, domain, id]);
  state.holdouts.delete(ctx, id);
  refund(registry, ctx, provider, BigInt(bond));
  ctx.emit(EventHoldout, { holdoutId: id, roundId: 0n, status: "withdrawn" });
  return {};
}
