// What wallets and explorers ask first, and the statuses from which they conclude what a chain can do.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { sendRaw } from "./rawRequest.ts";
import { createRecordedNode } from "./recordedNode.ts";

const ALICE = "cosmos12ry9pq9u4xupgwkxcm3hrctpeftgh0gfnymfln";
const NOBODY = "cosmos1mdq40sddklfrzgujqz8r4rwtv3m3tsncvrxghs";
const BASE = "/cosmos/base/tendermint/v1beta1";
const BANK = "/cosmos/bank/v1beta1";

/** Path, status, and a field that must be in the answer. */
type Probe = readonly [path: string, status: number, field?: string];
const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  Keplr: [
    [`${BASE}/node_info`, 200, "default_node_info"],
    ["/ibc/apps/transfer/v1/params", 501],
    [`${BANK}/spendable_balances/test`, 400],
    ["/feemarket/v1/params", 501],
    ["/ibc/apps/transfer/v1/denoms/test", 501],
    [`/cosmos/auth/v1beta1/accounts/${ALICE}`, 200, "account"],
    [`/cosmos/auth/v1beta1/accounts/${NOBODY}`, 404],
    [`${BANK}/balances/${ALICE}?pagination.limit=1000`, 200, "balances"],
    [`${BANK}/spendable_balances/${ALICE}?pagination.limit=1000`, 200, "balances"],
    [`${BANK}/balances/${NOBODY}`, 200, "balances"],
    ["/feemarket/v1/gas_prices", 501],
  ],
  Leap: [
    [`${BASE}/node_info`, 200, "application_version"],
    [`${BANK}/balances/${ALICE}`, 200, "pagination"],
    [`${BANK}/supply/by_denom?denom=stake`, 200, "amount"],
    ["/cosmos/tx/v1beta1/txs/F2CFB4DD7BC86DA6E75A3C01B14E3991E90C22C552FFED52A4DD3E45B31CA093", 200, "tx_response"],
    ["/ibc/core/client/v1/client_status/07-tendermint-0", 501],
  ],
  "Cosmos Kit": [[`${BASE}/node_info`, 200, "default_node_info"]],
  "Ping.pub": [
    ["/cosmos/auth/v1beta1/params", 200, "params"],
    ["/cosmos/auth/v1beta1/accounts", 200, "accounts"],
    [`${BANK}/supply`, 200, "supply"],
    [`${BANK}/denoms_metadata`, 200, "metadatas"],
    [`${BANK}/params`, 200, "params"],
    [`${BASE}/blocks/latest`, 200, "block"],
    [`${BASE}/blocks/11`, 200, "sdk_block"],
    [`${BASE}/validatorsets/latest`, 200, "validators"],
    [`${BASE}/validatorsets/5`, 200, "validators"],
    ["/cosmos/tx/v1beta1/txs?query=tx.height%3D176", 200, "tx_responses"],
    ["/cosmos/tx/v1beta1/txs/block/11", 200, "txs"],
    ["/cosmos/consensus/v1/params", 200, "params"],
  ],
  Hermes: [["/cosmos/base/node/v1beta1/config", 200, "minimum_gas_price"]],
};

let server: FastifyInstance;
let base: string;
before(async () => {
  ({ server } = await createRecordedNode());
  base = await server.listen({ host: "127.0.0.1", port: 0 });
});
after(() => server.close());

for (const [client, probes] of Object.entries(PROBES)) {
  describe(`${client} finds what it asks for`, () => {
    for (const [path, status, field] of probes) {
      it(`${path} is ${status}`, async () => {
        const got = await sendRaw(base, { method: "GET", path });
        assert.equal(got.status, status, got.text);
        const body = JSON.parse(got.text) as Readonly<Record<string, unknown>>;
        assert.ok((field ?? "details") in body, got.text);
      });
    }
  });
}

it("explorers learn the SDK's version, and relayers find the library whose behaviour the chain has", async () => {
  const { text } = await sendRaw(base, { method: "GET", path: `${BASE}/node_info` });
  const { application_version } = JSON.parse(text) as {
    readonly application_version: {
      readonly cosmos_sdk_version: string;
      readonly build_deps: readonly { readonly path: string; readonly version: string }[];
    };
  };
  assert.match(application_version.cosmos_sdk_version, /^v0\.5\d\./);
  assert.match(
    application_version.build_deps.find(({ path }) => path === "github.com/cosmos/cosmos-sdk")?.version ?? "",
    /^v0\.(4[6-9]|5[0-3])\./,
  );
});

it("a page of a transaction search is what was asked for", async () => {
  const hashes = async (query: string): Promise<readonly string[]> => {
    const { text } = await sendRaw(base, { method: "GET", path: `/cosmos/tx/v1beta1/txs?query=tx.height%3D176${query}` });
    return (JSON.parse(text) as { readonly tx_responses: readonly { readonly txhash: string }[] }).tx_responses.map(({ txhash }) => txhash);
  };
  const all = await hashes("");
  assert.equal(all.length, 5);
  assert.deepEqual(await hashes("&page=2&limit=2"), all.slice(2, 4));
  assert.deepEqual(await hashes("&order_by=ORDER_BY_DESC&limit=2"), all.toReversed().slice(0, 2));
});

it("a transaction search may be paged with `pagination`, too, which the SDK ignores", async () => {
  const search = async (query: string) => sendRaw(base, { method: "GET", path: `/cosmos/tx/v1beta1/txs?query=tx.height%3D176${query}` });
  const count = async (query: string): Promise<number> =>
    (JSON.parse((await search(query)).text) as { readonly tx_responses: readonly unknown[] }).tx_responses.length;
  assert.equal(await count("&pagination.limit=2"), 2);
  assert.equal(await count("&pagination.limit=2&pagination.offset=4"), 1);
  assert.equal((await search("&pagination.limit=2&pagination.offset=1")).status, 400);
});
