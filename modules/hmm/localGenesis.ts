import type { Metadata, SendEnabled } from "#proto/cosmos/bank/v1beta1/bank";
import { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { type Commitment, CommitmentStatus, type Pool, type PoolService, PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { E18 } from "#sdk";
import { firstShares, LOCKED_SHARES } from "./liquidity/shares.ts";
import { DEFAULT_CREDIT_DENOM, DEFAULT_PARAMS } from "./params.ts";

/** A pool with its first reserves. */
export interface ResourceClass {
  /** Identifier of the pool. */
  readonly id: string;
  /** Resource class that it serves. */
  readonly resourceClass: string;
  /** Denomination of the resource token. */
  readonly denom: string;
  /** Denomination that wallets show: 10⁹ base units. */
  readonly display: string;
  /** What one display unit is. */
  readonly description: string;
  /** What is known of the workers. */
  readonly service: PoolService;
  /** First resource reserve, resource base units. */
  readonly psi: bigint;
  /** First credit reserve, credit base units. The first price is theta/psi. */
  readonly theta: bigint;
}

const NANO = 10n ** 9n;
/** Workers far away: cheap. */
const US: PoolService = { group: "us-1", region: "us", tier: 1, latencyUs: 95_000n, jitterUs: 9_000n };
/** Workers nearby: some 5 % dearer. */
const EU: PoolService = { group: "eu-1", region: "eu", tier: 2, latencyUs: 25_000n, jitterUs: 2_000n };

/** The two pools of a class: the large one in the United States has the class's name, the small one in Europe costs a twentieth more. */
function twoPools(
  id: string,
  display: string,
  description: string,
  units: bigint,
  credit: bigint,
): readonly [us: ResourceClass, eu: ResourceClass] {
  const us = { id, resourceClass: id, denom: `n${id}`, display, description, service: US, psi: units * NANO, theta: credit * E18 };
  const eu = {
    ...us,
    id: `${id}-eu`,
    denom: `n${id}.eu`,
    display: `${display}.eu`,
    description: `${description}, in Europe`,
    service: EU,
    psi: us.psi / 2n,
    theta: (us.theta * 21n) / 40n,
  };
  return [us, eu];
}

/**
 * The five classes of a local chain, two pools each, in the order of pool identifiers. Prices in the United States: 1.8 AI per GPU-hour, 0.036
 * per GiB-hour of VRAM, 0.0036 of RAM, 0.01 per GiB moved, 0.00005 per GiB-hour of disk.
 */
export const LOCAL_CLASSES: readonly ResourceClass[] = [
  ...twoPools("disk", "gib-hour.disk", "one GiB of storage for an hour", 20_000_000n, 1_000n),
  ...twoPools("gpu", "gpu-second", "one GPU for a second, weighted by quality", 10_000_000n, 5_000n),
  ...twoPools("net", "gib.net", "one GiB of network traffic", 100_000n, 1_000n),
  ...twoPools("ram", "gib-second.ram", "one GiB of memory for a second", 1_000_000_000n, 1_000n),
  ...twoPools("vram", "gib-second.vram", "one GiB of GPU memory for a second", 200_000_000n, 2_000n),
];

/** What a new market is made of. */
export interface HmmGenesisOptions {
  /** The market's own account (bech32 of the module account `hmm`). */
  readonly account: string;
  /** Native denomination. */
  readonly nativeDenom: string;
  /** Owner of the first liquidity; the market's account when left out, and then it can never be withdrawn. */
  readonly provider?: string;
  /** Denomination of the credit. */
  readonly creditDenom?: string;
  /** Pools to open, sorted by identifier. */
  readonly classes?: readonly ResourceClass[];
}

/** A genesis and the coins that make it true. */
export interface HmmGenesisPlan {
  readonly genesis: GenesisState;
  /** Coins that the bank's genesis must give to the market's account: native tokens in the vault, credit and resource reserves. */
  readonly funding: readonly { readonly denom: string; readonly amount: string }[];
  /** Entries of the bank's genesis: credit does not change hands between users. */
  readonly sendEnabled: readonly SendEnabled[];
  /** Entries of the bank's genesis: how wallets show credit and resources. */
  readonly metadata: readonly Metadata[];
}

const W_E18 = E18;
const LAMBDA_E18 = E18 / 20n;
const MARKET_FEE_E18 = (3n * E18) / 1000n;
/** 5 bps per 1 %: where dynamic risk begins while the price stands still. */
const RISK_E18 = E18 / 20n;

function openPool({ id, resourceClass, denom, service, psi, theta }: ResourceClass): Pool {
  const curve = { psi, theta, centreE18: (theta * E18) / psi, wE18: W_E18, lambdaE18: LAMBDA_E18 };
  return {
    id,
    denom,
    status: PoolStatus.POOL_STATUS_ACTIVE,
    psi: psi.toString(),
    theta: theta.toString(),
    centreE18: curve.centreE18.toString(),
    wE18: W_E18.toString(),
    lambdaE18: LAMBDA_E18.toString(),
    marketFeeE18: MARKET_FEE_E18.toString(),
    riskE18: RISK_E18.toString(),
    psiRef: psi.toString(),
    shares: firstShares(curve).toString(),
    feeGrowthQ128: "0",
    feeCarryQ128: "0",
    feesHeld: "0",
    resourceClass,
    service,
    dynamicRisk: true,
    volatilityE18: "0",
    block: undefined,
    twap: undefined,
    ramp: undefined,
    resumeHeight: 0n,
  };
}

function describe(base: string, display: string, exponent: number, description: string): Metadata {
  const denomUnits = [
    { denom: base, exponent: 0, aliases: [] },
    { denom: display, exponent, aliases: [] },
  ];
  return { description, denomUnits, base, display, name: display, symbol: display, uri: "", uriHash: "" };
}

/**
 * Genesis of a market with fresh pools: λ = 0.05, market fee 30 bps, dynamic risk fee from 5 bps per 1 %.
 * @returns the module's genesis and the coins that the market's account must hold. Nobody else may hold credit in the bank's genesis.
 */
export function defaultHmmGenesis(options: HmmGenesisOptions): HmmGenesisPlan {
  const { account, nativeDenom, provider = account, creditDenom = DEFAULT_CREDIT_DENOM, classes = LOCAL_CLASSES } = options;
  const pools = classes.map(openPool);
  const credit = classes.reduce((sum, { theta }) => sum + theta, 0n).toString();
  const position = (owner: string, poolId: string, shares: bigint): GenesisState["positions"][number] => ({
    owner,
    poolId,
    shares: shares.toString(),
    feeGrowthQ128: "0",
    feesOwed: "0",
    unlockHeight: 0n,
    freshShares: "",
  });
  // Every resource token stands for capacity that somebody promised: here the provider, for ever.
  const commitments = classes.map(
    ({ id: poolId, psi }, i): Commitment => ({
      id: BigInt(i + 1),
      worker: provider,
      poolId,
      status: CommitmentStatus.COMMITMENT_STATUS_ACTIVE,
      outstanding: psi.toString(),
      unsold: "0",
      onOffer: "0",
      receivable: "0",
      bond: "0",
      expiresHeight: 0n,
      weightPpm: 1_000_000,
    }),
  );
  const lastCommitmentId = BigInt(commitments.length);
  const vault = { creditDenom, locked: credit };
  const positions = pools.flatMap(({ id, shares }) =>
    provider === account
      ? [position(account, id, BigInt(shares))]
      : [position(account, id, LOCKED_SHARES), position(provider, id, BigInt(shares) - LOCKED_SHARES)],
  );
  return {
    genesis: GenesisState.fromPartial({ params: DEFAULT_PARAMS, pools, positions, vault, commitments, lastCommitmentId }),
    funding: [
      { denom: nativeDenom, amount: credit },
      { denom: creditDenom, amount: credit },
      ...classes.map(({ denom, psi }) => ({ denom, amount: psi.toString() })),
    ],
    sendEnabled: [{ denom: creditDenom, enabled: false }],
    metadata: [
      describe(creditDenom, `compute-${creditDenom}`, 18, "compute credit, backed 1:1 by locked native tokens"),
      ...classes.map(({ denom, display, description }) => describe(denom, display, 9, description)),
    ],
  };
}
