import { GenesisState } from "#proto/cosmos/gov/v1/genesis";
import type { Proposal } from "#proto/cosmos/gov/v1/gov";
import { AddressError, type ChainConfig, type Ctx, explainCoins, type GenesisHandlers, isTimestamp, type ReadCtx, timestampNs } from "#sdk";
import { type Gov, STATUS, setProposal } from "./gov.ts";
import { accountHoldsDeposits } from "./invariants.ts";
import { defaultParams, validateParams } from "./params.ts";
import { findWeight } from "./vote.ts";

/** Name of the module's account and what it may do with coins that it holds. */
const ACCOUNT = "gov";
const PERMISSIONS = ["burner"];

/** What genesis of x/gov reads and writes. */
export interface GovGenesis extends Gov {
  readonly chain: ChainConfig;
  readonly needs: Gov["needs"] & { readonly auth: { ensureModuleAccount(ctx: Ctx, name: string, permissions: readonly string[]): void } };
}

/** Genesis of x/gov in the format of the Cosmos SDK. */
export function createGenesis(gov: GovGenesis): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ startingProposalId: 1n, params: defaultParams(gov.chain) }),
    validate: (genesis) => validateGenesis(gov, genesis),
    init: (ctx, genesis) => initGenesis(gov, ctx, genesis),
    export: (ctx) => exportGenesis(gov, ctx),
  };
}

function initGenesis(gov: GovGenesis, ctx: Ctx, genesis: GenesisState): void {
  validateGenesis(gov, genesis);
  const { state, address } = gov;
  state.nextId.set(ctx, genesis.startingProposalId);
  gov.params.set(ctx, genesis.params ?? defaultParams(gov.chain));
  if (genesis.constitution !== "") state.constitution.set(ctx, genesis.constitution);
  gov.needs.auth.ensureModuleAccount(ctx, ACCOUNT, PERMISSIONS);
  for (const deposit of genesis.deposits) {
    const depositor = address.canonical(deposit.depositor);
    state.deposits.set(ctx, [deposit.proposalId, depositor], { ...deposit, depositor });
  }
  for (const vote of genesis.votes) state.votes.set(ctx, [vote.proposalId, address.canonical(vote.voter)], vote);
  for (const proposal of genesis.proposals) queueProposal(gov, ctx, proposal);
  const missing = accountHoldsDeposits(gov, ctx);
  if (missing !== undefined) throw gov.err.invalidGenesis(`deposits: ${missing}`);
}

function queueProposal(gov: Gov, ctx: Ctx, proposal: Proposal): void {
  const { id, status, depositEndTime, votingEndTime } = proposal;
  if (status === STATUS.depositPeriod) gov.state.inactive.set(ctx, [timestampNs(depositEndTime), id], id);
  if (status === STATUS.votingPeriod) gov.state.active.set(ctx, [timestampNs(votingEndTime), id], id);
  setProposal(gov, ctx, proposal);
}

function exportGenesis({ state, params }: Gov, ctx: ReadCtx): GenesisState {
  return GenesisState.fromPartial({
    startingProposalId: state.nextId.get(ctx),
    deposits: [...state.deposits.entries(ctx)].map(([, deposit]) => deposit),
    votes: [...state.votes.entries(ctx)].map(([, vote]) => vote),
    proposals: [...state.proposals.entries(ctx)].map(([, proposal]) => proposal),
    params: params.get(ctx),
    constitution: state.constitution.find(ctx) ?? "",
  });
}

/** @throws gov/8 or sdk/18 with the path of the entry that is wrong */
function validateGenesis(gov: Gov, genesis: GenesisState): void {
  if (genesis.startingProposalId === 0n) throw gov.err.invalidGenesis("starting_proposal_id: a number above 0 expected, got 0");
  if (genesis.params !== undefined) validateParams(genesis.params, gov.address);
  const open = new Map<bigint, boolean>();
  for (const [i, proposal] of genesis.proposals.entries()) {
    const at = `proposals[${i}]`;
    if (open.has(proposal.id)) throw gov.err.invalidGenesis(`${at}: proposal ${proposal.id} once expected, got it twice`);
    if (proposal.id >= genesis.startingProposalId)
      throw gov.err.invalidGenesis(
        `${at}: a number below starting_proposal_id, ${genesis.startingProposalId}, expected, got ${proposal.id}`,
      );
    open.set(proposal.id, requireProposal(gov, proposal, at));
  }
  const owned = (list: "deposits" | "votes", i: number, proposalId: bigint, owner: string, seen: Set<string>): void => {
    const at = `${list}[${i}]`;
    if (open.get(proposalId) !== true) throw gov.err.invalidGenesis(`${at}: an open proposal expected, got ${proposalId}`);
    const name = `${proposalId}/${requireAddress(gov, owner, at)}`;
    if (seen.has(name)) throw gov.err.invalidGenesis(`${at}: ${name} once expected, got it twice`);
    seen.add(name);
  };
  const depositors = new Set<string>();
  for (const [i, { proposalId, depositor, amount }] of genesis.deposits.entries()) {
    owned("deposits", i, proposalId, depositor, depositors);
    const reason = explainCoins(amount);
    if (reason !== undefined) throw gov.err.invalidGenesis(`deposits[${i}].amount: ${reason}`);
  }
  const voters = new Set<string>();
  for (const [i, { proposalId, voter, options }] of genesis.votes.entries()) {
    owned("votes", i, proposalId, voter, voters);
    if (options.length === 0 || options.some((option) => findWeight(option) === undefined))
      throw gov.err.invalidGenesis(`votes[${i}].options: options with weights above 0 and at most 1 expected`);
  }
}

/** @returns whether it is open */
function requireProposal({ err }: Gov, { status, depositEndTime, votingEndTime, totalDeposit }: Proposal, at: string): boolean {
  if (!Object.values<number>(STATUS).includes(status)) throw err.invalidGenesis(`${at}.status: a status expected, got ${status}`);
  if (status === STATUS.depositPeriod && depositEndTime === undefined)
    throw err.invalidGenesis(`${at}.deposit_end_time expected, got none`);
  if (status === STATUS.votingPeriod && votingEndTime === undefined) throw err.invalidGenesis(`${at}.voting_end_time expected, got none`);
  for (const time of [depositEndTime, votingEndTime])
    if (time !== undefined && !isTimestamp(timestampNs(time))) throw err.invalidGenesis(`${at}: times of the years 1 to 9999 expected`);
  const reason = explainCoins(totalDeposit);
  if (reason !== undefined) throw err.invalidGenesis(`${at}.total_deposit: ${reason}`);
  return status === STATUS.depositPeriod || status === STATUS.votingPeriod;
}

function requireAddress({ address, err }: Gov, text: string, at: string): string {
  try {
    return address.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw err.invalidGenesis(`${at}: ${cause.message}`);
    throw cause;
  }
}
