import { createHash } from "node:crypto";
import { descriptors } from "../../app/descriptorImage.ts";
import { toProtoJson } from "../../app/encoding/protoJson.ts";
import { CHAIN, createHanzoApp, type HanzoOptions, hanzoModules, hanzoStores } from "../../app/hanzo.ts";
import type { App } from "../../app/runtime/app.ts";
import { storeNames } from "../../app/runtime/app.ts";
import { toTimestamp } from "../../app/sdk/time.ts";
import { createMemoryCommitStore } from "../../app/store/commitStore.ts";
import { type Founder, founderAccount, founderTx, localOperator } from "../../cmd/hanzod/genesis/founder.ts";
import { defaultHmmGenesis } from "../../modules/hmm/index.ts";
import { BaseAccount } from "../../proto/gen/cosmos/auth/v1beta1/auth.ts";
import { QueryAccountRequest, QueryAccountResponse } from "../../proto/gen/cosmos/auth/v1beta1/query.ts";
import { QueryBalanceRequest, QueryBalanceResponse } from "../../proto/gen/cosmos/bank/v1beta1/query.ts";
import { GenesisState as HmmGenesis } from "../../proto/gen/hanzo/hmm/v1/genesis.ts";
import {
  RequestCheckTx,
  RequestFinalizeBlock,
  RequestInitChain,
  RequestQuery,
  type ResponseCheckTx,
  type ResponseFinalizeBlock,
  type ResponseQuery,
} from "../../proto/gen/tendermint/abci/types.ts";
import { coins, moduleAccount, type TestAccount, testAccounts } from "./accounts.ts";
import { type SignerState, type SignOptions, signTx, type TestMessage, type TestSignMode } from "./signTx.ts";

/** How a chain of a test differs from a fresh local chain. */
export interface TestChainOptions {
  readonly chainId?: string;
  /** Accounts of the junk mnemonic with money; 4 when left out. */
  readonly accounts?: number;
  /** What each of them owns. */
  readonly balance?: Readonly<Record<string, bigint>>;
  /** `app_state` by module; takes the place of the harness' own entry for that module. */
  readonly appState?: Readonly<Record<string, unknown>>;
  /** Whether the compute market opens with the pools of a local chain. */
  readonly market?: boolean;
  /**
   * Whether the validator is created by a genesis transaction, as on real chains, and votes in every block. Left out, CometBFT's list names one that
   * nobody has staked on. For chains of the default prefix.
   */
  readonly staked?: boolean;
  readonly maxGas?: bigint;
  readonly initialHeight?: bigint;
  readonly app?: Partial<HanzoOptions>;
  /** Puts something in front of the state machine. */
  readonly wrap?: (app: App) => App;
}

/** A state machine in this process, with blocks whenever a test wants one. */
export interface TestChain {
  readonly app: App;
  readonly chainId: string;
  readonly accounts: readonly TestAccount[];
  /** Makes and commits a block of these transactions. */
  deliver(...txs: readonly Uint8Array[]): Promise<ResponseFinalizeBlock>;
  /** The request of the next block, for tests that drive ABCI themselves. */
  nextBlock(...txs: readonly Uint8Array[]): RequestFinalizeBlock;
  check(tx: Uint8Array, recheck?: boolean): ResponseCheckTx;
  query(path: string, data?: Uint8Array, options?: { readonly height?: bigint; readonly prove?: boolean }): Promise<ResponseQuery>;
  /** Account number and sequence as committed. */
  signer(account: TestAccount): Promise<SignerState>;
  balance(address: string, denom?: string): Promise<bigint>;
  /** Signs with the committed numbers of the given accounts. */
  sign(
    messages: readonly TestMessage[],
    signers: readonly TestAccount[],
    options?: Partial<Omit<SignOptions, "signers" | "chainId">>,
    mode?: TestSignMode,
  ): Promise<Uint8Array>;
}

