// The main job: a stock cosmjs wallet locks AI, gets a quote and buys compute on a chain that CometBFT drives.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet, type EncodeObject, type OfflineSigner } from "@cosmjs/proto-signing";
import { type DeliverTxResponse, GasPrice, SigningStargateClient } from "@cosmjs/stargate";
import { QueryBalanceRequest, QueryBalanceResponse, QuerySupplyOfRequest, QuerySupplyOfResponse } from "#proto/cosmos/bank/v1beta1/query";
import { GetTxRequest, GetTxResponse, SimulateRequest, SimulateResponse } from "#proto/cosmos/tx/v1beta1/service";
import { TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { QueryPoolRequest, QueryPoolResponse, QueryVaultRequest, QueryVaultResponse } from "#proto/hanzo/hmm/v1/query";
import { MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Trade } from "#proto/hanzo/hmm/v1/types";
import { createHanzoAminoTypes } from "../../app/client/amino.ts";
import { createHanzoRegistry } from "../../app/client/registry.ts";
import { descriptors } from "../../app/descriptorImage.ts";
import { toProtoJson } from "../../app/encoding/protoJson.ts";
import { CHAIN, DEFAULT_MIN_GAS_PRICES } from "../../app/hanzo.ts";
import { LOCAL_MNEMONIC } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { buyCompute } from "../../cmd/hanzod/job/buyCompute.ts";
import { quoteBuyExactIn } from "../../modules/hmm/curve/quote.ts";
import { defaultHmmGenesis } from "../../modules/hmm/index.ts";
import { DEFAULT_PARAMS } from "../../modules/hmm/params.ts";
import { type PoolState, poolFromProto } from "../../modules/hmm/records.ts";
import { describeTrade, priceOrder } from "../../modules/hmm/trade.ts";
import { moduleAccount } from "../harness/accounts.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { HANZOD } from "./harness/nodeProcess.ts";
import { abciQuery, appHead, callRpc, waitForHeight, waitForTx } from "./harness/rpc.ts";

const AI = 10n ** 18n;
/** What `hanzod demo` locks and spends. */
const DEMO_SPEND = 10n * AI;

/** The gpu pool as every new chain opens it. */
function genesisPool(): PoolState {
  const { genesis } = defaultHmmGenesis({ account: moduleAccount("hmm", CHAIN.bech32Prefix), nativeDenom: CHAIN.baseDenom });
  return poolFromProto(genesis.pools.find(({ id }) => id === "gpu") ?? assert.fail("a gpu pool"));
}

/** What the pure functions say of a buy from a pool. */
const expectedTrade = (pool: PoolState, offer: bigint): Trade =>
  describeTrade(pool, priceOrder(DEFAULT_PARAMS, pool, "buy", quoteBuyExactIn(pool, offer)));

/** The fields of a report that follow from the pool alone. */
const figuresOf = ({ credit, resource, priceBeforeE18, priceAfterE18 }: Trade): Readonly<Record<string, string>> => ({
  spent: credit,
  received: resource,
  priceBefore: priceBeforeE18,
  priceAfter: priceAfterE18,
});

async function runDemo(): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const child = spawn(process.execPath, [HANZOD, "demo"], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", (exit) => resolve(exit)));
  return { code, lines: text.trimEnd().split("\n") };
}

describe("hanzod demo", () => {
  it("buys compute and ends with a summary that is what the market's formulas give", async () => {
    const { code, lines } = await runDemo();
    assert.equal(code, 0, lines.join("\n"));
    const summary = JSON.parse(lines.at(-1) ?? "") as Readonly<Record<string, unknown>>;
    assert.deepEqual(Object.keys(summary), [
      "txhash",
      "height",
      "gasUsed",
      "spent",
      "received",
      "priceBefore",
      "priceAfter",
      "appHash",
      "bundle",
    ]);
    const { txhash, height, gasUsed, appHash, bundle, ...figures } = summary;
    assert.deepEqual(figures, figuresOf(expectedTrade(genesisPool(), DEMO_SPEND)));
    assert.match(String(txhash), /^[0-9A-F]{64}$/);
    assert.match(String(appHash), /^[0-9A-F]{64}$/);
    const { legs, gapPpm } = bundle as { readonly legs: readonly unknown[]; readonly gapPpm: string };
    assert.ok(legs.length > 3 && BigInt(gapPpm) <= 50n, JSON.stringify(bundle));
    assert.ok(Number(height) > 1 && BigInt(String(gasUsed)) > 50_000n);
    for (const word of ["quote", "tx ", "price", "fees", "balances", "burn", "treasury", "liquidity providers"])
      assert.ok(
        lines.some((line) => line.includes(word)),
        `${word} is shown`,
      );
  });
});

describe("a stock cosmjs wallet", () => {
  let chain: ChainHome;
  let running: InProcessNode;

  before(async () => {
    chain = await createChainHome(50);
    running = await startInProcess(chain);
    await waitForHeight(chain.rpc, 1);
  });
  after(async () => {
    const exit = await running?.node.stop();
    await chain?.remove();
    assert.equal(exit?.error, undefined);
    assert.deepEqual(running?.grammar.violations, []);
  });

  const query = async <T>(path: string, request: Uint8Array, decode: (bytes: Uint8Array) => T): Promise<T> =>
    decode(await abciQuery(chain.rpc, path, request));
  const balance = async (address: string, denom: string): Promise<bigint> => {
    const answer = await query("/cosmos.bank.v1beta1.Query/Balance", QueryBalanceRequest.encode({ address, denom }).finish(), (bytes) =>
      QueryBalanceResponse.decode(bytes),
    );
    return BigInt(answer.balance?.amount ?? "0");
  };
  const assertVault = async (): Promise<void> => {
    const vault = await query("/hanzo.hmm.v1.Query/Vault", QueryVaultRequest.encode({}).finish(), (bytes) =>
      QueryVaultResponse.decode(bytes),
    );
    const supply = await query("/cosmos.bank.v1beta1.Query/SupplyOf", QuerySupplyOfRequest.encode({ denom: "credit" }).finish(), (bytes) =>
      QuerySupplyOfResponse.decode(bytes),
    );
    assert.equal(supply.amount?.amount, vault.locked, "supply of credit = AI locked");
    assert.equal(vault.creditSupply, vault.locked);
    assert.equal(await balance(moduleAccount("hmm", CHAIN.bech32Prefix), CHAIN.baseDenom), BigInt(vault.locked));
    assert.deepEqual(running.app.brokenInvariants(), []);
  };

  it("does the whole job, and every figure that it reports is in the chain", async () => {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(LOCAL_MNEMONIC, { prefix: CHAIN.bech32Prefix });
    const report = await buyCompute({ rpc: chain.rpc, wallet, lock: 25n * AI, spend: 10n * AI, poolId: "gpu", print: () => undefined });
    const { txhash, height, gasUsed, appHash, ...figures } = report;
    assert.deepEqual(figures, figuresOf(expectedTrade(genesisPool(), 10n * AI)));
    const found = await waitForTx(chain.rpc, txhash);
    assert.deepEqual([found.height, found.gasUsed, found.code], [height, gasUsed, 0]);
    await waitForHeight(chain.rpc, height + 1);
    const { block } = await callRpc<{ block: { header: { app_hash: string } } }>(chain.rpc, "block", { height: String(height + 1) });
    assert.equal(appHash, block.header.app_hash);
    const [account] = await wallet.getAccounts();
    assert.equal(await balance(account?.address ?? "", "ngpu"), BigInt(figures.received));
    assert.equal(await balance(account?.address ?? "", "credit"), 25n * AI - BigInt(figures.spent));
    await assertVault();
  });

  const wallets: readonly (readonly [name: string, make: (path: ReturnType<typeof stringToPath>) => Promise<OfflineSigner>])[] = [
    ["DIRECT", (path) => DirectSecp256k1HdWallet.fromMnemonic(LOCAL_MNEMONIC, { prefix: CHAIN.bech32Prefix, hdPaths: [path] })],
    ["amino", (path) => Secp256k1HdWallet.fromMnemonic(LOCAL_MNEMONIC, { prefix: CHAIN.bech32Prefix, hdPaths: [path] })],
  ];
  for (const [index, [mode, makeWallet]] of wallets.entries()) {
    it(`sends and buys, signing ${mode}`, async () => {
      const wallet = await makeWallet(stringToPath(`m/44'/118'/0'/0/${index + 1}`));
      const sender = (await wallet.getAccounts())[0]?.address ?? assert.fail("an account");
      const registry = createHanzoRegistry();
      const client = await SigningStargateClient.connectWithSigner(chain.rpc, wallet, {
        registry,
        aminoTypes: createHanzoAminoTypes(registry),
        gasPrice: GasPrice.fromString(DEFAULT_MIN_GAS_PRICES),
        broadcastPollIntervalMs: 50,
      });
      try {
        const receiver = moduleAccount(`nobody ${index}`, CHAIN.bech32Prefix);
        const sent = await client.sendTokens(sender, receiver, [{ denom: CHAIN.baseDenom, amount: "12345" }], 1.5, "hello");
        assert.equal(sent.code, 0, sent.rawLog);
        assert.equal(await balance(receiver, CHAIN.baseDenom), 12_345n);

        const buy: EncodeObject[] = [
          { typeUrl: "/hanzo.hmm.v1.MsgMintCredit", value: { sender, amount: String(3n * AI) } },
          { typeUrl: "/hanzo.hmm.v1.MsgSwap", value: { sender, poolId: "gpu", creditIn: String(AI), minOut: "1" } },
        ];
        const bought = await client.signAndBroadcast(sender, buy, 1.5, "compute");
        assert.equal(bought.code, 0, bought.rawLog);
        assert.deepEqual(boughtTrade(bought), expectedTrade(await poolBefore(bought.height), AI));
        await assertVault();
        await assertFound(client, bought, sender);
      } finally {
        client.disconnect();
      }
    });
  }

  it("pays for exactly the gas that simulating its transaction said", async () => {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(LOCAL_MNEMONIC, {
      prefix: CHAIN.bech32Prefix,
      hdPaths: [stringToPath("m/44'/118'/0'/0/4")],
    });
    const sender = (await wallet.getAccounts())[0]?.address ?? assert.fail("an account");
    const client = await SigningStargateClient.connectWithSigner(chain.rpc, wallet, { registry: createHanzoRegistry() });
    try {
      // Two transactions: the first makes the sender's key known, which changes what later ones cost.
      for (const amount of ["1", "20"]) {
        const message = {
          typeUrl: "/cosmos.bank.v1beta1.MsgSend",
          value: { fromAddress: sender, toAddress: sender, amount: [{ denom: CHAIN.baseDenom, amount }] },
        };
        const fee = { amount: [{ denom: CHAIN.baseDenom, amount: String(10n ** 13n) }], gas: "200000" };
        const bytes = TxRaw.encode(TxRaw.fromPartial(await client.sign(sender, [message], fee, ""))).finish();
        const { gasInfo } = await query(
          "/cosmos.tx.v1beta1.Service/Simulate",
          SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes: bytes })).finish(),
          (answer) => SimulateResponse.decode(answer),
        );
        const delivered = await client.broadcastTx(bytes, 180_000, 50);
        assert.equal(delivered.code, 0, delivered.rawLog);
        assert.equal(delivered.gasUsed, gasInfo?.gasUsed);
      }
    } finally {
      client.disconnect();
    }
  });

  /** The pool in the state before a block: its reference inventory moves with every block. */
  async function poolBefore(height: number): Promise<PoolState> {
    const { response } = await callRpc<{ response: { value: string } }>(chain.rpc, "abci_query", {
      path: "/hanzo.hmm.v1.Query/Pool",
      data: Buffer.from(QueryPoolRequest.encode({ poolId: "gpu" }).finish()).toString("hex"),
      height: String(height - 1),
      prove: false,
    });
    return poolFromProto(QueryPoolResponse.decode(Buffer.from(response.value, "base64")).pool?.pool ?? assert.fail("a pool"));
  }

  /** A transaction is found by search, and REST, ABCI and CometBFT say the same of it. */
  async function assertFound(
    client: SigningStargateClient,
    { transactionHash, height, gasUsed }: DeliverTxResponse,
    sender: string,
  ): Promise<void> {
    const deadline = performance.now() + 120_000;
    let hits = await client.searchTx([{ key: "message.sender", value: sender }]);
    while (!hits.some(({ hash }) => hash === transactionHash) && performance.now() < deadline)
      hits = await client.searchTx([{ key: "message.sender", value: sender }]);
    assert.ok(
      hits.some(({ hash, height: at }) => hash === transactionHash && at === height),
      "tx_search finds it",
    );
    const bytes = await abciQuery(chain.rpc, "/cosmos.tx.v1beta1.Service/GetTx", GetTxRequest.encode({ hash: transactionHash }).finish());
    const response = await fetch(`${chain.rest}/cosmos/tx/v1beta1/txs/${transactionHash}`);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), toProtoJson(descriptors(), GetTxResponse.$type, bytes));
    const { txResponse } = GetTxResponse.decode(bytes);
    assert.deepEqual([txResponse?.height, txResponse?.gasUsed, txResponse?.txhash], [BigInt(height), gasUsed, transactionHash]);
    assert.ok((await appHead(chain.rpc)).height >= height);
  }
});

function boughtTrade({ msgResponses }: DeliverTxResponse): Trade {
  const answer = msgResponses.find(({ typeUrl }) => typeUrl === `/${MsgSwapResponse.$type}`);
  return MsgSwapResponse.decode(answer?.value ?? new Uint8Array(0)).trade ?? assert.fail("a trade");
}
