// What the generator sees of the committed state, by the queries that clients have.

import { GenericAuthorization } from "../../../proto/gen/cosmos/authz/v1beta1/authz.ts";
import { QueryGranterGrantsRequest, QueryGranterGrantsResponse } from "../../../proto/gen/cosmos/authz/v1beta1/query.ts";
import { QueryAllowancesByGranterRequest, QueryAllowancesByGranterResponse } from "../../../proto/gen/cosmos/feegrant/v1beta1/query.ts";
import { ProposalStatus } from "../../../proto/gen/cosmos/gov/v1/gov.ts";
import { QueryProposalsRequest, QueryProposalsResponse } from "../../../proto/gen/cosmos/gov/v1/query.ts";
import {
  QueryDelegatorUnbondingDelegationsRequest,
  QueryDelegatorUnbondingDelegationsResponse,
  QueryValidatorsRequest,
  QueryValidatorsResponse,
} from "../../../proto/gen/cosmos/staking/v1beta1/query.ts";
import {
  QueryEntriesRequest,
  QueryEntriesResponse,
  QueryHoldoutsRequest,
  QueryHoldoutsResponse,
  QueryRoundsRequest,
  QueryRoundsResponse,
  QueryVotesRequest,
  QueryVotesResponse,
} from "../../../proto/gen/hanzo/experience/v1/query.ts";
import { type Entry, RoundStage, type Vote } from "../../../proto/gen/hanzo/experience/v1/types.ts";
import {
  QueryCommitmentsByWorkerRequest,
  QueryCommitmentsByWorkerResponse,
  QueryOrdersByOwnerRequest,
  QueryOrdersByOwnerResponse,
  QueryPositionsRequest,
  QueryPositionsResponse,
  QueryRoundRequest,
  QueryRoundResponse,
} from "../../../proto/gen/hanzo/hmm/v1/query.ts";
import type { TestChain } from "../../harness/testChain.ts";
import type { Memory } from "./messages/maker.ts";

/** A message that can be written from some of its fields. */
interface Request<Q> {
  encode(message: Q): { finish(): Uint8Array };
  fromPartial(partial: Partial<Q>): Q;
}

type Ask = <Q, A>(path: string, request: Request<Q>, answer: { decode(bytes: Uint8Array): A }, fields: Partial<Q>) => Promise<A>;

/** The typed authorizations that the generator grants, with the messages that they are for. */
const TYPED: Readonly<Record<string, string>> = {
  "/cosmos.bank.v1beta1.SendAuthorization": "/cosmos.bank.v1beta1.MsgSend",
  "/cosmos.staking.v1beta1.StakeAuthorization": "/cosmos.staking.v1beta1.MsgDelegate",
};

/** Brings what messages refer to up to date. */
export async function lookAround(chain: TestChain, memory: Memory): Promise<void> {
  const ask: Ask = async (path, request, answer, fields) =>
    answer.decode((await chain.query(path, request.encode(request.fromPartial(fields)).finish())).value);
  memory.height = chain.app.height + 1n;
  memory.seconds = chain.app.timeNs / 1_000_000_000n;
  const { round, revealing } = await ask("/hanzo.hmm.v1.Query/Round", QueryRoundRequest, QueryRoundResponse, {});
  memory.round = round?.id ?? 0n;
  memory.revealing = revealing;
  const { validators } = await ask("/cosmos.staking.v1beta1.Query/Validators", QueryValidatorsRequest, QueryValidatorsResponse, {});
  memory.jailed = new Set(validators.filter(({ jailed }) => jailed).map(({ operatorAddress }) => operatorAddress));
  const { proposals } = await ask("/cosmos.gov.v1.Query/Proposals", QueryProposalsRequest, QueryProposalsResponse, {});
  memory.proposals = proposals
    .map(({ id, proposer, status }) => ({
      id: String(id),
      proposer,
      status,
      isVoting: status === ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD,
    }))
    .filter(({ status, isVoting }) => isVoting || status === ProposalStatus.PROPOSAL_STATUS_DEPOSIT_PERIOD);
  await lookAtRegistry(ask, memory);
  for (const { address } of chain.accounts) {
    await lookAtMarket(ask, chain.app.height + 1n, memory, address);
    await lookAtGrants(ask, memory, address);
    await lookAtStake(ask, memory, address);
  }
}

