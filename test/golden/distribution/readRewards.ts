// The numbers of distribution as a recording lists them, read through queries.
import type {
  QueryCommunityPoolResponse,
  QueryDelegationTotalRewardsResponse,
  QueryValidatorCommissionResponse,
  QueryValidatorOutstandingRewardsResponse,
  QueryValidatorSlashesResponse,
} from "#proto/cosmos/distribution/v1beta1/query";
import { decodeDecCoins, formatDecCoins, formatDecimal } from "#sdk";
import { staking } from "../../../modules/staking/index.ts";
import type { Bench } from "../../harness/moduleBench.ts";

type Coins = Parameters<typeof decodeDecCoins>[0];

/** A row of the recording: all of it, not only what changed. */
export interface RewardsRow {
  readonly community_pool: string;
  readonly validators: Readonly<Record<string, unknown>>;
  readonly pending_rewards: Readonly<Record<string, unknown>>;
}

const text = (coins: Coins = []): string => formatDecCoins(decodeDecCoins(coins));

/** Reads a row. @param delegators addresses by name */
export function readRewards(bench: Bench, delegators: Readonly<Record<string, string>>): RewardsRow {
  const ask = (method: string, request: object): unknown => bench.query(`/cosmos.distribution.v1beta1.Query/${method}`, request);
  const operators = [...bench.facet(staking, "view").allValidators(bench.ctx)].map(({ operator }) => operator);
  const pending = Object.entries(delegators).map(([name, delegatorAddress]) => {
    const { rewards } = ask("DelegationTotalRewards", { delegatorAddress }) as QueryDelegationTotalRewardsResponse;
    return [name, Object.fromEntries(rewards.map(({ validatorAddress, reward }) => [validatorAddress, text(reward)]))] as const;
  });
  return {
    community_pool: text((ask("CommunityPool", {}) as QueryCommunityPoolResponse).pool),
    validators: Object.fromEntries(operators.map((validatorAddress) => [validatorAddress, readValidator(ask, validatorAddress)])),
    pending_rewards: Object.fromEntries(pending.filter(([, rewards]) => Object.keys(rewards).length > 0)),
  };
}

function readValidator(ask: (method: string, request: object) => unknown, validatorAddress: string): object {
  const { rewards } = ask("ValidatorOutstandingRewards", { validatorAddress }) as QueryValidatorOutstandingRewardsResponse;
  const { commission } = ask("ValidatorCommission", { validatorAddress }) as QueryValidatorCommissionResponse;
  const range = { startingHeight: 0n, endingHeight: 1_000n };
  const { slashes } = ask("ValidatorSlashes", { validatorAddress, ...range }) as QueryValidatorSlashesResponse;
  return {
    outstanding: text(rewards?.rewards),
    commission: text(commission?.commission),
    slashes: slashes.map(({ validatorPeriod, fraction }) => `${validatorPeriod}:${formatDecimal(BigInt(fraction))}`),
  };
}
