import type { Proposal } from "#proto/cosmos/gov/v1/gov";
import { formatCoins, type ReadCtx, timestampNs } from "#sdk";
import { coinsOf } from "./coins.ts";
import { type Gov, isOpen, STATUS } from "./gov.ts";

/** Deposits of all open proposals together, by denomination. Reads every deposit. */
export function depositsByDenom({ state }: Pick<Gov, "state">, ctx: ReadCtx): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [, { amount }] of state.deposits.entries(ctx))
    for (const coin of coinsOf(amount)) sums.set(coin.denom, (sums.get(coin.denom) ?? 0n) + coin.amount);
  return sums;
}

/** The account has what was deposited; more where somebody sent it coins, which belong to governance itself. */
export function accountHoldsDeposits(gov: Gov, ctx: ReadCtx): string | undefined {
  for (const [denom, sum] of depositsByDenom(gov, ctx)) {
    const balance = gov.needs.bank.balance(ctx, gov.account, denom);
    if (balance < sum) return `deposits of ${denom} add up to ${sum}, the account has ${balance}`;
  }
  return undefined;
}

/** The total of an open proposal is what its depositors gave; a closed one has no deposits and no votes left. */
export function totalsMatchDeposits({ state }: Gov, ctx: ReadCtx): string | undefined {
  for (const [id, proposal] of state.proposals.entries(ctx)) {
    const sums = new Map<string, bigint>();
    for (const [, { amount }] of state.deposits.under(ctx, id))
      for (const coin of coinsOf(amount)) sums.set(coin.denom, (sums.get(coin.denom) ?? 0n) + coin.amount);
    const total = coinsOf(proposal.totalDeposit);
    if (!isOpen(proposal)) {
      if (sums.size > 0) return `closed proposal ${id} still has deposits`;
      if (![...state.votes.under(ctx, id)].every(() => false)) return `closed proposal ${id} still has votes`;
    } else if (sums.size !== total.length || total.some(({ denom, amount }) => sums.get(denom) !== amount))
      return `proposal ${id} has a total deposit of ${formatCoins(total)}, its depositors gave ${formatCoins([...sums].map(([denom, amount]) => ({ denom, amount })))}`;
  }
  return undefined;
}

/** Every open proposal waits in exactly its queue, and nothing else does. */
export function queuesMatchProposals({ state }: Gov, ctx: ReadCtx): string | undefined {
  let deposits = 0;
  let votes = 0;
  for (const [id, proposal] of state.proposals.entries(ctx)) {
    if (proposal.status === STATUS.depositPeriod) deposits++;
    if (proposal.status === STATUS.votingPeriod) votes++;
    const reason = misplaced(state, ctx, id, proposal);
    if (reason !== undefined) return reason;
  }
  const lengths = [count(state.inactive.entries(ctx)), count(state.active.entries(ctx)), count(state.voting.entries(ctx))];
  return lengths.join() === [deposits, votes, votes].join()
    ? undefined
    : `${deposits} proposals collect deposits and ${votes} are voted on, the queues have ${lengths.join(", ")}`;
}

function misplaced(state: Gov["state"], ctx: ReadCtx, id: bigint, proposal: Proposal): string | undefined {
  if (proposal.status === STATUS.depositPeriod && !state.inactive.has(ctx, [timestampNs(proposal.depositEndTime), id]))
    return `proposal ${id} collects deposits and does not wait for the end of it`;
  if (proposal.status === STATUS.votingPeriod && !state.active.has(ctx, [timestampNs(proposal.votingEndTime), id]))
    return `proposal ${id} is voted on and does not wait for the end of it`;
  return undefined;
}

function count(entries: Iterable<unknown>): number {
  let found = 0;
  for (const _ of entries) found++;
  return found;
}
