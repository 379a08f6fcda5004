import { Params } from "#proto/cosmos/auth/v1beta1/auth";
import { GenesisState } from "#proto/cosmos/auth/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/auth/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/auth/v1beta1/tx";
import { defineModule, type ReadCtx, sdkError, unregisteredError } from "#sdk";
import { createAccounts } from "./accounts.ts";
import { explainDelegated } from "./explainVesting.ts";
import { createGenesis } from "./genesis.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { createQueries } from "./queries.ts";
import { state } from "./state.ts";

export { type AccountInfo, FEE_COLLECTOR } from "./accounts.ts";
export { endOfPeriods, explainVesting } from "./explainVesting.ts";
export { createVesting, type Period, type Schedule, type Vesting } from "./vesting.ts";

/** x/auth: who exists on the chain, which key signs for them and how often they have. */
export const auth = defineModule({
  name: "auth",
  version: 1,
  store: "acc",
  params: { type: Params, default: DEFAULT_PARAMS, validate: validateParams },
  state,
  api: (m) => {
    const accounts = createAccounts(m);
    const { findInfo, setPubKey, incrementSequence, ensure, ensureModule, isModule } = accounts;
    return {
      view: { findAccount: findInfo, isModuleAccount: isModule },
      ante: { findAccount: findInfo, setPubKey, incrementSequence, params: (ctx: ReadCtx): Params => m.params.get(ctx) },
      accounts: {
        isModuleAccount: isModule,
        ensureAccount: ensure,
        ensureModuleAccount: ensureModule,
      },
      locks: {
        lockedCoins: accounts.lockedCoins,
        trackDelegation: accounts.trackDelegation,
        trackUndelegation: accounts.trackUndelegation,
      },
      vesting: { createVestingAccount: accounts.createVesting },
    };
  },
  msgs: [
    MsgDefinition,
    ({ authority, params }) => ({
      updateParams(ctx, { authority: sender, params: next }) {
        // Of this module alone the SDK's refusal has no code, and other words.
        if (sender !== authority)
          throw unregisteredError(
            `expected gov account as only signer for proposal message; invalid authority; expected ${authority}, got ${sender}`,
          );
        if (next === undefined) throw sdkError.invalidRequest("params must be set");
        validateParams(next);
        params.set(ctx, next);
        return {};
      },
    }),
  ],
  queries: [QueryDefinition, (m) => createQueries({ ...m, accounts: createAccounts(m) })],
  genesis: [GenesisState, (m) => createGenesis({ ...m, accounts: createAccounts(m) })],
  invariants: ({ state: accounts }) => ({
    everyNumberBelongsToOneAccount(ctx) {
      let expected: bigint | undefined;
      for (const [[number, address]] of accounts.byNumber.entries(ctx)) {
        if (number === expected) return `number ${number} belongs to two accounts, one of them ${address}`;
        if (!accounts.accounts.has(ctx, address)) return `number ${number} belongs to ${address}, which is no account`;
        expected = number;
      }
      const next = accounts.nextNumber.get(ctx);
      return expected === undefined || expected < next ? undefined : `next account number above ${expected} expected, got ${next}`;
    },
    delegatedStaysWithinLocked(ctx) {
      for (const [address, { vesting }] of accounts.accounts.entries(ctx)) {
        const reason = vesting === undefined ? undefined : explainDelegated(vesting);
        if (reason !== undefined) return `${address}: ${reason}`;
      }
      return undefined;
    },
  }),
});
