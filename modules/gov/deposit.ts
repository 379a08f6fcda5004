import type { Params, Proposal } from "#proto/cosmos/gov/v1/gov";
import type { MsgDeposit } from "#proto/cosmos/gov/v1/tx";
import {
  addCoins,
  type CoinAmount,
  type Ctx,
  decTruncate,
  durationNs,
  encodeCoins,
  formatCoins,
  moduleAddress,
  parseDecimal,
  requireCoins,
  sdkError,
  timestampNs,
  toTimestamp,
} from "#sdk";
import { distribution } from "../distribution/index.ts";
import { coinsOf, coversAll, shareOf } from "./coins.ts";
import { type Gov, getProposal, isOpen, STATUS, setProposal } from "./gov.ts";
import { emitVotingStart } from "./votingStart.ts";

/** MsgDeposit: adds to what an open proposal has. */
export function deposit(gov: Gov, ctx: Ctx, { proposalId, depositor, amount }: MsgDeposit): object {
  if (addDeposit(gov, ctx, proposalId, gov.address.canonical(depositor), requireCoins(amount)))
    emitVotingStart(ctx, "proposal_deposit", proposalId);
  return {};
}

/**
 * Takes a deposit; enough of them start the vote.
 * @param coins valid
 * @returns whether the vote began
 * @throws gov/3 when the proposal is closed, gov/16 and gov/23 when the deposit is none that counts, sdk/4 for the governance account itself, sdk/5
 */
export function addDeposit(gov: Gov, ctx: Ctx, id: bigint, depositor: string, coins: readonly CoinAmount[]): boolean {
  const proposal = getProposal(gov, ctx, id);
  if (!isOpen(proposal)) throw gov.err.inactiveProposal(String(id));
  const params = gov.params.get(ctx);
  const wanted = coinsOf(proposal.expedited ? params.expeditedMinDeposit : params.minDeposit);
  requireDenoms(gov, params, coins);
  requireShare(gov, params, wanted, coins);
  // What governance holds are the deposits themselves: they cannot be deposited a second time.
  if (depositor === gov.account) throw sdkError.unauthorized(`${depositor} holds the deposits and cannot make one`);
  gov.needs.bank.sendCoins(ctx, depositor, gov.account, coins);
  const total = addCoins(coinsOf(proposal.totalDeposit), coins);
  const funded: Proposal = { ...proposal, totalDeposit: encodeCoins(total) };
  const begins = proposal.status === STATUS.depositPeriod && coversAll(total, wanted);
  if (begins) beginVoting(gov, ctx, funded, params);
  else setProposal(gov, ctx, funded);
  const before = coinsOf(gov.state.deposits.find(ctx, [id, depositor])?.amount ?? []);
  ctx.event("proposal_deposit", [
    ["depositor", depositor],
    ["amount", formatCoins(coins)],
    ["proposal_id", String(id)],
  ]);
  gov.state.deposits.set(ctx, [id, depositor], { proposalId: id, depositor, amount: encodeCoins(addCoins(before, coins)) });
  return begins;
}

/** Only denominations of the minimum deposit count. @throws gov/23 */
export function requireDenoms({ err }: Pick<Gov, "err">, { minDeposit }: Params, coins: readonly CoinAmount[]): void {
  const accepted = minDeposit.map(({ denom }) => denom);
  if (coins.every(({ denom }) => accepted.includes(denom))) return;
  throw err.invalidDepositDenom(`deposited ${formatCoins(coins)}, but gov accepts only the following denom(s): [${accepted.join(" ")}]`);
}

/** A single deposit has a share of the minimum, of one denomination at least. */
function requireShare({ err }: Gov, params: Params, wanted: readonly CoinAmount[], coins: readonly CoinAmount[]): void {
  const ratio = parseDecimal(params.minDepositRatio);
  if (ratio === 0n) return;
  const least = wanted.map(({ denom, amount }) => ({ denom, amount: decTruncate(shareOf(amount, ratio)) }));
  if (least.some(({ denom, amount }) => coins.some((coin) => coin.denom === denom && coin.amount >= amount))) return;
  throw err.depositTooSmall(`received ${formatCoins(coins)} but need at least one of the following: ${formatCoins(least)}`);
}

function beginVoting(gov: Gov, ctx: Ctx, proposal: Proposal, params: Params): void {
  const { id, expedited, depositEndTime } = proposal;
  const end = ctx.timeNs + durationNs(expedited ? params.expeditedVotingPeriod : params.votingPeriod);
  const status = STATUS.votingPeriod;
  setProposal(gov, ctx, { ...proposal, status, votingStartTime: toTimestamp(ctx.timeNs), votingEndTime: toTimestamp(end) });
  gov.state.inactive.delete(ctx, [timestampNs(depositEndTime), id]);
  gov.state.active.set(ctx, [end, id], id);
}

/** Gives the deposits of a proposal back, in the order of the depositors' addresses. */
export function refundDeposits(gov: Gov, ctx: Ctx, id: bigint): void {
  for (const [at, { amount }] of [...gov.state.deposits.under(ctx, id)]) {
    gov.needs.bank.sendCoins(ctx, gov.account, at[1], coinsOf(amount));
    gov.state.deposits.delete(ctx, at);
  }
}

/** Destroys the deposits of a proposal. */
export function burnDeposits(gov: Gov, ctx: Ctx, id: bigint): void {
  let burned: readonly CoinAmount[] = [];
  for (const [at, { amount }] of [...gov.state.deposits.under(ctx, id)]) {
    burned = addCoins(burned, coinsOf(amount));
    gov.state.deposits.delete(ctx, at);
  }
  gov.needs.bank.burnCoins(ctx, gov.account, burned);
}

/**
 * Gives the deposits of a cancelled proposal back but for a share, which is burned or goes to whom the parameters name. The share is rounded down,
 * for every depositor and denomination.
 */
export function chargeDeposits(gov: Gov, ctx: Ctx, id: bigint, { proposalCancelRatio, proposalCancelDest }: Params): void {
  const ratio = parseDecimal(proposalCancelRatio);
  let charges: readonly CoinAmount[] = [];
  for (const [at, { amount }] of [...gov.state.deposits.under(ctx, id)]) {
    const paid = coinsOf(amount);
    const charge = positive(paid.map((coin) => ({ denom: coin.denom, amount: decTruncate(shareOf(coin.amount, ratio)) })));
    const left = positive(
      paid.map((coin) => ({ denom: coin.denom, amount: coin.amount - (charge.find(({ denom }) => denom === coin.denom)?.amount ?? 0n) })),
    );
    charges = addCoins(charges, charge);
    if (left.length > 0) gov.needs.bank.sendCoins(ctx, gov.account, at[1], left);
    gov.state.deposits.delete(ctx, at);
  }
  if (charges.length === 0) return;
  if (proposalCancelDest === "") gov.needs.bank.burnCoins(ctx, gov.account, charges);
  // What that account holds is the community's only where its books say so.
  else if (proposalCancelDest === gov.address.format(moduleAddress(distribution.name)))
    gov.needs.distribution.fundCommunityPool(ctx, gov.account, charges);
  else gov.needs.bank.sendCoins(ctx, gov.account, proposalCancelDest, charges);
}

function positive(coins: readonly CoinAmount[]): readonly CoinAmount[] {
  return coins.filter(({ amount }) => amount > 0n);
}
