// A chain of 100 validators and many delegators, in this process and in memory: what bench-staking times block by block.
import { MsgWithdrawDelegatorReward } from "#proto/cosmos/distribution/v1beta1/tx";
import { MsgDelegate } from "#proto/cosmos/staking/v1beta1/tx";
import { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import { BlockIDFlag } from "#proto/tendermint/types/validator";
import { sha256 } from "#sha256";
import { toBase64 } from "../../app/encoding/bytes.ts";
import { directSignBytes } from "../../app/encoding/signDocs.ts";
import { CHAIN, createHanzoApp, hanzoStores } from "../../app/hanzo.ts";
import type { App } from "../../app/runtime/app.ts";
import { createAddressCodec, moduleAddress } from "../../app/sdk/index.ts";
import { createMemoryCommitStore } from "../../app/store/commitStore.ts";
import { createChainGenesis } from "../../cmd/hanzod/genesis/chainGenesis.ts";
import { type GenesisDocument, initChainRequest } from "../../cmd/hanzod/genesis/initChainRequest.ts";
import { type Actor, createActors, SIMULATED_SIGNATURES, sign } from "../../cmd/hanzod/sim/chain/actors.ts";
import { createMachines } from "../../cmd/hanzod/sim/chain/validators.ts";
import { NOT_BONDED_POOL } from "../../modules/staking/index.ts";

const VALIDATORS = 100;
const AI = 10n ** 18n;
/** What each delegator stakes on one validator, and holds besides. */
const [STAKE, BALANCE] = [100n * AI, 1000n * AI];
/** One delegator in so many has locked coins, is withdrawing stake, has granted an authorization and pays somebody's fees. */
const SPECIAL = 10;
const CHAIN_ID = "hanzo-bench-1";
const BEGIN = 1_800_000_000;
const FAR = "2099-01-01T00:00:00Z";

/** A chain with its delegators. */
export interface StakedChain {
  /** Executes and commits a block in which everybody voted. @returns CPU time of the process in milliseconds */
  block(txs: readonly Uint8Array[]): Promise<number>;
  /** A transaction of the delegator of a number: it stakes more, or withdraws its rewards. */
  tx(delegator: number, kind: "delegate" | "withdraw"): Uint8Array;
}

interface People {
  readonly delegators: readonly Actor[];
  readonly operators: readonly string[];
}

/** Begins a chain. @param count delegators, at least 100 */
export async function beginStakedChain(count: number): Promise<StakedChain> {
  const codec = createAddressCodec(CHAIN.bech32Prefix);
  const operators = createActors(VALIDATORS, codec, "operator").map(({ address }) => codec.operator.format(codec.parse(address)));
  const people = { delegators: createActors(count, codec, "delegator"), operators };
  const app = await createHanzoApp({
    store: createMemoryCommitStore({ stores: hanzoStores }),
    minGasPrices: "",
    secp256k1: SIMULATED_SIGNATURES,
    log: { info: () => undefined, error: () => undefined },
  });
  app.initChain(genesisOf(people));
  const chain = new Blocks(app, people);
  await chain.block([]);
  return chain;
}

class Blocks implements StakedChain {
  readonly #app: App;
  readonly #people: People;
  readonly #sequences = new Map<number, bigint>();
  readonly #votes: RequestFinalizeBlock["decidedLastCommit"];

  constructor(app: App, people: People) {
    this.#app = app;
    this.#people = people;
    const power = (BigInt(people.delegators.length) * STAKE) / BigInt(VALIDATORS) / AI;
    const votes = createMachines(VALIDATORS).map(({ address }) => ({
      validator: { address, power },
      blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
    }));
    this.#votes = { round: 0, votes };
  }

  async block(txs: readonly Uint8Array[]): Promise<number> {
    const height = this.#app.height + 1n;
    const request = RequestFinalizeBlock.fromPartial({
      height,
      txs: [...txs],
      time: { seconds: BigInt(BEGIN) + height, nanos: 0 },
      hash: sha256(Uint8Array.of(Number(height & 255n))),
      proposerAddress: this.#votes?.votes[0]?.validator?.address ?? new Uint8Array(0),
      nextValidatorsHash: new Uint8Array(32),
      decidedLastCommit: height === 1n ? { round: 0, votes: [] } : this.#votes,
    });
    const before = process.cpuUsage();
    const { txResults } = await this.#app.finalizeBlock(request);
    await this.#app.commit();
    const { user, system } = process.cpuUsage(before);
    const failed = txResults.find(({ code }) => code !== 0);
    if (failed !== undefined) throw new Error(`a transaction that succeeds expected, got ${failed.log}`);
    return (user + system) / 1000;
  }

  tx(delegator: number, kind: "delegate" | "withdraw"): Uint8Array {
    const signer = this.#people.delegators[delegator];
    if (signer === undefined) throw new Error(`one of ${this.#people.delegators.length} delegators expected, got ${delegator}`);
    const sequence = this.#sequences.get(delegator) ?? 0n;
    this.#sequences.set(delegator, sequence + 1n);
    const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [this.#message(signer, delegator, kind)] })).finish();
    const authInfoBytes = AuthInfo.encode(
      AuthInfo.fromPartial({
        signerInfos: [{ publicKey: signer.publicKey, modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } }, sequence }],
        fee: { amount: [{ denom: CHAIN.baseDenom, amount: "1000000" }], gasLimit: 1_000_000n },
      }),
    ).finish();
    const numbers = { chainId: CHAIN_ID, accountNumber: BigInt(delegator), sequence };
    const signature = sign(signer.key, sha256(directSignBytes({ bodyBytes, authInfoBytes }, numbers)));
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish();
  }

  #message({ address }: Actor, delegator: number, kind: "delegate" | "withdraw") {
    const fields = { delegatorAddress: address, validatorAddress: this.#people.operators[delegator % VALIDATORS] ?? "" };
    if (kind === "withdraw")
      return { typeUrl: `/${MsgWithdrawDelegatorReward.$type}`, value: MsgWithdrawDelegatorReward.encode(fields).finish() };
    const amount = { denom: CHAIN.baseDenom, amount: "1000" };
    return { typeUrl: `/${MsgDelegate.$type}`, value: MsgDelegate.encode({ ...fields, amount }).finish() };
  }
}