/** Time of genesis and between blocks, nanoseconds. */
const GENESIS_NS = 1_790_000_000_000_000_000n;
const BLOCK_NS = 1_000_000_000n;
/** Fee of the harness' transactions: enough for the default gas at the default price. */
const FEE_AMOUNT = 5_000_000_000_000n;

/** Consensus parameters of the harness. */
export function testConsensusParams(maxGas = 50_000_000n) {
  return {
    block: { maxBytes: 4_194_304n, maxGas },
    evidence: { maxAgeNumBlocks: 100_000n, maxAgeDuration: { seconds: 172_800n, nanos: 0 }, maxBytes: 1_048_576n },
    validator: { pubKeyTypes: ["ed25519"] },
    version: { app: 0n },
    abci: { voteExtensionsEnableHeight: 0n },
  };
}

/** One validator, whose key nobody needs. */
export const TEST_VALIDATOR = { pubKey: { ed25519: new Uint8Array(32).fill(7) }, power: 10n };

/** Starts a chain in memory: InitChain is done, the first block is not. */
export async function createTestChain(options: TestChainOptions = {}): Promise<TestChain> {
  const chain = options.app?.chain ?? CHAIN;
  const accounts = await testAccounts(options.accounts ?? 4, chain.bech32Prefix);
  const { initialHeight = 1n, chainId = "hanzo-test-1" } = options;
  const modules = options.app?.modules ?? hanzoModules;
  const stores = options.app?.modules === undefined ? hanzoStores : storeNames(modules);
  const store = options.app?.store ?? createMemoryCommitStore({ stores, initialVersion: initialHeight });
  const app = await createHanzoApp({ minGasPrices: "", ...options.app, store });
  const founder = options.staked === true ? await testFounder() : undefined;
  if (app.height === 0n) {
    app.initChain(
      RequestInitChain.fromPartial({
        chainId,
        initialHeight,
        time: toTimestamp(GENESIS_NS),
        consensusParams: testConsensusParams(options.maxGas),
        validators: founder === undefined && !hasStakers(options.appState) ? [TEST_VALIDATOR] : [],
        appStateBytes: new TextEncoder().encode(
          JSON.stringify({
            ...fundedState(accounts, options.balance ?? { [chain.baseDenom]: 10n ** 24n }, options.market ?? false, founder),
            ...(founder === undefined ? {} : { genutil: { gen_txs: [founderTx(founder, chainId)] } }),
            ...options.appState,
          }),
        ),
      }),
    );
  }
  return drive(options.wrap?.(app) ?? app, accounts, chainId, initialHeight, chain.baseDenom, founder !== undefined);
}

/** Who stakes on {@link TEST_VALIDATOR}: an account of its own behind the development accounts. */
async function testFounder(): Promise<Founder> {
  return { moniker: "test", publicKey: TEST_VALIDATOR.pubKey.ed25519, operator: await localOperator(0), memo: "" };
}

function fundedState(
  accounts: readonly TestAccount[],
  balance: Readonly<Record<string, bigint>>,
  market: boolean,
  founder: Founder | undefined,
): Readonly<Record<string, unknown>> {
  const plan = market ? defaultHmmGenesis({ account: moduleAccount("hmm", CHAIN.bech32Prefix), nativeDenom: CHAIN.baseDenom }) : undefined;
  const supply = new Map(Object.entries(balance).map(([denom, amount]) => [denom, amount * BigInt(accounts.length)]));
  for (const { denom, amount } of plan?.funding ?? []) supply.set(denom, (supply.get(denom) ?? 0n) + BigInt(amount));
  const balances = accounts.map(({ address }) => ({ address, coins: coins(balance) }));
  const owners = accounts.map(({ address }) => address);
  if (founder !== undefined) {
    const own = founderAccount(founder);
    owners.push(own.address);
    balances.push({ address: own.address, coins: [...own.coins] });
    for (const { denom, amount } of own.coins) supply.set(denom, (supply.get(denom) ?? 0n) + BigInt(amount));
  }
  if (plan !== undefined)
    balances.push({
      address: moduleAccount("hmm", CHAIN.bech32Prefix),
      coins: coins(Object.fromEntries(plan.funding.map(({ denom, amount }) => [denom, BigInt(amount)]))),
    });
  return {
    auth: {
      accounts: owners.map((address) => ({
        "@type": `/${BaseAccount.$type}`,
        address,
        pub_key: null,
        account_number: "0",
        sequence: "0",
      })),
    },
    bank: {
      params: { default_send_enabled: true },
      balances,
      supply: coins(Object.fromEntries(supply)),
      send_enabled: plan?.sendEnabled ?? [],
    },
    ...(plan === undefined ? {} : { hmm: toProtoJson(descriptors(), HmmGenesis.$type, HmmGenesis.encode(plan.genesis).finish()) }),
  };
}

