// The numbers of staking as a recording lists them, read through queries.
import type {
  QueryDelegatorDelegationsResponse,
  QueryDelegatorUnbondingDelegationsResponse,
  QueryPoolResponse,
  QueryRedelegationsResponse,
  QueryValidatorsResponse,
} from "#proto/cosmos/staking/v1beta1/query";
import { formatDecimal } from "#sdk";
import type { Bench } from "../../harness/moduleBench.ts";

/** A row of the recording: all of it, not only what changed. */
export interface StakeRow {
  readonly bonded: string;
  readonly not_bonded: string;
  readonly validators: Readonly<Record<string, unknown>>;
  readonly delegators: Readonly<Record<string, unknown>>;
}

/** Reads a row. @param delegators addresses by name */
export function readStake(bench: Bench, delegators: Readonly<Record<string, string>>): StakeRow {
  const ask = (method: string, request: object): unknown => bench.query(`/cosmos.staking.v1beta1.Query/${method}`, request);
  const { pool } = ask("Pool", {}) as QueryPoolResponse;
  const { validators } = ask("Validators", {}) as QueryValidatorsResponse;
  const rows = Object.entries(delegators).map(([name, delegatorAddr]) => [name, readDelegator(ask, delegatorAddr)] as const);
  return {
    bonded: pool?.bondedTokens ?? "",
    not_bonded: pool?.notBondedTokens ?? "",
    validators: Object.fromEntries(
      validators.map((one) => [
        one.operatorAddress,
        {
          tokens: one.tokens,
          shares: decimal(one.delegatorShares),
          status: one.status,
          jailed: one.jailed,
          unbonding_height: one.unbondingHeight.toString(),
          commission: decimal(one.commission?.commissionRates?.rate ?? ""),
          min_self_delegation: one.minSelfDelegation,
        },
      ]),
    ),
    delegators: Object.fromEntries(rows.filter(([, row]) => Object.keys(row).length > 0)),
  };
}

const decimal = (atomics: string): string => formatDecimal(BigInt(atomics));

function readDelegator(ask: (method: string, request: object) => unknown, delegatorAddr: string): Readonly<Record<string, unknown>> {
  const { delegationResponses } = ask("DelegatorDelegations", { delegatorAddr }) as QueryDelegatorDelegationsResponse;
  const { unbondingResponses } = ask("DelegatorUnbondingDelegations", { delegatorAddr }) as QueryDelegatorUnbondingDelegationsResponse;
  const { redelegationResponses } = ask("Redelegations", { delegatorAddr }) as QueryRedelegationsResponse;
  const lists = {
    delegations: delegationResponses.map(({ delegation, balance }) => [
      delegation?.validatorAddress,
      decimal(delegation?.shares ?? ""),
      balance?.amount,
    ]),
    unbonding: unbondingResponses.map(({ validatorAddress, entries }) => [
      validatorAddress,
      entries.map((entry) => [`${entry.creationHeight}`, entry.initialBalance, entry.balance, `${entry.unbondingId}`]),
    ]),
    redelegations: redelegationResponses.map(({ redelegation, entries }) => [
      redelegation?.validatorSrcAddress,
      redelegation?.validatorDstAddress,
      entries.map(({ redelegationEntry: entry, balance }) => [
        `${entry?.creationHeight}`,
        entry?.initialBalance,
        balance,
        decimal(entry?.sharesDst ?? ""),
      ]),
    ]),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}
