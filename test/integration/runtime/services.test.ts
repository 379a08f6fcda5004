import assert from "node:assert/strict";
import { test } from "node:test";
import type { CometPort } from "../../../app/runtime/query/cometPort.ts";
import { FULL_TX_INDEX } from "../../../app/runtime/txIndex.ts";
import { defineModule } from "../../../app/sdk/index.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { ConfigResponse, StatusResponse } from "../../../proto/gen/cosmos/base/node/v1beta1/query.ts";
import {
  ABCIQueryRequest,
  ABCIQueryResponse,
  GetBlockByHeightRequest,
  GetBlockByHeightResponse,
  GetLatestValidatorSetResponse,
  GetNodeInfoResponse,
  GetSyncingResponse,
} from "../../../proto/gen/cosmos/base/tendermint/v1beta1/query.ts";
import {
  BroadcastTxRequest,
  BroadcastTxResponse,
  GetBlockWithTxsRequest,
  GetBlockWithTxsResponse,
  GetTxsEventRequest,
  GetTxsEventResponse,
  TxDecodeAminoRequest,
  TxDecodeAminoResponse,
  TxDecodeRequest,
  TxDecodeResponse,
  TxEncodeAminoRequest,
  TxEncodeAminoResponse,
  TxEncodeRequest,
  TxEncodeResponse,
} from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { Tx, TxBody } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { TxResult } from "../../../proto/gen/tendermint/abci/types.ts";
import { DefaultNodeInfo } from "../../../proto/gen/tendermint/p2p/types.ts";
import { Block } from "../../../proto/gen/tendermint/types/block.ts";
import { BlockID } from "../../../proto/gen/tendermint/types/types.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain, testConsensusParams } from "../../harness/testChain.ts";

const comet: CometPort = {
  nodeInfo: async () => DefaultNodeInfo.fromPartial({ network: "hanzo-test-1", moniker: "one" }),
  isSyncing: async () => true,
  findBlock: async (height) =>
    height === 99n
      ? undefined
      : {
          blockId: BlockID.fromPartial({}),
          block: Block.fromPartial({ header: { height: height ?? 1n, proposerAddress: new Uint8Array(20).fill(7) } }),
        },
  validators: async () => ({
    height: 1n,
    validators: [1, 2, 3].map((n) => ({
      address: new Uint8Array(20).fill(n),
      keyType: "ed25519" as const,
      publicKey: new Uint8Array(32).fill(n),
      power: 5n,
      proposerPriority: -1n,
    })),
  }),
  broadcastTx: async (tx) => (tx.length < 4 ? { code: 2, codespace: "sdk", log: "tx parse error" } : undefined),
};

async function ready(withComet = true): Promise<TestChain> {
  const chain = await createTestChain({ app: { minGasPrices: "0.5aai", ...(withComet ? { comet } : {}) } });
  await chain.deliver();
  return chain;
}
const TM = "/cosmos.base.tendermint.v1beta1.Service";
const TX = "/cosmos.tx.v1beta1.Service";

test("node services tell prices, height, versions and the engine's facts", async () => {
  const chain = await ready();
  const config = ConfigResponse.decode((await chain.query("/cosmos.base.node.v1beta1.Service/Config")).value);
  assert.equal(config.minimumGasPrice, "0.500000000000000000aai");
  assert.deepEqual([config.pruningKeepRecent, config.pruningInterval, config.haltHeight], ["0", "0", 0n]);
  const info = GetNodeInfoResponse.decode((await chain.query(`${TM}/GetNodeInfo`)).value);
  assert.equal(info.defaultNodeInfo?.network, "hanzo-test-1");
  assert.match(info.applicationVersion?.cosmosSdkVersion ?? "", /^v0\.53\./);
  assert.equal(GetSyncingResponse.decode((await chain.query(`${TM}/GetSyncing`)).value).syncing, true);
});

test("a node tells what it keeps and where it stops", async () => {
  const chain = await createTestChain({ app: { node: { keepVersions: 5n, haltHeight: 70n } } });
  await chain.deliver();
  const config = ConfigResponse.decode((await chain.query("/cosmos.base.node.v1beta1.Service/Config")).value);
  assert.deepEqual([config.pruningKeepRecent, config.pruningInterval, config.haltHeight], ["5", "1", 70n]);
});

