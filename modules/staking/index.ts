import { GenesisState } from "#proto/cosmos/staking/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/staking/v1beta1/query";
import { Params } from "#proto/cosmos/staking/v1beta1/staking";
import { MsgDefinition } from "#proto/cosmos/staking/v1beta1/tx";
import { type Ctx, defineModule, type ValidatorUpdate } from "#sdk";
import { auth } from "../auth/index.ts";
import { bank } from "../bank/index.ts";
import { consensus } from "../consensus/index.ts";
import { cancelUnbonding } from "./cancelUnbonding.ts";
import { stakingChecks } from "./check.ts";
import { createValidator } from "./createValidator.ts";
import { delegate } from "./delegate.ts";
import { editValidator } from "./editValidator.ts";
import { endBlock } from "./endBlock.ts";
import { STAKING_ERRORS } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { createHistory } from "./history.ts";
import { hooks } from "./hooks.ts";
import {
  delegationsAddUpToShares,
  pastSetsAreUsed,
  poolsHoldTheStake,
  setIsBonded,
  unbondingsAreIndexed,
  validatorsAreIndexed,
} from "./invariants.ts";
import { jail, unjail } from "./jail.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { createQueries } from "./queries.ts";
import { redelegate } from "./redelegate.ts";
import { rotateConsPubKey } from "./rotateConsPubKey.ts";
import { rotationsAreLocked } from "./rotationInvariant.ts";
import { slash } from "./slash.ts";
import { PARAMS_PREFIX, state } from "./state.ts";
import { undelegate } from "./undelegate.ts";
import { updateParams } from "./updateParams.ts";
import { applyValidatorSetUpdates, createSettledSet } from "./validatorSet.ts";
import { createView } from "./view.ts";

export { STAKING_ERRORS } from "./errors.ts";
export type { ValidatorInfo } from "./info.ts";
export { BONDED_POOL, NOT_BONDED_POOL, ROTATION_FEE_POOL } from "./pools.ts";
export type { DelegationInfo, StakingView } from "./view.ts";

/** x/staking: who makes blocks, on whose stake, and what that stake is liable for. README.md is its specification. */
export const staking = defineModule({
  name: "staking",
  version: 1,
  needs: {
    auth: auth.facet("accounts"),
    bank: bank.facet("view", "transfer", "burn", "delegation"),
    consensus: consensus.facet("params"),
  },
  params: { type: Params, default: DEFAULT_PARAMS, prefix: PARAMS_PREFIX, validate: validateParams },
  state,
  hooks,
  errors: STAKING_ERRORS,
  check: stakingChecks,
  api: (m) => ({
    view: createView(m),
    slash: {
      /**
       * Takes a part of the stake that a validator had when it did wrong.
       * @param infractionHeight when it did, at most the unbonding time ago
       * @param power its power then
       * @param fractionE18 part of it, units of 10^-18
       * @returns atomic units burned of what it holds now @throws sdk/35
       */
      slash: (ctx: Ctx, cons: Uint8Array, infractionHeight: bigint, power: bigint, fractionE18: bigint): bigint =>
        slash(m, ctx, cons, { height: infractionHeight, fractionE18 }, power),
      /** Takes a validator out of the set. @throws staking/3, staking/7 */
      jail: (ctx: Ctx, cons: Uint8Array): void => jail(m, ctx, cons),
      /** Lets a validator back in. @throws staking/3; sdk/35 when it is not jailed */
      unjail: (ctx: Ctx, cons: Uint8Array): void => unjail(m, ctx, cons),
    },
    genesis: {
      /** Brings the set in line with the stake, once more after genesis transactions. */
      applyValidatorSetUpdates: (ctx: Ctx): ValidatorUpdate[] => applyValidatorSetUpdates(m, ctx),
    },
  }),
  msgs: [
    MsgDefinition,
    (m) => ({
      createValidator: (ctx, msg) => createValidator(m, ctx, msg),
      editValidator: (ctx, msg) => editValidator(m, ctx, msg),
      delegate: (ctx, msg) => delegate(m, ctx, msg),
      beginRedelegate: (ctx, msg) => redelegate(m, ctx, msg),
      undelegate: (ctx, msg) => undelegate(m, ctx, msg),
      cancelUnbondingDelegation: (ctx, msg) => cancelUnbonding(m, ctx, msg),
      updateParams: (ctx, msg) => updateParams(m, ctx, msg),
      rotateConsPubKey: (ctx, msg) => rotateConsPubKey(m, ctx, msg),
    }),
  ],
  queries: [QueryDefinition, createQueries],
  beginBlock: createHistory,
  endBlock: (m) => {
    const isSettled = createSettledSet(m);
    return (ctx) => endBlock(m, ctx, isSettled);
  },
  genesis: [GenesisState, createGenesis],
  invariants: (m) => ({
    poolsHoldTheStake: poolsHoldTheStake(m),
    delegationsAddUpToShares: delegationsAddUpToShares(m),
    validatorsAreIndexed: validatorsAreIndexed(m),
    setIsBonded: setIsBonded(m),
    unbondingsAreIndexed: unbondingsAreIndexed(m),
    pastSetsAreUsed: pastSetsAreUsed(m),
    rotationsAreLocked: (ctx) => rotationsAreLocked(m, ctx),
  }),
});
