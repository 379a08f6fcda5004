import type { GenesisState } from "#proto/cosmos/staking/v1beta1/genesis";
import type { Params } from "#proto/cosmos/staking/v1beta1/staking";
import { atHeight, type Ctx, encodeUtf8, firstHeight, type GenesisHandlers, type ReadCtx, timestampNs, type ValidatorUpdate } from "#sdk";
import { parseConsKey } from "./consKey.ts";
import { saveDelegation } from "./delegate.ts";
import { wrong } from "./genesisProblem.ts";
import { defaultParams } from "./params.ts";
import { ensurePools, ensureRotationFeePool, poolBalance } from "./pools.ts";
import { enqueueRedelegation, saveRedelegation } from "./redelegations.ts";
import { exportRotations, initRotations } from "./rotationGenesis.ts";
import { pendingRotations } from "./rotations.ts";
import type { Staking } from "./staking.ts";
import { enqueueUnbonding, saveUnbonding } from "./unbondings.ts";
import { validateGenesis } from "./validateGenesis.ts";
import { decodeValidator, encodeValidator, STATUS } from "./validator.ts";
import { enqueueValidator } from "./validatorQueue.ts";
import { applyValidatorSetUpdates } from "./validatorSet.ts";
import { getValidator, placeByPower, saveConsAddress, saveValidator } from "./validators.ts";
import { prepareZeroHeight } from "./zeroHeight.ts";

/** Height at which genesis happens: before the first block. */
const GENESIS_HEIGHT = 0n;
const ZERO_TEXT = encodeUtf8("0");

/** Genesis of x/staking in the format of the Cosmos SDK. */
export function createGenesis(staking: Staking): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ params: chainParams(staking), lastTotalPower: ZERO_TEXT }),
    validate: (genesis) => validateGenesis(staking, genesis),
    init: (ctx, genesis) => initGenesis(staking, atHeight(ctx, GENESIS_HEIGHT), genesis, firstHeight(ctx)),
    export: (ctx) => exportGenesis(staking, ctx),
    prepareZeroHeight: (ctx) => prepareZeroHeight(staking, ctx),
  };
}

/** Parameters of a new chain: a new consensus key costs as much as a unit of power. */
function chainParams({ chain }: Staking): Params {
  return defaultParams(chain.baseDenom, chain.powerReduction);
}

function initGenesis(staking: Staking, ctx: Ctx, genesis: GenesisState, first: bigint): readonly ValidatorUpdate[] {
  const { state, params } = staking;
  validateGenesis(staking, genesis);
  params.set(ctx, genesis.params ?? chainParams(staking));
  state.lastTotalPower.set(ctx, { int: new TextDecoder().decode(genesis.lastTotalPower) || "0" });
  initValidators(staking, ctx, genesis);
  initDelegations(staking, ctx, genesis);
  for (const unbonding of genesis.unbondingDelegations) {
    saveUnbonding(staking, ctx, unbonding);
    for (const { completionTime } of unbonding.entries)
      enqueueUnbonding(staking, ctx, unbonding.delegatorAddress, unbonding.validatorAddress, timestampNs(completionTime));
  }
  for (const redelegation of genesis.redelegations) {
    saveRedelegation(staking, ctx, redelegation);
    const { delegatorAddress: delegator, validatorSrcAddress: source, validatorDstAddress: destination } = redelegation;
    for (const { completionTime } of redelegation.entries)
      enqueueRedelegation(staking, ctx, { delegator, source, destination }, timestampNs(completionTime));
  }
  ensurePools(staking, ctx);
  requirePools(staking, ctx, genesis);
  // Chains without changes of key have no such account.
  if (params.get(ctx).keyRotationFee !== undefined) ensureRotationFeePool(staking, ctx);
  initRotations(staking, ctx, genesis);
  return genesis.exported ? restoreSet(staking, ctx, genesis, first) : applyValidatorSetUpdates(staking, ctx);
}

function initValidators(staking: Staking, ctx: Ctx, { validators, exported }: GenesisState): void {
  for (const message of validators) {
    const validator = decodeValidator(message);
    saveValidator(staking, ctx, validator);
    saveConsAddress(staking, ctx, validator);
    placeByPower(staking, ctx, validator);
    if (!exported) staking.emit.afterValidatorCreated(ctx, validator.operator);
    if (validator.status === STATUS.unbonding) enqueueValidator(staking, ctx, validator);
  }
}

function initDelegations(staking: Staking, ctx: Ctx, { delegations, exported }: GenesisState): void {
  const { emit } = staking;
  for (const { delegatorAddress: delegator, validatorAddress: operator, shares } of delegations) {
    if (!exported) emit.beforeDelegationCreated(ctx, delegator, operator);
    saveDelegation(staking, ctx, delegator, operator, BigInt(shares));
    if (!exported) emit.afterDelegationModified(ctx, delegator, operator);
  }
}

/** @throws sdk/18 where the bank says otherwise */
function requirePools(staking: Staking, ctx: ReadCtx, { validators, unbondingDelegations }: GenesisState): void {
  let bonded = 0n;
  let notBonded = 0n;
  for (const { status, tokens } of validators) {
    if (status === STATUS.bonded) bonded += BigInt(tokens);
    else notBonded += BigInt(tokens);
  }
  for (const { entries } of unbondingDelegations) for (const { balance } of entries) notBonded += BigInt(balance);
  const held = { bonded: poolBalance(staking, ctx, STATUS.bonded), notBonded: poolBalance(staking, ctx, STATUS.unbonded) };
  if (held.bonded !== bonded)
    throw wrong("staking.validators", `bonded pool balance is different from bonded coins: ${held.bonded} <-> ${bonded}`);
  if (held.notBonded !== notBonded)
    throw wrong("staking.validators", `not bonded pool balance is different from not bonded coins: ${held.notBonded} <-> ${notBonded}`);
}

/** The set of a chain that ran goes on with the powers that CometBFT knew last, and with the new keys that its first block is signed with. */
function restoreSet(staking: Staking, ctx: Ctx, { lastValidatorPowers }: GenesisState, first: bigint): ValidatorUpdate[] {
  const rotations = pendingRotations(staking, ctx).filter(({ applyHeight }) => applyHeight <= first);
  const newKeys = new Map(rotations.map(({ validator, newKey }) => [validator.operator, newKey]));
  return lastValidatorPowers.map(({ address, power }) => {
    staking.state.lastPowers.set(ctx, address, power);
    return { ...parseConsKey(newKeys.get(address) ?? getValidator(staking, ctx, address).consPubKey), power };
  });
}

function exportGenesis(staking: Staking, ctx: ReadCtx): GenesisState {
  const { state, params } = staking;
  return {
    params: params.get(ctx),
    lastTotalPower: encodeUtf8(state.lastTotalPower.find(ctx)?.int ?? "0"),
    lastValidatorPowers: [...state.lastPowers.entries(ctx)].map(([address, power]) => ({ address, power })),
    validators: [...state.validators.entries(ctx)].map(([, validator]) => encodeValidator(validator)),
    delegations: [...state.delegations.entries(ctx)].map(([, delegation]) => delegation),
    unbondingDelegations: [...state.unbondings.entries(ctx)].map(([, unbonding]) => unbonding),
    redelegations: [...state.redelegations.entries(ctx)].map(([, redelegation]) => redelegation),
    exported: true,
    ...exportRotations(staking, ctx, ctx.height + 1n),
  };
}
