// A one-node chain with a market made to measure, and hands to work on it: what the hostile tests of the market stand on.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { QueryTotalSupplyRequest, QueryTotalSupplyResponse } from "#proto/cosmos/bank/v1beta1/query";
import { TxMsgData } from "#proto/cosmos/base/abci/v1beta1/abci";
import { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { QueryPoolRequest, QueryPoolResponse, QueryRoundRequest, QueryRoundResponse } from "#proto/hanzo/hmm/v1/query";
import type { Params } from "#proto/hanzo/hmm/v1/types";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { defaultHmmGenesis, LOCAL_CLASSES, type ResourceClass } from "../../../modules/hmm/index.ts";
import { type PoolState, poolFromProto } from "../../../modules/hmm/records.ts";
import { coins, moduleAccount, type TestAccount } from "../../harness/accounts.ts";
import { signTx, type TestMessage } from "../../harness/signTx.ts";
import { type ChainHome, createChainHome } from "./chainHome.ts";
import { type InProcessNode, startInProcess } from "./inProcessNode.ts";
import { abciQuery, type BlockTx, broadcast, waitForHeight, waitForTx } from "./rpc.ts";
import { accountInfo, balancesOf, devAccounts } from "./wallet.ts";

/** Account of the market. */
export const MARKET_ACCOUNT = moduleAccount("hmm", CHAIN.bech32Prefix);

/** How the market of a scene differs from a local chain's. */
export interface MarketOptions {
  /** Further pools with their first reserves. */
  readonly classes?: readonly ResourceClass[];
  /** Resource that accounts own: a development account by its number, or the market's own as a gift; pool, base units. */
  readonly holders?: readonly (readonly [account: number | "market", poolId: string, amount: bigint])[];
  readonly params?: Partial<Params>;
  /** Last change to the market's genesis. */
  readonly change?: (genesis: GenesisState) => GenesisState;
}

interface GenesisDocument {
  readonly app_state: {
    readonly bank: {
      balances: readonly { readonly address: string; readonly coins: readonly { readonly denom: string; readonly amount: string }[] }[];
      supply: readonly { readonly denom: string; readonly amount: string }[];
    };
    hmm: unknown;
  };
}

/** Puts another market into a genesis file, with the coins that make it true. */
export async function rewriteMarket(path: string, options: MarketOptions, accounts: readonly TestAccount[]): Promise<void> {
  const { classes = [], holders = [], params = {}, change = (genesis) => genesis } = options;
  const all = [...LOCAL_CLASSES, ...classes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { genesis, funding } = defaultHmmGenesis({ account: MARKET_ACCOUNT, nativeDenom: CHAIN.baseDenom, classes: all });
  const [first] = genesis.commitments;
  assert.ok(first !== undefined && genesis.params !== undefined);
  // Whatever an account owns was promised by somebody, here by the worker of the genesis pools.
  const promised = holders.map(([, poolId, amount], index) => ({
    ...first,
    id: genesis.lastCommitmentId + BigInt(index + 1),
    poolId,
    outstanding: amount.toString(),
  }));
  const market = change({
    ...genesis,
    params: { ...genesis.params, ...params },
    commitments: [...genesis.commitments, ...promised],
    lastCommitmentId: genesis.lastCommitmentId + BigInt(holders.length),
  });
  const owned = new Map<string, Record<string, bigint>>();
  const give = (address: string, denom: string, amount: bigint): void => {
    const held = owned.get(address) ?? {};
    held[denom] = (held[denom] ?? 0n) + amount;
    owned.set(address, held);
  };
  const document = JSON.parse(await readFile(path, "utf8")) as GenesisDocument;
  const { bank } = document.app_state;
  for (const { address, coins: held } of bank.balances)
    if (address !== MARKET_ACCOUNT) for (const { denom, amount } of held) give(address, denom, BigInt(amount));
  for (const { denom, amount } of funding) give(MARKET_ACCOUNT, denom, BigInt(amount));
  for (const [account, poolId, amount] of holders) {
    const address = account === "market" ? MARKET_ACCOUNT : accounts[account]?.address;
    give(address ?? assert.fail("an account"), all.find(({ id }) => id === poolId)?.denom ?? assert.fail(poolId), amount);
  }
  const supply: Record<string, bigint> = {};
  for (const held of owned.values()) for (const [denom, amount] of Object.entries(held)) supply[denom] = (supply[denom] ?? 0n) + amount;
  bank.balances = [...owned].map(([address, held]) => ({ address, coins: coins(held) }));
  bank.supply = coins(supply);
  document.app_state.hmm = toProtoJson(descriptors(), GenesisState.$type, GenesisState.encode(market).finish());
  await writeFile(path, JSON.stringify(document));
}

/** A transaction in a block, with its verdict. */
export interface Delivered extends BlockTx {
  /** `ok`, or `codespace/code`. */
  readonly verdict: string;
  /** The answer to one of its messages. @throws AssertionError when it failed */
  answer<T>(codec: { decode(bytes: Uint8Array): T }, index?: number): T;
}

/** A running market. */
export interface MarketScene {
  readonly chain: ChainHome;
  readonly running: InProcessNode;
  readonly accounts: readonly TestAccount[];
  account(index: number): TestAccount;
  /** Signs with all these accounts, sends, and waits for the block. @throws AssertionError when the mempool refuses it */
  deliver(signers: readonly TestAccount[], ...messages: readonly TestMessage[]): Promise<Delivered>;
  /** Sends transactions of one signer one behind the other, without waiting for blocks in between. @returns their verdicts */
  deliverInRow(signer: TestAccount, ...messages: readonly TestMessage[]): Promise<readonly string[]>;
  /** Delivers and expects success. */
  deliverOk(signers: readonly TestAccount[], ...messages: readonly TestMessage[]): Promise<Delivered>;
  /** The mempool's verdict on a transaction that is not expected to get further. */
  refuse(signers: readonly TestAccount[], ...messages: readonly TestMessage[]): Promise<string>;
  pool(poolId: string): Promise<PoolState>;
  balance(address: string, denom: string): Promise<bigint>;
  supply(): Promise<ReadonlyMap<string, bigint>>;
  /** Waits until the next block takes commits, or reveals. @returns the round */
  phase(revealing: boolean): Promise<bigint>;
  /** @throws AssertionError when an invariant of any module is broken */
  assertSound(): void;
  /** Waits until a height is committed. */
  reach(height: number): Promise<void>;
  stop(): Promise<void>;
}

const GAS = 20_000_000n;
const FEE = [{ denom: CHAIN.baseDenom, amount: (GAS * 25_000_000n).toString() }];

/** Opens a market on a node in this process, under CometBFT, with a block every 50 ms. */
export async function openMarketScene(options: MarketOptions = {}): Promise<MarketScene> {
  const accounts = await devAccounts();
  const chain = await createChainHome(50);
  await rewriteMarket(chain.home.config.genesis, options, accounts);
  const running = await startInProcess(chain);
  await waitForHeight(chain.rpc, 1);
  return sceneOf(chain, running, accounts);
}

function sceneOf(chain: ChainHome, running: InProcessNode, accounts: readonly TestAccount[]): MarketScene {
  const { rpc, chainId } = chain;
  const sign = async (signers: readonly TestAccount[], messages: readonly TestMessage[]): Promise<Uint8Array> => {
    const states = await Promise.all(signers.map(async (account) => ({ account, ...(await accountInfo(rpc, account.address)) })));
    return signTx(messages, { chainId, signers: states, fee: FEE, gas: GAS });
  };
  const deliver: MarketScene["deliver"] = async (signers, ...messages) => {
    const { code, codespace, log, hash } = await broadcast(rpc, await sign(signers, messages));
    assert.equal(code, 0, `the mempool refused it: ${codespace}/${code} ${log}`);
    return delivered(await waitForTx(rpc, hash));
  };
  return {
    chain,
    running,
    accounts,
    account: (index) => accounts[index] ?? assert.fail(`account ${index}`),
    deliver,
    async deliverInRow(signer, ...messages) {
      const state = { account: signer, ...(await accountInfo(rpc, signer.address)) };
      const sent: string[] = [];
      for (const [index, one] of messages.entries()) {
        const signers = [{ ...state, sequence: state.sequence + BigInt(index) }];
        const { code, log, hash } = await broadcast(rpc, await signTx([one], { chainId, signers, fee: FEE, gas: GAS }));
        assert.equal(code, 0, `the mempool refused it: ${log}`);
        sent.push(hash);
      }
      const found: string[] = [];
      for (const hash of sent) found.push(delivered(await waitForTx(rpc, hash)).verdict);
      return found;
    },
    async deliverOk(signers, ...messages) {
      const found = await deliver(signers, ...messages);
      assert.equal(found.verdict, "ok", found.log);
      return found;
    },
    async refuse(signers, ...messages) {
      const { code, codespace, log } = await broadcast(rpc, await sign(signers, messages));
      assert.notEqual(code, 0, "the mempool took it");
      return `${codespace}/${code} ${log}`;
    },
    async pool(poolId) {
      const answer = QueryPoolResponse.decode(
        await abciQuery(rpc, "/hanzo.hmm.v1.Query/Pool", QueryPoolRequest.encode({ poolId }).finish()),
      );
      return poolFromProto(answer.pool?.pool ?? assert.fail(poolId));
    },
    balance: async (address, denom) => (await balancesOf(rpc, address)).get(denom) ?? 0n,
    async supply() {
      const request = QueryTotalSupplyRequest.encode(QueryTotalSupplyRequest.fromPartial({})).finish();
      const { supply } = QueryTotalSupplyResponse.decode(await abciQuery(rpc, "/cosmos.bank.v1beta1.Query/TotalSupply", request));
      return new Map(supply.map(({ denom, amount }) => [denom, BigInt(amount)]));
    },
    async phase(revealing) {
      for (;;) {
        const request = QueryRoundRequest.encode({}).finish();
        const found = QueryRoundResponse.decode(await abciQuery(rpc, "/hanzo.hmm.v1.Query/Round", request));
        if (found.revealing === revealing && found.round !== undefined) return found.round.id;
        await sleep(20);
      }
    },
    assertSound: () => assert.deepEqual(running.app.brokenInvariants(), []),
    reach: (height) => waitForHeight(rpc, height),
    async stop() {
      const exit = await running.node.stop();
      await chain.remove();
      assert.equal(exit.error, undefined);
      assert.deepEqual(running.grammar.violations, []);
    },
  };
}

function delivered(tx: BlockTx): Delivered {
  const verdict = tx.code === 0 ? "ok" : `${tx.codespace}/${tx.code}`;
  return {
    ...tx,
    verdict,
    answer(codec, index = 0) {
      assert.equal(verdict, "ok", tx.log);
      const { msgResponses } = TxMsgData.decode(Buffer.from(tx.data, "base64"));
      return codec.decode(msgResponses[index]?.value ?? assert.fail(`answer ${index}`));
    },
  };
}
