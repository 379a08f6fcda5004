import type { FeePool } from "#proto/cosmos/distribution/v1beta1/distribution";
import type { GenesisState } from "#proto/cosmos/distribution/v1beta1/genesis";
import {
  type AddressForm,
  addDecCoins,
  type Ctx,
  type DecCoin,
  decodeDecCoins,
  encodeDecCoins,
  equalCoins,
  explainAddress,
  explainDecCoins,
  formatCoins,
  type GenesisHandlers,
  type ReadCtx,
  sdkError,
  truncateDecCoins,
} from "#sdk";
import { commissionOf, outstandingOf } from "./books.ts";
import type { Distribution } from "./distribution.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { getCurrent } from "./periods.ts";
import { readCurrent, readHistorical, readSlash, readStart, writeCurrent, writeHistorical, writeSlash, writeStart } from "./records.ts";
import { prepareZeroHeight } from "./zeroHeight.ts";

const EMPTY_POOL: FeePool = { communityPool: [] };

/** Genesis of x/distribution in the format of the Cosmos SDK. */
export function createGenesis(distribution: Distribution): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ params: DEFAULT_PARAMS, feePool: EMPTY_POOL }),
    validate: (genesis) => validateGenesis(distribution, genesis),
    init: (ctx, genesis) => initGenesis(distribution, ctx, genesis),
    export: (ctx) => exportGenesis(distribution, ctx),
    prepareZeroHeight: (ctx) => prepareZeroHeight(distribution, ctx),
  };
}

function initGenesis(distribution: Distribution, ctx: Ctx, genesis: GenesisState): void {
  const { state, params, needs, address } = distribution;
  validateGenesis(distribution, genesis);
  params.set(ctx, genesis.params ?? DEFAULT_PARAMS);
  state.pool.set(ctx, decodeDecCoins((genesis.feePool ?? EMPTY_POOL).communityPool));
  if (genesis.previousProposer !== "") state.proposer.set(ctx, address.consensus.parse(genesis.previousProposer));
  for (const { delegatorAddress, withdrawAddress } of genesis.delegatorWithdrawInfos)
    state.withdrawAddresses.set(ctx, delegatorAddress, address.parse(withdrawAddress));
  for (const { validatorAddress, outstandingRewards } of genesis.outstandingRewards)
    state.outstanding.set(ctx, validatorAddress, decodeDecCoins(outstandingRewards));
  for (const { validatorAddress, accumulated } of genesis.validatorAccumulatedCommissions)
    state.commission.set(ctx, validatorAddress, decodeDecCoins(accumulated?.commission ?? []));
  for (const { validatorAddress, period, rewards } of genesis.validatorHistoricalRewards)
    if (rewards !== undefined) state.historical.set(ctx, [validatorAddress, period], readHistorical(rewards));
  for (const { validatorAddress, rewards } of genesis.validatorCurrentRewards)
    if (rewards !== undefined) state.current.set(ctx, validatorAddress, readCurrent(rewards));
  for (const { validatorAddress, delegatorAddress, startingInfo } of genesis.delegatorStartingInfos)
    if (startingInfo !== undefined) state.starts.set(ctx, [validatorAddress, delegatorAddress], readStart(startingInfo));
  for (const { validatorAddress, height, period, validatorSlashEvent } of genesis.validatorSlashEvents)
    if (validatorSlashEvent !== undefined) state.slashes.set(ctx, [validatorAddress, [height, period]], readSlash(validatorSlashEvent));
  const account = needs.auth.ensureModuleAccount(ctx, "distribution", []);
  requireHoldings(distribution, ctx, account, genesis);
}

/** The module's account holds what is outstanding and the pool, to the last whole unit. @throws sdk/18 */
function requireHoldings({ needs }: Distribution, ctx: Ctx, account: string, genesis: GenesisState): void {
  let holdings = decodeDecCoins((genesis.feePool ?? EMPTY_POOL).communityPool);
  for (const { outstandingRewards } of genesis.outstandingRewards) holdings = addDecCoins(holdings, decodeDecCoins(outstandingRewards));
  const balances = needs.bank.balances(ctx, account);
  const { whole } = truncateDecCoins(holdings);
  if (!equalCoins(balances, whole))
    throw sdkError.invalidRequest(
      `distribution module balance does not match the module holdings: ${formatCoins(balances)} <-> ${formatCoins(whole)}`,
    );
}