/** Rounds that run, with their entries and votes. */
async function lookAtRegistry(ask: Ask, memory: Memory): Promise<void> {
  const path = "/hanzo.experience.v1.Query";
  const { rounds: all } = await ask(`${path}/Rounds`, QueryRoundsRequest, QueryRoundsResponse, {});
  const rounds = all.filter(({ stage }) => stage < RoundStage.ROUND_STAGE_SETTLE);
  const { holdouts } = await ask(`${path}/Holdouts`, QueryHoldoutsRequest, QueryHoldoutsResponse, {});
  const entries: Entry[] = [];
  const votes: Vote[] = [];
  for (const { id: roundId } of rounds) {
    entries.push(...(await ask(`${path}/Entries`, QueryEntriesRequest, QueryEntriesResponse, { roundId })).entries);
    votes.push(...(await ask(`${path}/Votes`, QueryVotesRequest, QueryVotesResponse, { roundId })).votes);
  }
  memory.registry = { rounds, entries, votes, holdouts };
}

async function lookAtMarket(ask: Ask, height: bigint, memory: Memory, owner: string): Promise<void> {
  const path = "/hanzo.hmm.v1.Query";
  const { orders } = await ask(`${path}/OrdersByOwner`, QueryOrdersByOwnerRequest, QueryOrdersByOwnerResponse, { owner });
  const { commitments } = await ask(`${path}/CommitmentsByWorker`, QueryCommitmentsByWorkerRequest, QueryCommitmentsByWorkerResponse, {
    worker: owner,
  });
  const { positions } = await ask(`${path}/Positions`, QueryPositionsRequest, QueryPositionsResponse, { owner });
  const free = positions
    .flatMap(({ position }) => position ?? [])
    .filter(({ unlockHeight }) => unlockHeight <= height)
    .map(({ poolId }) => poolId);
  if (free.length > 0) memory.unlocked.set(owner, free);
  memory.orders.set(
    owner,
    orders.map(({ id }) => String(id)),
  );
  memory.commitments.set(
    owner,
    commitments.map(({ id }) => String(id)),
  );
}

async function lookAtGrants(ask: Ask, memory: Memory, granter: string): Promise<void> {
  const { grants } = await ask("/cosmos.authz.v1beta1.Query/GranterGrants", QueryGranterGrantsRequest, QueryGranterGrantsResponse, {
    granter,
  });
  memory.grants.set(
    granter,
    grants.flatMap(({ grantee, authorization }) => {
      if (authorization === undefined) return [];
      const generic = authorization.typeUrl === `/${GenericAuthorization.$type}`;
      const typeUrl = generic ? GenericAuthorization.decode(authorization.value).msg : TYPED[authorization.typeUrl];
      return typeUrl === undefined ? [] : [{ grantee, typeUrl }];
    }),
  );
  const { allowances } = await ask(
    "/cosmos.feegrant.v1beta1.Query/AllowancesByGranter",
    QueryAllowancesByGranterRequest,
    QueryAllowancesByGranterResponse,
    { granter },
  );
  memory.allowances.set(
    granter,
    allowances.map(({ grantee }) => grantee),
  );
}

async function lookAtStake(ask: Ask, memory: Memory, delegatorAddr: string): Promise<void> {
  const path = "/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations";
  const { unbondingResponses } = await ask(path, QueryDelegatorUnbondingDelegationsRequest, QueryDelegatorUnbondingDelegationsResponse, {
    delegatorAddr,
  });
  const all = unbondingResponses.flatMap(({ validatorAddress: operator, entries }) =>
    entries.map(({ creationHeight }) => ({ operator, height: String(creationHeight) })),
  );
  if (all.length > 0) memory.unbondings.set(delegatorAddr, all);
  else memory.unbondings.delete(delegatorAddr);
}