test("the status has the hashes of the header of its block, at past heights, too", async () => {
  const chain = await createTestChain();
  const before: Uint8Array[] = [(await chain.deliver()).appHash];
  const requests = [chain.nextBlock()];
  before.push((await chain.deliver()).appHash);
  requests.push(chain.nextBlock());
  await chain.deliver();
  assert.notDeepEqual(requests[0]?.nextValidatorsHash, requests[1]?.nextValidatorsHash);
  for (const [asked, index] of [
    [2n, 0],
    [3n, 1],
    [0n, 1],
  ] as const) {
    const { value } = await chain.query("/cosmos.base.node.v1beta1.Service/Status", new Uint8Array(0), { height: asked });
    const status = StatusResponse.decode(value);
    assert.deepEqual(
      [status.height, status.timestamp, status.appHash, status.validatorHash],
      [requests[index]?.height, requests[index]?.time, before[index], requests[index]?.nextValidatorsHash],
    );
  }
});

test("blocks and validators of the engine come with bech32 addresses, a page at a time", async () => {
  const chain = await ready();
  const { sdkBlock, block } = GetBlockByHeightResponse.decode(
    (await chain.query(`${TM}/GetBlockByHeight`, GetBlockByHeightRequest.encode({ height: 3n }).finish())).value,
  );
  assert.match(sdkBlock?.header?.proposerAddress ?? "", /^hanzovalcons1/);
  assert.equal(block?.header?.height, 3n);
  const beyond = await chain.query(`${TM}/GetBlockByHeight`, GetBlockByHeightRequest.encode({ height: 99n }).finish());
  assert.deepEqual(
    [beyond.code, beyond.log],
    [18, "rpc error: code = InvalidArgument desc = requested block height is bigger then the chain length: invalid request"],
  );
  const { validators, pagination } = GetLatestValidatorSetResponse.decode((await chain.query(`${TM}/GetLatestValidatorSet`)).value);
  assert.equal(validators.length, 3);
  assert.equal(pagination?.total, 3n);
  assert.match(validators[0]?.address ?? "", /^hanzovalcons1/);
});

test("a node without engine says so instead of guessing", async () => {
  const chain = await ready(false);
  const { code, log } = await chain.query(`${TM}/GetLatestBlock`);
  assert.equal(code, 6);
  assert.match(log, /code = Unimplemented/);
});

test("ABCI queries through the service reach store and app, nothing else", async () => {
  const chain = await ready();
  const ask = (path: string) => chain.query(`${TM}/ABCIQuery`, ABCIQueryRequest.encode(ABCIQueryRequest.fromPartial({ path })).finish());
  assert.equal(new TextDecoder().decode(ABCIQueryResponse.decode((await ask("/app/version")).value).value), "0.1.0");
  assert.match((await ask("/cosmos.bank.v1beta1.Query/Params")).log, /unsupported ABCI query path/);
});

test("transactions are searched by height in block order, page by page, and decoded and encoded without loss", async () => {
  const chain = await ready();
  const txs: Uint8Array[] = [];
  for (const account of chain.accounts.slice(0, 3))
    txs.push(
      await chain.sign(
        [message(MsgSend, { fromAddress: account.address, toAddress: account.address, amount: [{ denom: "aai", amount: "1" }] })],
        [account],
      ),
    );
  await chain.deliver(...txs);
  const search = async (partial: Partial<GetTxsEventRequest>) =>
    chain.query(`${TX}/GetTxsEvent`, GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial(partial)).finish());
  const all = GetTxsEventResponse.decode((await search({ query: "tx.height=2" })).value);
  assert.equal(all.total, 3n);
  assert.equal(all.txResponses.length, 3);
  const second = GetTxsEventResponse.decode((await search({ query: "tx.height=2", page: 2n, limit: 2n })).value);
  assert.deepEqual(second.txResponses, all.txResponses.slice(2));
  const newest = GetTxsEventResponse.decode((await search({ query: "tx.height=2", orderBy: 2 })).value);
  assert.deepEqual(newest.txResponses, all.txResponses.toReversed());
  const byHash = GetTxsEventResponse.decode((await search({ query: `tx.hash='${all.txResponses[1]?.txhash}'` })).value);
  assert.deepEqual(byHash.txResponses, [all.txResponses[1]]);
  assert.equal(GetTxsEventResponse.decode((await search({ query: "message.sender='x'" })).value).total, 0n);
  const beyond = await search({ query: "tx.height=2", page: 3n, limit: 2n });
  assert.match(beyond.log, /InvalidArgument desc = failed to search for txs: page should be within \[1, 2\] range, given 3/);
  const [first] = txs;
  assert.ok(first);
  const decoded = TxDecodeResponse.decode((await chain.query(`${TX}/TxDecode`, TxDecodeRequest.encode({ txBytes: first }).finish())).value);
  const encoded = TxEncodeResponse.decode((await chain.query(`${TX}/TxEncode`, TxEncodeRequest.encode({ tx: decoded.tx }).finish())).value);
  assert.deepEqual(encoded.txBytes, first);
  // The SDK's node panics at these.
  for (const tx of [Tx.fromPartial({}), Tx.fromPartial({ body: TxBody.fromPartial({ memo: "m" }) })]) {
    const { log } = await chain.query(`${TX}/TxEncode`, TxEncodeRequest.encode({ tx }).finish());
    assert.match(log, /code = InvalidArgument desc = a transaction with body and auth_info expected/);
  }
});

