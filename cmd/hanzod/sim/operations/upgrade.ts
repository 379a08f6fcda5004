import { MsgCancelUpgrade, MsgSoftwareUpgrade } from "#proto/cosmos/upgrade/v1beta1/tx";
import { governed, type Operation } from "./operation.ts";

/** Beyond the longest simulation: a plan that comes due stops a chain whose program does not know it. */
const NEVER = 1_000_000_000n;

/** Operations of x/upgrade. */
export const upgradeOperations: readonly Operation[] = [
  governed(MsgSoftwareUpgrade, 1, ({ draws }, authority) => ({
    authority,
    plan: {
      name: `u${draws.below(1000)}`,
      height: NEVER + BigInt(draws.below(1000)),
      info: "",
      time: undefined,
      upgradedClientState: undefined,
    },
  })),
  governed(MsgCancelUpgrade, 1, (_world, authority) => ({ authority })),
];
