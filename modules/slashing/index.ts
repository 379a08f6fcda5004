import { GenesisState } from "#proto/cosmos/slashing/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/slashing/v1beta1/query";
import { Params, type ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { MsgDefinition } from "#proto/cosmos/slashing/v1beta1/tx";
import { type Ctx, defineModule, type ReadCtx } from "#sdk";
import { staking } from "../staking/index.ts";
import { jail, slashDoubleSign } from "./doubleSign.ts";
import { SLASHING_ERRORS } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { bondedHaveRecords, countersMatchBitmaps, pubKeysAreOfValidators, steadyAreCounted, tombstonedAreJailed } from "./invariants.ts";
import { createVoteCount } from "./liveness.ts";
import { DEFAULT_PARAMS, rulesOf, type SlashingRules, validateParams } from "./params.ts";
import { createQueries } from "./queries.ts";
import { beginSigning, findSigningInfo, isTombstoned, jailUntil, moveSigning, rememberPubKey, tombstone } from "./signingInfo.ts";
import { state } from "./state.ts";
import { checkUnjail, unjail } from "./unjail.ts";

/** x/slashing: who signs blocks, what missing them costs, and how validators come back. README.md is its specification. */
export const slashing = defineModule({
  name: "slashing",
  version: 1,
  needs: { staking: staking.facet("view", "slash") },
  params: { type: Params, default: DEFAULT_PARAMS, validate: validateParams },
  state,
  errors: SLASHING_ERRORS,
  check: { unjail: checkUnjail },
  api: (m) => ({
    view: {
      findSigningInfo: (ctx: ReadCtx, consAddress: Uint8Array): ValidatorSigningInfo | undefined => findSigningInfo(m, ctx, consAddress),
      isTombstoned: (ctx: ReadCtx, consAddress: Uint8Array): boolean => isTombstoned(m, ctx, consAddress),
      /** Blocks of the window, and how many of them may be missed. */
      signingRules: (ctx: ReadCtx): Pick<SlashingRules, "window" | "maxMissed"> => rulesOf(m.params.get(ctx)),
    },
    evidence: {
      isTombstoned: (ctx: ReadCtx, consAddress: Uint8Array): boolean => isTombstoned(m, ctx, consAddress),
      /** Whether the consensus key belongs to a validator that exists. */
      knowsKey: (ctx: ReadCtx, consAddress: Uint8Array): boolean => m.state.pubKeys.has(ctx, consAddress),
      slashDoubleSign: (ctx: Ctx, consAddress: Uint8Array, height: bigint, power: bigint): void =>
        slashDoubleSign(m, ctx, consAddress, height, power),
      jail: (ctx: Ctx, consAddress: Uint8Array): void => jail(m, ctx, consAddress),
      jailUntil: (ctx: Ctx, consAddress: Uint8Array, untilNs: bigint): void => jailUntil(m, ctx, consAddress, untilNs),
      tombstone: (ctx: Ctx, consAddress: Uint8Array): void => tombstone(m, ctx, consAddress),
    },
  }),
  on: (m) => ({
    staking: {
      afterValidatorBonded: (ctx, consAddress) => beginSigning(m, ctx, consAddress),
      afterValidatorCreated(ctx, operator) {
        const validator = m.needs.staking.findValidator(ctx, operator);
        if (validator !== undefined) rememberPubKey(m, ctx, validator.consAddress);
      },
      afterValidatorConsKeyUpdated: (ctx, oldCons, newCons) => moveSigning(m, ctx, oldCons, newCons),
      afterValidatorRemoved: (ctx, consAddress) => m.state.pubKeys.delete(ctx, consAddress),
    },
  }),
  msgs: [MsgDefinition, (m) => ({ unjail: (ctx, msg) => unjail(m, ctx, msg) })],
  queries: [QueryDefinition, createQueries],
  genesis: [GenesisState, createGenesis],
  beginBlock: createVoteCount,
  invariants: (m) => ({
    countersMatchBitmaps: countersMatchBitmaps(m),
    bondedHaveRecords: bondedHaveRecords(m),
    tombstonedAreJailed: tombstonedAreJailed(m),
    pubKeysAreOfValidators: pubKeysAreOfValidators(m),
    steadyAreCounted: steadyAreCounted(m),
  }),
});
