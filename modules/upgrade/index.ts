import { QueryDefinition } from "#proto/cosmos/upgrade/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/upgrade/v1beta1/tx";
import { GenesisState } from "#proto/hanzo/upgrade/v1/genesis";
import { type Ctx, defineModule, derived, type ModuleVersions, port, sdkError, type UpgradeProgram } from "#sdk";
import { openBlock } from "./gate.ts";
import { createGenesis } from "./genesis.ts";
import { doneHeight, lastDone, schedulePlan, validatePlan } from "./plan.ts";
import { PLAN, state } from "./state.ts";

/** x/upgrade: from which block the chain goes on with another program. README.md is its specification. */
export const upgrade = defineModule({
  name: "upgrade",
  version: 1,
  ports: { program: port<UpgradeProgram>(), versions: port<ModuleVersions>() },
  state,
  errors: {
    noModuleVersion: [2, "module version not found"],
    invalidSigner: [6, "expected authority account as only signer for proposal message"],
  },
  foresee: {
    softwareUpgrade({ plan }) {
      if (plan !== undefined) validatePlan(plan);
    },
  },
  api: (m) => {
    const last = derived([m.state.done], (ctx) => lastDone(m.state, ctx));
    return { gate: { module: "upgrade", open: (ctx: Ctx): boolean => openBlock(m.state, m.ports.program, last, ctx) } };
  },
  msgs: [
    MsgDefinition,
    (m) => {
      const requireSigner = (sender: string): void => {
        if (sender !== m.authority) throw m.err.invalidSigner(`expected ${m.authority} got ${sender}`);
      };
      return {
        softwareUpgrade(ctx, { authority, plan }) {
          requireSigner(authority);
          if (plan === undefined) throw sdkError.invalidRequest("name cannot be empty");
          schedulePlan(m.state, ctx, plan);
          return {};
        },
        cancelUpgrade(ctx, { authority }) {
          requireSigner(authority);
          m.state.plan.delete(ctx, PLAN);
          return {};
        },
      };
    },
  ],
  queries: [
    QueryDefinition,
    (m) => ({
      currentPlan: (ctx) => ({ plan: m.state.plan.find(ctx, PLAN) }),
      appliedPlan: (ctx, { name }) => ({ height: doneHeight(m.state, ctx, name) }),
      // What IBC once kept here; nobody writes it any more.
      upgradedConsensusState: () => ({}),
      moduleVersions(ctx, { moduleName }) {
        const versions = [...m.ports.versions.all(ctx)].map(([name, version]) => ({ name, version }));
        if (moduleName === "") return { moduleVersions: versions };
        const found = versions.find(({ name }) => name === moduleName);
        if (found === undefined) throw m.err.noModuleVersion(`x/upgrade: QueryModuleVersions module ${moduleName} not found`);
        return { moduleVersions: [found] };
      },
      authority: () => ({ address: m.authority }),
    }),
  ],
  genesis: [GenesisState, createGenesis],
  invariants: (m) => ({
    planIsNotDone(ctx) {
      const plan = m.state.plan.find(ctx, PLAN);
      return plan === undefined || doneHeight(m.state, ctx, plan.name) === 0n
        ? undefined
        : `upgrade ${plan.name} is scheduled and was done`;
    },
  }),
});