/** A validator's records with what has accrued: the next chain begins without. */
function exportGenesis(distribution: Distribution, ctx: ReadCtx): GenesisState {
  const { state, params, address } = distribution;
  const proposer = state.proposer.find(ctx);
  const byValidator = <R>(
    entries: Iterable<readonly [string, unknown]>,
    write: (operator: string) => R,
  ): (R & { validatorAddress: string })[] => [...entries].map(([validatorAddress]) => ({ validatorAddress, ...write(validatorAddress) }));
  return {
    params: params.get(ctx),
    feePool: { communityPool: encodeDecCoins(state.pool.get(ctx)) },
    delegatorWithdrawInfos: [...state.withdrawAddresses.entries(ctx)].map(([delegatorAddress, chosen]) => ({
      delegatorAddress,
      withdrawAddress: address.format(chosen),
    })),
    previousProposer: proposer === undefined ? "" : address.consensus.format(proposer),
    outstandingRewards: byValidator(state.outstanding.entries(ctx), (operator) => ({
      outstandingRewards: encodeDecCoins(outstandingOf(distribution, ctx, operator)),
    })),
    validatorAccumulatedCommissions: byValidator(state.commission.entries(ctx), (operator) => ({
      accumulated: { commission: encodeDecCoins(commissionOf(distribution, ctx, operator)) },
    })),
    validatorHistoricalRewards: [...state.historical.entries(ctx)].map(([[validatorAddress, period], historical]) => ({
      validatorAddress,
      period,
      rewards: writeHistorical(historical),
    })),
    validatorCurrentRewards: byValidator(state.current.entries(ctx), (operator) => ({
      rewards: writeCurrent(getCurrent(distribution, ctx, operator)),
    })),
    delegatorStartingInfos: [...state.starts.entries(ctx)].map(([[validatorAddress, delegatorAddress], start]) => ({
      delegatorAddress,
      validatorAddress,
      startingInfo: writeStart(start),
    })),
    validatorSlashEvents: [...state.slashes.entries(ctx)].map(([[validatorAddress, [height, period]], slash]) => ({
      validatorAddress,
      height,
      period,
      validatorSlashEvent: writeSlash(slash),
    })),
  };
}

/** @throws sdk/18 with the path of the entry that is wrong and what is wrong with it */
function validateGenesis({ address }: Distribution, genesis: GenesisState): void {
  if (genesis.params !== undefined) validateParams(genesis.params);
  if (genesis.previousProposer !== "") requireAddress(address.consensus, genesis.previousProposer, "previous_proposer");
  requireCoins((genesis.feePool ?? EMPTY_POOL).communityPool, "fee_pool.community_pool");
  for (const [i, { delegatorAddress, withdrawAddress }] of genesis.delegatorWithdrawInfos.entries()) {
    requireAddress(address, delegatorAddress, `delegator_withdraw_infos[${i}].delegator_address`);
    requireAddress(address, withdrawAddress, `delegator_withdraw_infos[${i}].withdraw_address`);
  }
  const ofValidators = {
    outstanding_rewards: genesis.outstandingRewards,
    validator_accumulated_commissions: genesis.validatorAccumulatedCommissions,
    validator_historical_rewards: genesis.validatorHistoricalRewards,
    validator_current_rewards: genesis.validatorCurrentRewards,
    delegator_starting_infos: genesis.delegatorStartingInfos,
    validator_slash_events: genesis.validatorSlashEvents,
  };
  for (const [list, entries] of Object.entries(ofValidators))
    for (const [i, { validatorAddress }] of entries.entries())
      requireAddress(address.operator, validatorAddress, `${list}[${i}].validator_address`);
  for (const [i, { delegatorAddress }] of genesis.delegatorStartingInfos.entries())
    requireAddress(address, delegatorAddress, `delegator_starting_infos[${i}].delegator_address`);
  for (const [i, { outstandingRewards }] of genesis.outstandingRewards.entries())
    requireCoins(outstandingRewards, `outstanding_rewards[${i}].outstanding_rewards`);
  for (const [i, { accumulated }] of genesis.validatorAccumulatedCommissions.entries())
    requireCoins(accumulated?.commission ?? [], `validator_accumulated_commissions[${i}].accumulated`);
}

function requireCoins(coins: readonly DecCoin[], path: string): void {
  const reason = explainDecCoins(coins);
  if (reason !== undefined) throw wrong(path, reason);
}

function requireAddress(form: AddressForm, text: string, path: string): void {
  const reason = explainAddress(form, text);
  if (reason !== undefined) throw wrong(path, reason);
}

function wrong(path: string, reason: string): Error {
  return sdkError.invalidRequest(`distribution.${path}: ${reason}`);
}
