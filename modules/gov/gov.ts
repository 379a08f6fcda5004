import type { Params, Proposal } from "#proto/cosmos/gov/v1/gov";
import {
  type AddressCodec,
  type CoinAmount,
  type Ctx,
  type ErrorConstructors,
  type MessageService,
  ModuleError,
  type ReadCtx,
  timestampNs,
} from "#sdk";
import type { GOV_ERRORS } from "./errors.ts";
import type { GovState } from "./state.ts";
import type { TallyDelegation } from "./tally.ts";

/** A validator as the count of votes sees it. */
interface StakedValidator {
  readonly operator: string;
  readonly status: number;
  readonly tokens: bigint;
  readonly sharesE18: bigint;
}

/** Governance as its transitions see it: the bound declaration. */
export interface Gov {
  readonly state: GovState;
  readonly needs: {
    readonly bank: {
      balance(ctx: ReadCtx, owner: string, denom: string): bigint;
      sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void;
      burnCoins(ctx: Ctx, from: string, coins: readonly CoinAmount[]): void;
    };
    readonly staking: {
      bondedByPower(ctx: ReadCtx): Iterable<StakedValidator>;
      delegationsOf(ctx: ReadCtx, delegator: string): Iterable<TallyDelegation>;
      totalBonded(ctx: ReadCtx): bigint;
    };
    readonly distribution: { fundCommunityPool(ctx: Ctx, from: string, coins: readonly CoinAmount[]): void };
  };
  readonly ports: { readonly messages: MessageService };
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
  readonly err: ErrorConstructors<typeof GOV_ERRORS>;
  readonly address: AddressCodec;
  /** Holds the deposits, and signs what proposals execute. */
  readonly account: string;
}

/** Numbers of `ProposalStatus`. */
export const STATUS = { depositPeriod: 1, votingPeriod: 2, passed: 3, rejected: 4, failed: 5 } as const;

/** A proposal that must be there. @throws undefined/1, as the Cosmos SDK has no code for it */
export function getProposal({ state }: Pick<Gov, "state">, ctx: ReadCtx, id: bigint): Proposal {
  const proposal = state.proposals.find(ctx, id);
  if (proposal === undefined)
    throw new ModuleError("undefined", 1, `collections: not found: key '${id}' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Proposal`);
  return proposal;
}

/** Whether deposits are still taken, and votes perhaps. */
export function isOpen({ status }: Proposal): boolean {
  return status === STATUS.depositPeriod || status === STATUS.votingPeriod;
}

/** INVARIANT: the set of proposals that are voted on follows their status. */
export function setProposal({ state }: Pick<Gov, "state">, ctx: Ctx, proposal: Proposal): void {
  if (proposal.status === STATUS.votingPeriod) state.voting.set(ctx, proposal.id, true);
  else state.voting.delete(ctx, proposal.id);
  state.proposals.set(ctx, proposal.id, proposal);
}

/** Forgets a proposal and its places in the queues; deposits and votes are the caller's. */
export function deleteProposal({ state }: Pick<Gov, "state">, ctx: Ctx, { id, depositEndTime, votingEndTime }: Proposal): void {
  if (depositEndTime !== undefined) state.inactive.delete(ctx, [timestampNs(depositEndTime), id]);
  if (votingEndTime !== undefined) state.active.delete(ctx, [timestampNs(votingEndTime), id]);
  state.voting.delete(ctx, id);
  state.proposals.delete(ctx, id);
}
