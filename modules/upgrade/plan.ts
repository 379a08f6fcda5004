import type { Plan } from "#proto/cosmos/upgrade/v1beta1/upgrade";
import { type Ctx, type ReadCtx, sdkError } from "#sdk";
import { PLAN, type UpgradeState } from "./state.ts";

/** Bytes of a plan's name: it is the name of a folder where cosmovisor keeps programs. */
const MAX_NAME = 140;

/** Go's time without a value: the beginning of the year 1, which programs of the SDK send and show where no time is meant. */
const NO_TIME = { seconds: -62_135_596_800n, nanos: 0 };

/** @throws sdk/18 */
export function validatePlan({ time, upgradedClientState, name, height }: Plan): void {
  if (time !== undefined && (time.seconds !== NO_TIME.seconds || time.nanos !== NO_TIME.nanos))
    throw sdkError.invalidRequest("time-based upgrades have been deprecated in the SDK");
  if (upgradedClientState !== undefined) throw sdkError.invalidRequest("upgrade logic for IBC has been moved to the IBC module");
  if (name === "") throw sdkError.invalidRequest("name cannot be empty");
  if (name.length > MAX_NAME) throw sdkError.invalidRequest(`a name of at most ${MAX_NAME} characters expected, got ${name.length}`);
  if (height <= 0n) throw sdkError.invalidRequest("height must be greater than 0");
}

/** Puts a plan in the place of the one that is scheduled. @throws sdk/18 for a plan of the past, or one whose name was done */
export function schedulePlan(state: UpgradeState, ctx: Ctx, plan: Plan): void {
  validatePlan(plan);
  if (plan.height < ctx.height) throw sdkError.invalidRequest("upgrade cannot be scheduled in the past");
  if (doneHeight(state, ctx, plan.name) !== 0n) throw sdkError.invalidRequest(`upgrade with name ${plan.name} has already been completed`);
  state.plan.set(ctx, PLAN, { ...plan, time: NO_TIME });
}

/** The height at which an upgrade was done; 0 if it was not. Reads all of them: a chain has few. */
export function doneHeight(state: UpgradeState, ctx: ReadCtx, name: string): bigint {
  for (const [[height, done]] of state.done.entries(ctx)) if (done === name) return height;
  return 0n;
}

/** The last upgrade that was done; undefined on a chain that never did one. */
export function lastDone(state: UpgradeState, ctx: ReadCtx): { readonly name: string; readonly height: bigint } | undefined {
  for (const [[height, name]] of state.done.entries(ctx, { reverse: true })) return { name, height };
  return undefined;
}
