import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readRoutes } from "../../../app/api/routes.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { type RawRequest, sendRaw } from "../../../cmd/hanzod/selftest/recording/rawRequest.ts";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { TxBody, TxRaw } from "../../../proto/gen/cosmos/tx/v1beta1/tx.ts";
import { RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { fc } from "../../harness/fastCheck.ts";
import { recording } from "../../harness/recordedCases.ts";

const routes = readRoutes(
  descriptors(),
  hanzoServices.filter((service) => service.startsWith("cosmos.")),
);
const bodies = (recording.rest?.requests ?? []).flatMap(({ request_body }) =>
  typeof request_body === "object" && request_body !== null ? [request_body] : [],
);

/** Texts that parsers stumble over. */
const odd = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-1",
    "+1",
    "1e9",
    "0x10",
    "NaN",
    "latest",
    "18446744073709551615",
    "18446744073709551616",
    "9".repeat(400),
    "null",
    "[]",
    "{}",
    "__proto__",
    "constructor",
    "toString",
    "..",
    ".",
    "\0",
    "\ud800",
    "%",
    "AA==",
    "\u2028",
  ),
  fc.string({ unit: "binary", maxLength: 24 }),
  fc.string({ maxLength: 60 }),
);
const escaped = odd.map((text) => encodeURIComponent(text.toWellFormed()));
/** Also escapes that are none. */
const raw = fc.oneof(escaped, fc.constantFrom("%", "%zz", "%ff", "%C0%80", "a%2", "%00"));

const routeArbitrary = fc.constantFrom(...routes);
const path = fc.tuple(routeArbitrary, fc.array(raw, { minLength: 6, maxLength: 6 })).map(([{ template }, texts]) => {
  let next = 0;
  return template.replace(/\{[^}]*\}/g, () => texts[next++ % texts.length] ?? "");
});
const names = fc.oneof(
  fc.constantFrom(
    "pagination.limit",
    "pagination.offset",
    "pagination.key",
    "pagination.reverse",
    "pagination.count_total",
    "pagination",
    "height",
    "query",
    "page",
    "limit",
    "order_by",
    "denom",
    "denoms",
    "prove",
    "data",
    "path",
    "account_id",
    "a.b.c.d.e.f.g.h.i.j",
  ),
  escaped,
);
const search = fc
  .array(fc.tuple(names, raw), { maxLength: 6 })
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map(([name, text]) => `${name}=${text}`).join("&")}`));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.json({ maxDepth: 6 }),
  fc
    .tuple(fc.constantFrom(...bodies), fc.nat(), fc.nat(), fc.constantFrom("", "null", "{", '"', "0", "[]", "\\u0000", '"@type":1,'))
    .map(([json, at, length, text]) => {
      const whole = JSON.stringify(json);
      const from = at % whole.length;
      return whole.slice(0, from) + text + whole.slice(from + (length % 8));
    }),
  fc
    .tuple(fc.constantFrom("tx_bytes", "mode", "tx", "txBytes"), fc.oneof(odd, fc.jsonValue({ maxDepth: 4 })))
    .map(([name, value]) => JSON.stringify({ [name]: value })),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => JSON.stringify({ tx_bytes: Buffer.from(bytes).toString("base64"), mode: "BROADCAST_MODE_SYNC" })),
);
const request: fc.Arbitrary<RawRequest> = fc.oneof(
  fc.tuple(path, search).map(([at, query]) => ({ method: "GET", path: at + query })),
  fc.tuple(fc.constantFrom("/", "//", "/a/", "/cosmos/", "*"), search).map(([at, query]) => ({ method: "GET", path: at + query })),
  fc
    .tuple(fc.constantFrom(...routes.filter(({ verb }) => verb === "POST").map(({ template }) => template)), body)
    .map(([at, sent]) => ({ method: "POST", path: at, body: sent })),
  fc
    .tuple(fc.constantFrom("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"), path)
    .map(([method, at]) => ({ method, path: at })),
);

const node = await createRecordedNode(recording);
const base = node.restUrl;
after(() => node.close());

const STATUSES = new Set([200, 400, 404, 501]);

test("whatever is asked, the answer is a status of the gateway and JSON, and the node goes on", async () => {
  await fc.assert(
    fc.asyncProperty(request, async (sent) => {
      const { status, text, headers } = await sendRaw(base, sent);
      assert.ok(STATUSES.has(status), `${sent.method} ${sent.path} ${String(sent.body)}: ${status} ${text}`);
      if (sent.method === "HEAD") return;
      const answer = JSON.parse(text) as Readonly<Record<string, unknown>>;
      assert.equal(headers["content-type"], "application/json");
      if (status === 200) return;
      assert.deepEqual(Object.keys(answer), ["code", "message", "details"]);
      assert.equal(typeof answer["message"], "string");
    }),
    { seed: 17, numRuns: 1000 },
  );
  const { status } = await sendRaw(base, { method: "GET", path: "/cosmos/bank/v1beta1/params" });
  assert.equal(status, 200);
});

/** Transactions of a block as searches and single questions show them. */
async function shownInBlock(txs: readonly Uint8Array[]): Promise<void> {
  const own = await createRecordedNode(recording);
  const height = own.app.height + 1n;
  await own.app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height, time: { seconds: 1_800_000_000n, nanos: 0 }, txs: [...txs] }));
  await own.app.commit();
  const get = (path: string) => sendRaw(own.restUrl, { method: "GET", path: `/cosmos/tx/v1beta1/txs${path}` });
  try {
    const { status, text } = await get(`?query=tx.height%3D${height}`);
    assert.equal(status, 200, text);
    const { tx_responses } = JSON.parse(text) as { readonly tx_responses: readonly { readonly txhash: string; readonly code: number }[] };
    assert.equal(tx_responses.length, txs.length);
    for (const { txhash, code } of tx_responses) {
      assert.notEqual(code, 0);
      assert.equal((await get(`/${txhash}`)).status, 200);
    }
  } finally {
    await own.close();
  }
}

test("bytes in a block that are no transaction do not break searches", () =>
  shownInBlock([Uint8Array.of(0, 0, 0), Uint8Array.of(10, 1, 255), Uint8Array.of(10, 200), new Uint8Array(0)]));

test("transactions in a block whose messages nobody takes do not break searches", () => {
  const message = { typeUrl: "/no.such.Msg", value: Uint8Array.of(1, 2, 3) };
  const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [message] })).finish();
  return shownInBlock([TxRaw.encode({ bodyBytes, authInfoBytes: new Uint8Array(0), signatures: [] }).finish()]);
});