function genesisOf(people: People) {
  const { delegators } = people;
  const coins = (amount: bigint) => [{ denom: CHAIN.baseDenom, amount: String(amount) }];
  const accounts = delegators.map(({ address }) => ({ address, coins: coins(BALANCE) }));
  const genesisTime = new Date(BEGIN * 1000).toISOString();
  const document = createChainGenesis({ chainId: CHAIN_ID, genesisTime, founders: [], accounts }) as GenesisDocument & { app_state: State };
  const { auth, bank } = document.app_state;
  const pool = (name: string) => createAddressCodec(CHAIN.bech32Prefix).format(moduleAddress(name));
  const special = delegators.filter((_, i) => isSpecial(i));
  const staked = BigInt(delegators.length) * STAKE;
  const leaving = BigInt(special.length) * STAKE;
  const appState = {
    ...document.app_state,
    auth: { ...auth, accounts: auth.accounts.map((account, i) => (isSpecial(i) ? vesting(account, coins(BALANCE / 2n)) : account)) },
    bank: {
      ...bank,
      supply: [],
      balances: [...bank.balances, { address: pool(NOT_BONDED_POOL), coins: coins(staked + leaving) }],
    },
    staking: stakingOf(people, special),
    authz: {
      authorization: pairsOf(special).map(([granter, grantee]) => ({ granter, grantee, authorization: MAY_VOTE, expiration: FAR })),
    },
    feegrant: { allowances: pairsOf(special).map(([granter, grantee]) => ({ granter, grantee, allowance: PAYS })) },
  };
  return initChainRequest({ ...document, validators: [], app_state: appState } as GenesisDocument);
}

interface State {
  readonly auth: { readonly accounts: readonly Readonly<Record<string, unknown>>[] };
  readonly bank: { readonly balances: readonly object[] };
}

const MAY_VOTE = { "@type": "/cosmos.authz.v1beta1.GenericAuthorization", msg: "/cosmos.gov.v1.MsgVote" };
const PAYS = { "@type": "/cosmos.feegrant.v1beta1.BasicAllowance", spend_limit: [], expiration: FAR };
const isSpecial = (delegator: number): boolean => delegator % SPECIAL === 0;

/** Each with the next one. */
function pairsOf(actors: readonly Actor[]): (readonly [string, string])[] {
  return actors.map(({ address }, i) => [address, actors[(i + 1) % actors.length]?.address ?? address]);
}

function vesting({ "@type": _, ...account }: Readonly<Record<string, unknown>>, locked: object): Readonly<Record<string, unknown>> {
  const base = { base_account: account, original_vesting: locked, delegated_free: [], delegated_vesting: [], end_time: String(BEGIN * 2) };
  return { "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount", base_vesting_account: base, start_time: String(BEGIN) };
}

function stakingOf({ delegators, operators }: People, special: readonly Actor[]): object {
  const on = (i: number): string => operators[i % VALIDATORS] ?? "";
  const sums = operators.map((_, v) => STAKE * BigInt(delegators.filter((_, i) => i % VALIDATORS === v).length));
  return {
    validators: createMachines(VALIDATORS).map(({ publicKey, name }, v) => ({
      operator_address: operators[v],
      consensus_pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: toBase64(publicKey) },
      // They come into the set with the first block, as those of genesis transactions.
      status: "BOND_STATUS_UNBONDED",
      tokens: String(sums[v]),
      delegator_shares: `${sums[v]}.000000000000000000`,
      description: { moniker: name },
      unbonding_time: "1970-01-01T00:00:00Z",
      commission: {
        commission_rates: { rate: "0.1", max_rate: "0.2", max_change_rate: "0.01" },
        update_time: "1970-01-01T00:00:00Z",
      },
      min_self_delegation: "1",
    })),
    delegations: delegators.map(({ address }, i) => ({
      delegator_address: address,
      validator_address: on(i),
      shares: `${STAKE}.000000000000000000`,
    })),
    unbonding_delegations: special.map(({ address }, i) => ({
      delegator_address: address,
      validator_address: on(i * SPECIAL),
      entries: [
        { creation_height: "0", completion_time: FAR, initial_balance: String(STAKE), balance: String(STAKE), unbonding_id: String(i + 1) },
      ],
    })),
  };
}
