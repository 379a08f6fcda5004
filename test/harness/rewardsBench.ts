// A chain of staking and distribution, block by block: validators by name, and fees that somebody left behind.
import type { QueryCommunityPoolResponse, QueryDelegationRewardsResponse } from "#proto/cosmos/distribution/v1beta1/query";
import { type BlockInfo, createAddressCodec, decodeDecCoins, formatDecCoins, moduleAddress } from "#sdk";
import { FEE_COLLECTOR } from "../../modules/auth/index.ts";
import { bank } from "../../modules/bank/index.ts";
import { distribution } from "../../modules/distribution/index.ts";
import { staking } from "../../modules/staking/index.ts";
import { EMPTY_BLOCK } from "./emptyBlock.ts";
import { TEST_CHAIN } from "./moduleBench.ts";
import { accountOf, createStakingBench, operatorOf, type StakingBench, type StakingBenchOptions } from "./stakingBench.ts";

const codec = createAddressCodec(TEST_CHAIN.bech32Prefix);
/** Accounts of modules. */
export const moduleAccount = (name: string): string => codec.format(moduleAddress(name));
export const COLLECTOR = moduleAccount(FEE_COLLECTOR);
export const GOV = moduleAccount("gov");

export interface RewardsBench extends StakingBench {
  /** Ends the block; the next one shares out fees among votes by name and power; without votes, among all validators by their tokens. */
  share(fees: bigint, votes?: Readonly<Record<string, bigint>>): void;
  /** Rewards that a delegation has not withdrawn, as text. */
  pending(delegator: string, validator: string): string;
  /** The community pool, as text. */
  pool(): string;
  message(name: string, fields: object): object;
  withdraw(delegator: string, validator: string): object;
  query(name: string, request: object): unknown;
}

/** Makes the chain and its first validators. */
export function createRewardsBench(options: StakingBenchOptions = {}): RewardsBench {
  const chain = createStakingBench({ ...options, listeners: [distribution] });
  chain.bench.init("distribution");
  const view = () => chain.bench.facet(staking, "view");
  const powers = (): Readonly<Record<string, bigint>> =>
    Object.fromEntries(
      Object.keys(options.validators ?? {}).map((name) => [name, view().findValidator(chain.bench.ctx, operatorOf(name))?.tokens ?? 0n]),
    );
  const voteOf = ([name, power]: readonly [string, bigint]): BlockInfo["lastCommit"][number] => ({
    address: view().findValidator(chain.bench.ctx, operatorOf(name))?.consAddress ?? new Uint8Array(20),
    power,
    flag: 2,
  });
  const query = (name: string, request: object): unknown => chain.bench.query(`/cosmos.distribution.v1beta1.Query/${name}`, request);
  const text = (coins: Parameters<typeof decodeDecCoins>[0]): string => formatDecCoins(decodeDecCoins(coins));
  const message = (name: string, fields: object): object => chain.bench.send(`/cosmos.distribution.v1beta1.Msg${name}`, fields);
  const added = {
    share(fees: bigint, votes = powers()) {
      chain.end();
      chain.bench.facet(bank, "mint").mint(chain.bench.ctx, COLLECTOR, TEST_CHAIN.baseDenom, fees);
      chain.bench.module("distribution").beginBlock?.(chain.bench.ctx, { ...EMPTY_BLOCK, lastCommit: Object.entries(votes).map(voteOf) });
    },
    pending: (delegator: string, validator: string) =>
      text(
        (
          query("DelegationRewards", {
            delegatorAddress: accountOf(delegator),
            validatorAddress: operatorOf(validator),
          }) as QueryDelegationRewardsResponse
        ).rewards,
      ),
    pool: () => text((query("CommunityPool", {}) as QueryCommunityPoolResponse).pool),
    message,
    withdraw: (delegator: string, validator: string) =>
      message("WithdrawDelegatorReward", { delegatorAddress: accountOf(delegator), validatorAddress: operatorOf(validator) }),
    query,
  };
  // The chain's own getter says which block it stands in.
  return Object.defineProperties(added, Object.getOwnPropertyDescriptors(chain)) as RewardsBench;
}
