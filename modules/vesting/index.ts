import { MsgDefinition } from "#proto/cosmos/vesting/v1beta1/tx";
import { defineModule } from "#sdk";
import { auth } from "../auth/index.ts";
import { bank } from "../bank/index.ts";
import { vestingChecks } from "./check.ts";
import { createLockedAccount, createPeriodicAccount, createTimedAccount } from "./create.ts";

/** x/vesting: messages that fund accounts whose coins are locked. The accounts themselves are x/auth's. README.md is its specification. */
export const vesting = defineModule({
  name: "vesting",
  version: 1,
  needs: { auth: auth.facet("view", "vesting"), bank: bank.facet("users", "transfer") },
  state: {},
  check: vestingChecks,
  msgs: [
    MsgDefinition,
    (m) => ({
      createVestingAccount: (ctx, msg) => createTimedAccount(m, ctx, msg),
      createPermanentLockedAccount: (ctx, msg) => createLockedAccount(m, ctx, msg),
      createPeriodicVestingAccount: (ctx, msg) => createPeriodicAccount(m, ctx, msg),
    }),
  ],
});