/** Whether an exported state brings validators of its own, so that CometBFT's list would be another one. */
function hasStakers(appState: Readonly<Record<string, unknown>> | undefined): boolean {
  const { validators } = (appState?.["staking"] ?? {}) as { readonly validators?: readonly unknown[] };
  return (validators ?? []).length > 0;
}

/** Address of {@link TEST_VALIDATOR} where it is staked; the harness' other chains have a proposer that is nobody. */
export const STAKED_ADDRESS = new Uint8Array(createHash("sha256").update(TEST_VALIDATOR.pubKey.ed25519).digest().subarray(0, 20));

function drive(
  app: App,
  accounts: readonly TestAccount[],
  chainId: string,
  initialHeight: bigint,
  baseDenom: string,
  staked: boolean,
): TestChain {
  const votes = [{ validator: { address: STAKED_ADDRESS, power: TEST_VALIDATOR.power }, blockIdFlag: 2 as const }];
  const nextBlock = (...txs: readonly Uint8Array[]): RequestFinalizeBlock => {
    const height = app.height === 0n ? initialHeight : app.height + 1n;
    return RequestFinalizeBlock.fromPartial({
      height,
      txs: [...txs],
      time: toTimestamp(GENESIS_NS + (height - initialHeight) * BLOCK_NS),
      hash: createHash("sha256").update(String(height)).digest(),
      proposerAddress: staked ? STAKED_ADDRESS : new Uint8Array(20).fill(7),
      nextValidatorsHash: new Uint8Array(
        createHash("sha256")
          .update(`validators of ${height + 1n}`)
          .digest(),
      ),
      decidedLastCommit: { round: 0, votes: staked && height > initialHeight ? votes : [] },
    });
  };
  const query: TestChain["query"] = (path, data = new Uint8Array(0), { height = 0n, prove = false } = {}) =>
    app.query(RequestQuery.fromPartial({ path, data, height, prove }));
  const signer: TestChain["signer"] = async (account) => {
    const request = QueryAccountRequest.encode({ address: account.address }).finish();
    const { value, code, log } = await query("/cosmos.auth.v1beta1.Query/Account", request);
    if (code !== 0) throw new Error(log);
    const any = QueryAccountResponse.decode(value).account;
    if (any === undefined) throw new Error("an account expected");
    const { accountNumber, sequence } = BaseAccount.decode(any.value);
    return { account, accountNumber, sequence };
  };
  return {
    app,
    chainId,
    accounts,
    nextBlock,
    query,
    signer,
    async deliver(...txs) {
      const response = await app.finalizeBlock(nextBlock(...txs));
      await app.commit();
      return response;
    },
    check: (tx, recheck = false) => app.checkTx(RequestCheckTx.fromPartial({ tx, type: recheck ? 1 : 0 })),
    async balance(address, denom = baseDenom) {
      const { value } = await query("/cosmos.bank.v1beta1.Query/Balance", QueryBalanceRequest.encode({ address, denom }).finish());
      return BigInt(QueryBalanceResponse.decode(value).balance?.amount ?? "0");
    },
    async sign(messages, signers, signOptions = {}, mode = "direct") {
      const states = await Promise.all(signers.map(signer));
      return signTx(messages, { chainId, signers: states, fee: [{ denom: baseDenom, amount: String(FEE_AMOUNT) }], ...signOptions }, mode);
    },
  };
}
