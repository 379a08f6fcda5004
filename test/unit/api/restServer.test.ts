import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { DEFAULT_HTTP_LIMITS } from "../../../app/api/httpLimits.ts";
import { MAX_PARAMETERS, MAX_URL_LENGTH } from "../../../app/api/limits.ts";
import { createRestServer } from "../../../app/api/rest.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices, openApiJson } from "../../../app/hanzoServices.ts";
import { sendRaw } from "../../../cmd/hanzod/selftest/recording/rawRequest.ts";
import { SendEnabled } from "../../../proto/gen/cosmos/bank/v1beta1/bank.ts";
import { QuerySendEnabledRequest, QuerySendEnabledResponse } from "../../../proto/gen/cosmos/bank/v1beta1/query.ts";
import { type RequestQuery, ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";

/** Answers that wait to be released. */
const waiting: (() => void)[] = [];
/** Says which denominations it was asked for; waits or breaks when a denomination says so. */
async function query({ path, data }: RequestQuery): Promise<ResponseQuery> {
  if (path !== "/cosmos.bank.v1beta1.Query/SendEnabled")
    return ResponseQuery.fromPartial({ code: 18, codespace: "sdk", log: "refused: invalid request", height: 9n });
  const { denoms } = QuerySendEnabledRequest.decode(data);
  if (denoms.includes("defect")) throw new Error("secret");
  if (denoms.includes("wait")) await new Promise<void>((resolve) => waiting.push(resolve));
  const value = QuerySendEnabledResponse.encode(
    QuerySendEnabledResponse.fromPartial({ sendEnabled: denoms.map((denom) => SendEnabled.fromPartial({ denom })) }),
  ).finish();
  return ResponseQuery.fromPartial({ value, height: 9n });
}
const createServer = () =>
  createRestServer({ descriptors: descriptors(), services: hanzoServices, allowAnyOrigin: false, query, chain: TEST_FACTS });

const PATH = "/cosmos/bank/v1beta1/send_enabled";
let server: FastifyInstance;
let base: string;
before(async () => {
  server = await createServer();
  base = await server.listen({ host: "127.0.0.1", port: 0 });
});
after(() => server.close());
const get = (path: string) => sendRaw(base, { method: "GET", path });
const post = (body: string | Uint8Array, type?: string) =>
  sendRaw(base, { method: "POST", path: "/cosmos/tx/v1beta1/decode", body, headers: type === undefined ? {} : { "content-type": type } });

describe("requests have limits, and what is beyond them is 400", () => {
  it("length of the URL", async () => {
    const fits = `${PATH}?x=`.padEnd(MAX_URL_LENGTH, "a");
    assert.equal((await get(fits)).status, 200);
    const { status, text } = await get(`${fits}a`);
    assert.deepEqual(
      [status, JSON.parse(text)],
      [400, { code: 3, message: `a URL of at most ${MAX_URL_LENGTH} characters expected, got ${MAX_URL_LENGTH + 1}`, details: [] }],
    );
  });

  it("number of query parameters", async () => {
    const parameters = (count: number) => `${PATH}?${Array.from({ length: count }, () => "denoms=a").join("&")}`;
    assert.equal((await get(parameters(MAX_PARAMETERS))).status, 200);
    assert.equal((await get(parameters(MAX_PARAMETERS + 1))).status, 400);
  });

  it("size of the body", async () => {
    const { status, text } = await post(new Uint8Array(DEFAULT_HTTP_LIMITS.maxBodyBytes + 1).fill(0x20), "application/json");
    assert.equal(status, 400);
    assert.match(text, /a body of at most 6291456 bytes expected/);
  });

  it("depth of JSON", async () => {
    const deep = (open: string, close: string) => `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    assert.equal((await post(`{"tx_bytes":${deep("[", "]")}}`)).status, 400);
    assert.equal((await post(deep('{"a":', "}"), "text/plain")).status, 400);
  });

  it("header of the height", async () => {
    for (const height of ["abc", "1.5", "9223372036854775808", "0x10", " 1 2"]) {
      const { status } = await sendRaw(base, { method: "GET", path: PATH, headers: { "x-cosmos-block-height": height } });
      assert.equal(status, 400, height);
    }
  });
});

describe("a failed answer", () => {
  const OTHER = "/cosmos/bank/v1beta1/params";
  for (const [asked, told] of [
    [undefined, "9"],
    ["0", "9"],
    ["9", "9"],
    ["5", undefined],
  ] as const)
    it(`that read ${told === undefined ? "no state" : `height ${told}`} when asked at ${asked ?? "none"} tells so`, async () => {
      const { status, headers } = await sendRaw(base, {
        method: "GET",
        path: OTHER,
        headers: asked === undefined ? {} : { "x-cosmos-block-height": asked },
      });
      assert.deepEqual([status, headers["grpc-metadata-x-cosmos-block-height"], headers["x-cosmos-block-height"]], [400, told, undefined]);
    });
});

describe("parameters fill the request", () => {
  const enabled = async (search: string) => {
    const { text } = await get(`${PATH}?${search}`);
    return (JSON.parse(text) as { readonly send_enabled: readonly { readonly denom: string }[] }).send_enabled.map(({ denom }) => denom);
  };
  it("repeated names make a list, in either spelling; unknown names are ignored", async () => {
    assert.deepEqual(await enabled("denoms=b&denoms=a"), ["b", "a"]);
    assert.deepEqual(await enabled("nope=1&__proto__=1&constructor=2&pagination=3&pagination.nope=4&denoms.x=5&denoms=a"), ["a"]);
    assert.deepEqual(await enabled("denoms=a%2Bb+c"), ["a+b c"]);
  });

  it("values that do not fit are 400 and name what is wrong", async () => {
    for (const search of [
      "pagination.limit=abc",
      "pagination.limit=-1",
      "pagination.limit=18446744073709551616",
      "pagination.count_total=yes",
      "pagination.key=%25",
    ]) {
      assert.equal((await get(`${PATH}?${search}`)).status, 400, search);
    }
  });
});

describe("what goes wrong inside stays inside", () => {
  it("a defect is 500 `internal`, without its text", async () => {
    const { status, text } = await get(`${PATH}?denoms=defect`);
    assert.deepEqual([status, text], [500, '{"code":13,"message":"internal","details":[]}']);
  });

  it("HTTP that fastify refuses is 400 in the same form", async () => {
    const { status, text } = await post("{}", "no media type");
    assert.equal(status, 400);
    assert.equal((JSON.parse(text) as { readonly code: number }).code, 3);
  });
});

it("the OpenAPI document is served where there is one, and 501 where there is none", async () => {
  assert.equal((await get("/openapi.json")).status, 501);
  const own = await createRestServer({
    descriptors: descriptors(),
    services: [],
    allowAnyOrigin: false,
    query,
    openApi: openApiJson,
    chain: TEST_FACTS,
  });
  const { statusCode, json } = await own.inject("/openapi.json");
  assert.equal(statusCode, 200);
  assert.equal(json<{ readonly openapi: string }>().openapi, "3.1.0");
  await own.close();
});

describe("closing", () => {
  it("waits for answers under way, takes no new requests, and does not wait for idle connections", async () => {
    const own = await createServer();
    const address = await own.listen({ host: "127.0.0.1", port: 0 });
    const idle = connect(Number(new URL(address).port), "127.0.0.1");
    await new Promise((resolve) => idle.once("connect", resolve));
    const slow = sendRaw(address, { method: "GET", path: `${PATH}?denoms=wait` });
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const closed = own.close();
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(sendRaw(address, { method: "GET", path: PATH }), /ECONNREFUSED|ECONNRESET/);
    waiting.pop()?.();
    assert.equal((await slow).status, 200);
    await closed;
    idle.destroy();
  });
});