test("an amino transaction is encoded and decoded over the service, and what is none is the caller's mistake", async () => {
  const chain = await ready();
  const json = `{"type":"cosmos-sdk/StdTx","value":{"msg":[{"type":"cosmos-sdk/MsgSend","value":{"from_address":"a","to_address":"b","amount":[{"denom":"aai","amount":"1"}]}}],"fee":{"amount":[],"gas":"5"},"signatures":null,"memo":"","timeout_height":"0"}}`;
  const encode = (aminoJson: string) => chain.query(`${TX}/TxEncodeAmino`, TxEncodeAminoRequest.encode({ aminoJson }).finish());
  const decode = (aminoBinary: Uint8Array) => chain.query(`${TX}/TxDecodeAmino`, TxDecodeAminoRequest.encode({ aminoBinary }).finish());
  const { aminoBinary } = TxEncodeAminoResponse.decode((await encode(json)).value);
  assert.equal(TxDecodeAminoResponse.decode((await decode(aminoBinary)).value).aminoJson, json);
  for (const [answer, text] of [
    [await encode(""), "invalid empty tx json"],
    [await encode("no JSON"), "a JSON object with type and value expected, got text that is no JSON"],
    [await decode(new Uint8Array(0)), "invalid empty tx bytes"],
    [await decode(aminoBinary.subarray(0, -1)), "amino bytes of hanzo.legacytx.v1.StdTx expected"],
    // A message that no module here handles.
    [
      await encode(json.replace("cosmos-sdk/MsgSend", "cosmos-sdk/group/MsgExec")),
      "unrecognized concrete type name cosmos-sdk/group/MsgExec",
    ],
  ] as const)
    assert.ok(answer.log.startsWith(`rpc error: code = InvalidArgument desc = ${text}`), answer.log);
});

test("a search that names a height or a hash may ask for more, and is answered without the engine", async () => {
  const chain = await ready();
  const [a, b] = chain.accounts;
  assert.ok(a && b);
  const send = (from: string, toAddress: string) =>
    message(MsgSend, { fromAddress: from, toAddress, amount: [{ denom: "aai", amount: "1" }] });
  const txs = [
    await chain.sign([send(a.address, b.address)], [a], { memo: "it's AND" }),
    await chain.sign([send(b.address, b.address)], [b]),
  ];
  await chain.deliver(...txs);
  const found = async (query: string): Promise<readonly number[] | number> => {
    const request = GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query })).finish();
    const { code, value } = await chain.query(`${TX}/GetTxsEvent`, request);
    if (code !== 0) return code;
    const { txs: shown, total, pagination } = GetTxsEventResponse.decode(value);
    assert.deepEqual([Number(total), pagination], [shown.length, undefined]);
    return shown.map(({ body }) => (body?.memo === "" ? 1 : 0));
  };
  const { txhash } = GetTxsEventResponse.decode(
    (await chain.query(`${TX}/GetTxsEvent`, GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query: "tx.height=2" })).finish()))
      .value,
  ).txResponses[0] ?? { txhash: "" };
  assert.deepEqual(await found("tx.height=2 AND message.action='/cosmos.bank.v1beta1.MsgSend'"), [0, 1]);
  assert.deepEqual(await found(`tx.height = 2 AND message.sender='${a.address}' AND message.module='bank'`), [0]);
  assert.deepEqual(await found(`transfer.recipient='${b.address}' AND tx.height='2' AND transfer.sender = '${b.address}'`), [1]);
  assert.deepEqual(await found(`tx.hash='${txhash.toLowerCase()}' AND message.sender='${a.address}'`), [0]);
  assert.deepEqual(await found(`tx.hash='${txhash}' AND tx.height=1`), []);
  // Every transaction here has both, in two events: the engine finds nothing then, either.
  assert.deepEqual(await found(`tx.height=2 AND transfer.recipient='${b.address}' AND message.module='bank'`), []);
  assert.deepEqual(await found(`tx.height=2 AND message.sender='x AND tx.height=2'`), []);
  assert.deepEqual(await found("tx.height>1"), [0, 1]);
  for (const query of ["tx.height=2 AND", "tx.height=2 AND message.sender='x", "tx.height=2 OR tx.height=1", "tx.hash='ab'"])
    assert.equal(await found(query), 18, query);
});

