// What the relayer Hermes asks of a node's RPC before and while it works (crates/relayer of informalsystems/hermes), on a node with a real
// CometBFT and on a development chain.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import WebSocket from "ws";
import { encodeUtf8, fromHex, toHex } from "../../app/encoding/bytes.ts";
import { decodeCommitmentProof } from "../../app/proof/ics23Codec.ts";
import { verifyProofOps } from "../../app/proof/proofOps.ts";
import { MsgSend } from "../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { ConfigResponse } from "../../proto/gen/cosmos/base/node/v1beta1/query.ts";
import { GetNodeInfoResponse } from "../../proto/gen/cosmos/base/tendermint/v1beta1/query.ts";
import { QueryParamsResponse } from "../../proto/gen/cosmos/staking/v1beta1/query.ts";
import { message } from "../harness/signTx.ts";
import { type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { abciQuery, broadcast, callRpc, waitForHeight, waitForTx } from "./harness/rpc.ts";
import { devAccounts, signAs } from "./harness/wallet.ts";

interface Scene {
  readonly rpc: string;
  readonly chainId: string;
}

const PACKET =
  "send_packet.packet_src_channel = 'channel-0' AND send_packet.packet_src_port = 'transfer' AND send_packet.packet_dst_channel = 'channel-1' AND send_packet.packet_dst_port = 'transfer' AND send_packet.packet_sequence = '1'";

/** Calls of the relayer's RPC client: the fields that it cannot do without, as a path and what must be there. */
const CALLS: readonly (readonly [method: string, params: object, ...fields: readonly (readonly [path: string, value: RegExp])[]])[] = [
  ["health", {}],
  [
    "status",
    {},
    ["node_info.other.tx_index", /^on$/],
    ["node_info.network", /^hanzo-/],
    ["node_info.version", /^0\.38\./],
    ["sync_info.catching_up", /^false$/],
    ["sync_info.latest_block_height", /^\d+$/],
    ["sync_info.latest_block_time", /Z$/],
  ],
  ["abci_info", {}, ["response.last_block_height", /^\d+$/], ["response.last_block_app_hash", /=$/]],
  ["header", { height: "2" }, ["header.height", /^2$/], ["header.chain_id", /^hanzo-/], ["header.time", /Z$/]],
  [
    "consensus_params",
    { height: "2" },
    ["block_height", /^2$/],
    ["consensus_params.block.max_bytes", /^\d+$/],
    ["consensus_params.block.max_gas", /^-?\d+$/],
    ["consensus_params.evidence.max_age_num_blocks", /^\d+$/],
    ["consensus_params.evidence.max_age_duration", /^\d+$/],
    ["consensus_params.evidence.max_bytes", /^\d+$/],
    ["consensus_params.validator.pub_key_types.0", /^ed25519$/],
    ["consensus_params.version.app", /^\d+$/],
    ["consensus_params.abci.vote_extensions_enable_height", /^\d+$/],
  ],
  ["block", { height: "2" }, ["block.header.height", /^2$/], ["block_id.hash", /^[0-9A-F]{64}$/]],
  ["commit", { height: "2" }, ["signed_header.commit.height", /^2$/]],
  ["validators", { height: "2", page: "1", per_page: "100" }, ["total", /^1$/], ["validators.0.voting_power", /^\d+$/]],
  ["block_results", { height: "2" }, ["height", /^2$/], ["finalize_block_events.0.type", /./], ["app_hash", /=$/]],
  [
    "block_search",
    { query: "block.height = 2", page: "1", per_page: "10", order_by: "desc" },
    ["total_count", /^1$/],
    ["blocks.0.block.header.height", /^2$/],
  ],
  ["block_search", { query: PACKET, page: "1", per_page: "10", order_by: "desc" }, ["total_count", /^0$/]],
  ["tx_search", { query: PACKET, prove: false, page: "1", per_page: "1", order_by: "asc" }, ["total_count", /^0$/]],
];

/** The five that it subscribes to, which is all that CometBFT gives one client, and what a client of one more would. */
const SUBSCRIPTIONS = [
  "tm.event = 'NewBlock'",
  "message.module = 'ibc_client'",
  "message.module = 'ibc_connection'",
  "message.module = 'ibc_channel'",
];

function valueAt(json: unknown, path: string): string {
  const found = path
    .split(".")
    .reduce<unknown>((inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined), json);
  return String(found);
}

interface ProvenAnswer {
  readonly response: {
    readonly code: number;
    readonly codespace?: string;
    readonly log: string;
    readonly value: string | null;
    readonly height: string;
    readonly proofOps: { readonly ops: readonly { readonly type: string; readonly key: string; readonly data: string }[] } | null;
  };
}

const prove = (rpc: string, path: string, key: string, height: string): Promise<ProvenAnswer> =>
  callRpc(rpc, "abci_query", { path, data: toHex(encodeUtf8(key)), height, prove: true });
const bytesOf = (text: string | null): Uint8Array => new Uint8Array(Buffer.from(text ?? "", "base64"));

function transfer({ rpc, chainId }: Scene): Promise<string> {
  return devAccounts().then(async ([from, to]) => {
    assert.ok(from && to);
    const send = message(MsgSend, { fromAddress: from.address, toAddress: to.address, amount: [{ denom: "aai", amount: "7" }] });
    const { code, log, hash } = await broadcast(rpc, await signAs({ rpc, chainId }, from, [send]));
    assert.equal(code, 0, log);
    await waitForTx(rpc, hash);
    return hash;
  });
}

/** What every node must answer. */
function answersARelayer(scene: () => Scene): void {
  for (const [method, params, ...fields] of CALLS)
    it(`${method} ${JSON.stringify(params).slice(0, 60)} has what it reads`, async () => {
      const result = await callRpc<unknown>(scene().rpc, method, params);
      for (const [path, value] of fields) assert.match(valueAt(result, path), value, `${path} of ${JSON.stringify(result)}`);
    });

  it("a transaction is found by its hash, with events", async () => {
    const hash = await transfer(scene());
    const search = { query: `tx.hash = '${hash}'`, prove: false, page: "1", per_page: "1", order_by: "asc" };
    const found = await callRpc<{ readonly txs: readonly object[] }>(scene().rpc, "tx_search", search);
    assert.equal(valueAt(found, "txs.0.hash"), hash);
    assert.equal(valueAt(found, "txs.0.tx_result.code"), "0");
    assert.notEqual(valueAt(found, "txs.0.tx_result.events.0.type"), "undefined");
  });

  it("the program names the libraries whose behaviour it has, and ibc-go only with a store of IBC", async () => {
    const path = "/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo";
    const { applicationVersion } = GetNodeInfoResponse.decode(await abciQuery(scene().rpc, path, new Uint8Array(0)));
    const versionOf = (library: RegExp): string => applicationVersion?.buildDeps.find((dep) => library.test(dep.path))?.version ?? "none";
    assert.match(versionOf(/^github\.com\/cosmos\/cosmos-sdk$/), /^v0\.(4[6-9]|5[0-3])\.\d+$/);
    // Without it the relayer gives up before it has looked at anything else.
    assert.match(versionOf(/^github\.com\/cometbft\/cometbft$/), /^v0\.38\.\d+$/);
    const { response } = await callRpc<ProvenAnswer>(scene().rpc, "abci_query", { path: "store/ibc/key", data: "01", prove: true });
    const hasIbc = response.code === 0;
    assert.match(versionOf(/^github\.com\/cosmos\/ibc-go\/v/), hasIbc ? /^v([6-9]|10)\.\d+\.\d+$/ : /^none$/);
    if (!hasIbc) assert.deepEqual([response.codespace, response.code, response.log], ["store", 4, "no such store: ibc: unknown request"]);
  });

  it("least gas price and parameters of staking are those that it wants", async () => {
    const ask = (path: string): Promise<Uint8Array> => abciQuery(scene().rpc, path, new Uint8Array(0));
    assert.match(ConfigResponse.decode(await ask("/cosmos.base.node.v1beta1.Service/Config")).minimumGasPrice, /^[\d.]+aai$|^$/);
    const { params } = QueryParamsResponse.decode(await ask("/cosmos.staking.v1beta1.Query/Params"));
    assert.ok((params?.historicalEntries ?? 0) > 0);
    assert.ok((params?.unbondingTime?.seconds ?? 0n) > 0n);
  });

  it("keys of stores are proven in two steps of ICS-23 against the next header", async () => {
    await transfer(scene());
    await transfer(scene());
    const { response: info } = await callRpc<{ response: { last_block_height: string } }>(scene().rpc, "abci_info");
    const height = String(Number(info.last_block_height) - 1);
    const next = await callRpc<{ header: { app_hash: string } }>(scene().rpc, "header", { height: info.last_block_height });
    const appHash = fromHex(next.header.app_hash.toLowerCase());
    for (const store of ["upgrade", "staking"]) {
      const key = `upgradedIBCState/${height}/upgradedClient`;
      const { response } = await prove(scene().rpc, `store/${store}/key`, key, height);
      assert.deepEqual([response.code, response.height, response.log], [0, height, ""], store);
      assert.equal(bytesOf(response.value).length, 0);
      const ops = (response.proofOps?.ops ?? []).map((op) => ({ type: op.type, key: bytesOf(op.key), data: bytesOf(op.data) }));
      assert.equal(ops.length, 2);
      for (const { data } of ops) assert.ok(decodeCommitmentProof(data), store);
      // The store of upgrades has no key without a plan, and in an empty tree nothing stands beside the place of a key: as in the SDK's library,
      // that proof has its form and proves nothing.
      assert.equal(verifyProofOps(appHash, store, encodeUtf8(key), undefined, ops), store !== "upgrade", store);
    }
  });

  it("its subscriptions are taken together, and tell of blocks and transactions", async () => {
    const socket = new WebSocket(`${scene().rpc.replace("http", "ws")}/websocket`);
    try {
      await once(socket, "open");
      const heard: { readonly id: number; readonly result: unknown; readonly error?: unknown }[] = [];
      socket.on("message", (text) => void heard.push(JSON.parse(String(text))));
      const queries = [...SUBSCRIPTIONS, "tm.event = 'Tx'"];
      for (const [id, query] of queries.entries())
        socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "subscribe", params: { query } }));
      const until = async (holds: () => boolean): Promise<void> => {
        for (let tries = 0; tries < 2_400 && !holds(); tries++) await new Promise((wake) => setTimeout(wake, 50));
      };
      // A subscription tells of what comes after it.
      const isTaken = (): boolean => heard.filter(({ result }) => JSON.stringify(result) === "{}").length >= queries.length;
      await until(isTaken);
      await transfer(scene());
      const told = (type: string): unknown => heard.find(({ result }) => valueAt(result, "data.type") === type)?.result;
      await until(() => told("tendermint/event/NewBlock") !== undefined && told("tendermint/event/Tx") !== undefined);
      assert.deepEqual(
        heard.filter(({ error }) => error !== undefined),
        [],
      );
      const taken = heard.filter(({ result }) => JSON.stringify(result) === "{}").map(({ id }) => id);
      assert.deepEqual(taken.sort(), [0, 1, 2, 3, 4]);
      assert.match(valueAt(told("tendermint/event/NewBlock"), "data.value.block.header.height"), /^\d+$/);
      assert.equal(valueAt(told("tendermint/event/Tx"), "data.value.TxResult.result.events.0.type") === "undefined", false);
    } finally {
      socket.terminate();
    }
  });
}

describe("a node with CometBFT", () => {
  let home: ChainHome;
  let running: InProcessNode | undefined;
  before(async () => {
    home = await createChainHome(100, "hanzo-relayed-1");
    running = await startInProcess(home);
    await waitForHeight(home.rpc, 3);
  });
  after(async () => {
    await running?.node.stop();
    await home?.remove();
  });
  answersARelayer(() => home);
});

describe("a development chain", () => {
  let dev: RunningCommand;
  let rpc = "";
  before(async () => {
    dev = startHanzod(["dev", "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0", "--block-time", "100"]);
    rpc = (await dev.waitFor(/^RPC\s+(\S+)/m))[1] ?? "";
    await waitForHeight(rpc, 3);
  });
  after(async () => void (await dev?.end("SIGKILL")));
  answersARelayer(() => ({ rpc, chainId: "hanzo-local-1" }));
});
