import { CHAIN } from "../../app/hanzo.ts";
import { createAddressCodec } from "../../app/sdk/index.ts";
import { PubKey } from "../../proto/gen/cosmos/crypto/ed25519/keys.ts";
import type { Proposal } from "../../proto/gen/cosmos/gov/v1/gov.ts";
import { QueryProposalRequest, QueryProposalResponse } from "../../proto/gen/cosmos/gov/v1/query.ts";
import { MsgSubmitProposal, MsgVote } from "../../proto/gen/cosmos/gov/v1/tx.ts";
import { MsgCreateValidator, MsgDelegate } from "../../proto/gen/cosmos/staking/v1beta1/tx.ts";
import type { Any } from "../../proto/gen/google/protobuf/any.ts";
import type { ExecTxResult, ResponseFinalizeBlock } from "../../proto/gen/tendermint/abci/types.ts";
import { moduleAccount, type TestAccount } from "./accounts.ts";
import { message, type TestMessage } from "./signTx.ts";
import { createTestChain, type TestChain, type TestChainOptions } from "./testChain.ts";

const AI = 10n ** 18n;
export const GOV = moduleAccount("gov", CHAIN.bech32Prefix);
export const stake = (count: bigint): { denom: string; amount: string } => ({ denom: CHAIN.baseDenom, amount: String(count * AI) });

/** Blocks are a second apart: deposits for 3 of them, ordinary votes for 6, urgent ones for 3. */
const GOV_PARAMS = {
  min_deposit: [stake(100n)],
  max_deposit_period: "3s",
  voting_period: "6s",
  quorum: "0.334",
  threshold: "0.5",
  veto_threshold: "0.334",
  min_initial_deposit_ratio: "0.25",
  proposal_cancel_ratio: "0.5",
  proposal_cancel_dest: "",
  expedited_voting_period: "3s",
  expedited_threshold: "0.667",
  expedited_min_deposit: [stake(500n)],
  burn_vote_quorum: false,
  burn_proposal_deposit_prevote: false,
  burn_vote_veto: true,
  min_deposit_ratio: "0.01",
};

/** A chain with governance and somebody who has staked. */
export interface GovChain extends TestChain {
  /** Runs one message in a block of its own. */
  run(sender: TestAccount, ...messages: readonly TestMessage[]): Promise<ExecTxResult>;
  /** Makes empty blocks. @returns the last one */
  pass(blocks: number): Promise<ResponseFinalizeBlock>;
  proposal(id: bigint): Promise<Proposal | undefined>;
  /** Proposes with the whole deposit, and everybody who has staked agrees. @returns the number of the proposal */
  propose(messages: readonly TestMessage[], change?: Partial<MsgSubmitProposal>): Promise<bigint>;
}

/** A message inside of another. */
export function pack({ codec, value }: TestMessage): Any {
  return { typeUrl: `/${codec.$type}`, value: codec.encode(value as never).finish() };
}

/** Starts it: the first account is a validator with 60 units of stake, the second one has staked 40 with it, the others nothing. */
export async function createGovChain(options: TestChainOptions & { readonly gov?: object } = {}): Promise<GovChain> {
  const chain = await createTestChain({
    ...options,
    appState: { gov: { starting_proposal_id: "1", params: { ...GOV_PARAMS, ...options.gov } }, ...options.appState },
  });
  const [validator, delegator] = chain.accounts;
  if (validator === undefined || delegator === undefined) throw new Error("two accounts expected");
  const address = createAddressCodec(CHAIN.bech32Prefix);
  const operator = address.operator.format(address.parse(validator.address));
  const create = message(MsgCreateValidator, {
    description: { moniker: "v", identity: "", website: "", securityContact: "", details: "" },
    commission: { rate: "0", maxRate: "0", maxChangeRate: "0" },
    minSelfDelegation: "1",
    validatorAddress: operator,
    pubkey: { typeUrl: `/${PubKey.$type}`, value: PubKey.encode({ key: new Uint8Array(32).fill(9) }).finish() },
    value: stake(60n),
  });
  const run: GovChain["run"] = async (sender, ...messages) => {
    const { txResults } = await chain.deliver(await chain.sign(messages, [sender]));
    const [result] = txResults;
    if (result === undefined) throw new Error("a result expected");
    return result;
  };
  const must = async (sender: TestAccount, sent: TestMessage): Promise<ExecTxResult> => {
    const result = await run(sender, sent);
    if (result.code !== 0) throw new Error(result.log);
    return result;
  };
  await chain.deliver();
  await must(validator, create);
  await must(delegator, message(MsgDelegate, { delegatorAddress: delegator.address, validatorAddress: operator, amount: stake(40n) }));
  return {
    ...chain,
    run,
    async pass(blocks) {
      let last = await chain.deliver();
      for (let block = 1; block < blocks; block++) last = await chain.deliver();
      return last;
    },
    async proposal(id) {
      const { value, code } = await chain.query("/cosmos.gov.v1.Query/Proposal", QueryProposalRequest.encode({ proposalId: id }).finish());
      return code === 0 ? QueryProposalResponse.decode(value).proposal : undefined;
    },
    async propose(messages, change = {}) {
      const result = await must(delegator, message(MsgSubmitProposal, { ...submission(delegator, messages), ...change }));
      const id = BigInt(attribute(result, "submit_proposal", "proposal_id"));
      await must(validator, message(MsgVote, { proposalId: id, voter: validator.address, option: 1 }));
      return id;
    },
  };
}

/** A proposal that needs nothing but votes. */
export function submission(proposer: TestAccount, messages: readonly TestMessage[] = []): MsgSubmitProposal {
  return MsgSubmitProposal.fromPartial({
    messages: messages.map(pack),
    initialDeposit: [stake(100n)],
    proposer: proposer.address,
    metadata: "m",
    title: "t",
    summary: "s",
  });
}

/** The first attribute of that name in events of that type. */
export function attribute({ events }: Pick<ExecTxResult, "events">, type: string, key: string): string {
  return (
    events
      .filter((event) => event.type === type)
      .flatMap(({ attributes }) => attributes)
      .find((entry) => entry.key === key)?.value ?? ""
  );
}