test("a node without an index of events asks the engine's, and a block comes with its decoded transactions", async () => {
  const seen: unknown[] = [];
  const searching: CometPort = {
    ...comet,
    findBlock: async () => ({ blockId: BlockID.fromPartial({}), block: Block.fromPartial({ data: { txs } }) }),
    async searchTxs(search) {
      seen.push(search);
      return { total: 7n, txs: txs.map((tx) => TxResult.fromPartial({ height: 5n, tx, result: { code: 3 } })) };
    },
  };
  const chain = await createTestChain({ app: { comet: searching, txIndex: { ...FULL_TX_INDEX, events: false } } });
  await chain.deliver();
  const [a] = chain.accounts;
  assert.ok(a);
  const txs = [
    await chain.sign([message(MsgSend, { fromAddress: a.address, toAddress: a.address, amount: [{ denom: "aai", amount: "1" }] })], [a]),
  ];
  const request = GetTxsEventRequest.fromPartial({ query: "message.sender='x'", page: 2n, limit: 3n, orderBy: 2 });
  const { total, txResponses } = GetTxsEventResponse.decode(
    (await chain.query(`${TX}/GetTxsEvent`, GetTxsEventRequest.encode(request).finish())).value,
  );
  assert.deepEqual(seen, [{ query: "message.sender='x'", page: 2, limit: 3, newestFirst: true }]);
  assert.deepEqual([total, txResponses[0]?.code, txResponses[0]?.height], [7n, 3, 5n]);
  const block = GetBlockWithTxsResponse.decode(
    (await chain.query(`${TX}/GetBlockWithTxs`, GetBlockWithTxsRequest.encode({ height: 1n, pagination: undefined }).finish())).value,
  );
  assert.equal(block.txs[0]?.body?.messages.length, 1);
  assert.equal(block.pagination?.total, 1n);
});

test("a broadcast through the service answers with hash and CheckTx code", async () => {
  const chain = await ready();
  const broadcast = async (txBytes: Uint8Array) =>
    BroadcastTxResponse.decode((await chain.query(`${TX}/BroadcastTx`, BroadcastTxRequest.encode({ txBytes, mode: 2 }).finish())).value)
      .txResponse;
  assert.deepEqual([(await broadcast(Uint8Array.of(1)))?.code, (await broadcast(new Uint8Array(9)))?.code], [2, 0]);
  assert.match((await broadcast(new Uint8Array(9)))?.txhash ?? "", /^[0-9A-F]{64}$/);
});

test("changed consensus parameters go to the engine with all groups, and bound the next block", async () => {
  let gas: bigint | undefined;
  const tuner = defineModule({
    name: "tuner",
    version: 1,
    state: {},
    needs: { consensus: consensus.facet("params") },
    endBlock:
      ({ needs }) =>
      (ctx) => {
        if (gas === undefined) return;
        needs.consensus.set(ctx, testConsensusParams(gas));
        gas = undefined;
      },
  });
  const chain = await createTestChain({ app: { modules: [consensus, auth, bank, tuner] } });
  assert.equal((await chain.deliver()).consensusParamUpdates, undefined);
  gas = 150_000n;
  assert.deepEqual((await chain.deliver()).consensusParamUpdates, testConsensusParams(150_000n));
  const [a] = chain.accounts;
  assert.ok(a);
  const tx = await chain.sign(
    [message(MsgSend, { fromAddress: a.address, toAddress: a.address, amount: [{ denom: "aai", amount: "1" }] })],
    [a],
  );
  assert.equal(chain.check(tx).code, 41);
  assert.equal((await chain.deliver(tx)).txResults[0]?.code, 41);
});

test("vote extensions are empty, peers welcome, snapshots refused", async () => {
  const { app } = await ready();
  assert.equal(app.extendVote({} as never).voteExtension.length, 0);
  assert.equal(app.verifyVoteExtension({ voteExtension: new Uint8Array(0) } as never).status, 1);
  assert.equal(app.verifyVoteExtension({ voteExtension: Uint8Array.of(1) } as never).status, 2);
  assert.deepEqual(app.listSnapshots({}), { snapshots: [] });
  assert.equal(app.offerSnapshot({} as never).result, 3);
});
