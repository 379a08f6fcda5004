import { type Ctx, type UpgradeProgram, UpgradeStop } from "#sdk";
import type { lastDone } from "./plan.ts";
import { PLAN, type UpgradeState } from "./state.ts";

/**
 * Decides whether this program executes the block: the switch from one program to the next happens in exactly the block of the plan.
 * @param findLast the last upgrade that was done
 * @returns whether the upgrade is done in this block: the plan is then fulfilled
 * @throws UpgradeStop when another program has to go on, before anything of the block is executed
 */
export function openBlock(
  state: UpgradeState,
  program: UpgradeProgram,
  findLast: (ctx: Ctx) => ReturnType<typeof lastDone>,
  ctx: Ctx,
): boolean {
  const plan = state.plan.find(ctx, PLAN);
  const isDue = plan !== undefined && plan.height <= ctx.height;
  const isSkipped = isDue && program.skips(ctx.height);
  if (!isDue || isSkipped) {
    const last = findLast(ctx);
    if (last !== undefined && !program.knows(last.name)) throw new UpgradeStop("outdated", { ...last, info: "" });
  }
  if (plan === undefined) return false;
  if (isSkipped) {
    state.plan.delete(ctx, PLAN);
    return false;
  }
  if (!isDue) {
    if (program.knows(plan.name) && !program.precedes(plan.name)) throw new UpgradeStop("early", plan);
    return false;
  }
  if (!program.knows(plan.name)) throw new UpgradeStop("needed", plan);
  state.plan.delete(ctx, PLAN);
  state.done.set(ctx, [ctx.height, plan.name], true);
  return true;
}
