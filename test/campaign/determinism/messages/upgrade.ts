import type { ModuleMessages } from "./maker.ts";

/** Messages of x/upgrade: plans for heights that are never reached, for nobody has a program for them. */
export const upgradeMessages: ModuleMessages = {
  governed: {
    "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade": (random) => ({
      plan: { name: `u${random.below(1000)}`, height: String(1_000_000 + random.below(1000)), info: "" },
    }),
    "cosmos.upgrade.v1beta1.MsgCancelUpgrade": () => ({}),
  },
};
