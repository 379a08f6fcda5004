// What wallets and explorers ask first, and the statuses from which they conclude what a chain can do.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { sendRaw } from "../../../cmd/hanzod/selftest/recording/rawRequest.ts";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { recording } from "../../harness/recordedCases.ts";
import { BASE, CLIENT_REQUESTS, EXPLORER_FIELDS } from "./clientRequests.ts";

const node = await createRecordedNode(recording);
const base = node.restUrl;
after(() => node.close());

for (const [client, requests] of Object.entries(CLIENT_REQUESTS)) {
  describe(`${client} finds what it asks for`, () => {
    for (const { path, body, status, field = "details" } of requests) {
      it(`${body === undefined ? "" : "POST "}${path} is ${status}`, async () => {
        const got = await sendRaw(base, {
          method: body === undefined ? "GET" : "POST",
          path,
          body: body === undefined ? undefined : JSON.stringify(body),
        });
        assert.equal(got.status, status, got.text);
        assert.ok(field in (JSON.parse(got.text) as object), got.text);
      });
    }
  });
}

describe("the pages of an explorer find every field that they read", () => {
  for (const [page, path, ...fields] of EXPLORER_FIELDS)
    it(`${page}: ${path}`, async () => {
      const { status, text } = await sendRaw(base, { method: "GET", path });
      assert.equal(status, 200, text);
      const missing = fields.filter((field) => valueAt(JSON.parse(text), field) === undefined);
      assert.deepEqual(missing, [], text);
    });
});

/** A value of nested objects and lists; undefined where the path ends early. */
function valueAt(json: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined), json);
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
    const { text } = await sendRaw(base, { method: "GET", path: `/cosmos/tx/v1beta1/txs?query=tx.height%3D11${query}` });
    return (JSON.parse(text) as { readonly tx_responses: readonly { readonly txhash: string }[] }).tx_responses.map(({ txhash }) => txhash);
  };
  const all = await hashes("");
  assert.equal(all.length, 3);
  assert.deepEqual(await hashes("&page=2&limit=2"), all.slice(2, 4));
  assert.deepEqual(await hashes("&order_by=ORDER_BY_DESC&limit=2"), all.toReversed().slice(0, 2));
});

it("a transaction search may be paged with `pagination`, too, which the SDK ignores", async () => {
  const search = async (query: string) => sendRaw(base, { method: "GET", path: `/cosmos/tx/v1beta1/txs?query=tx.height%3D11${query}` });
  const count = async (query: string): Promise<number> =>
    (JSON.parse((await search(query)).text) as { readonly tx_responses: readonly unknown[] }).tx_responses.length;
  assert.equal(await count("&pagination.limit=2"), 2);
  assert.equal(await count("&pagination.limit=2&pagination.offset=2"), 1);
  assert.equal((await search("&pagination.limit=2&pagination.offset=1")).status, 400);
});
