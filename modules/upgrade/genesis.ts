import { GenesisState } from "#proto/hanzo/upgrade/v1/genesis";
import { type GenesisHandlers, type ReadCtx, sdkError } from "#sdk";
import { validatePlan } from "./plan.ts";
import { PLAN, type UpgradeState } from "./state.ts";

/** Genesis of x/upgrade: a plan goes on with the chain, and a name that was used stays used. The SDK's section is empty and read as such. */
export function createGenesis({ state }: { readonly state: UpgradeState }): GenesisHandlers<GenesisState> {
  return {
    default: () => ({}),
    validate: validateGenesis,
    init(ctx, genesis) {
      validateGenesis(genesis);
      if (genesis.plan !== undefined) state.plan.set(ctx, PLAN, genesis.plan);
      for (const { name, height } of genesis.done) state.done.set(ctx, [height, name], true);
    },
    export: (ctx: ReadCtx) =>
      GenesisState.fromPartial({
        plan: state.plan.find(ctx, PLAN),
        done: [...state.done.entries(ctx)].map(([[height, name]]) => ({ name, height })),
      }),
    prepareZeroHeight(ctx) {
      const plan = state.plan.find(ctx, PLAN);
      // So many blocks later still; a plan of the next block is one of the first.
      if (plan !== undefined) state.plan.set(ctx, PLAN, { ...plan, height: plan.height > ctx.height ? plan.height - ctx.height : 1n });
      // The new chain's first program is the one that did them.
      for (const [at] of [...state.done.entries(ctx)]) state.done.delete(ctx, at);
    },
  };
}

/** @throws sdk/18 with the path of the entry that is wrong */
function validateGenesis({ plan, done }: GenesisState): void {
  if (plan !== undefined) validatePlan(plan);
  const names = new Set<string>();
  for (const [i, { name, height }] of done.entries()) {
    if (name === "" || height === 0n) throw sdkError.invalidRequest(`done[${i}]: a name and a height expected, got "${name}" at ${height}`);
    if (names.has(name)) throw sdkError.invalidRequest(`done[${i}]: ${name} once expected, got it twice`);
    names.add(name);
  }
  if (plan !== undefined && names.has(plan.name))
    throw sdkError.invalidRequest(`plan: a name that was not done expected, got ${plan.name}`);
}
