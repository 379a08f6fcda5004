// The node's own services by ABCI path, as wallets reach them through CometBFT. Queries of modules are compared in
// test/integration/runtime/recordedQueries.test.ts.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { fromHex } from "../../../app/encoding/bytes.ts";
import { type JsonValue, toProtoJson } from "../../../app/encoding/protoJson.ts";
import { descriptors } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import { RequestQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { recorded } from "../../harness/sdkChain.ts";
import { createRecordedNode } from "../rest/recordedNode.ts";

interface RecordedQuery {
  readonly path: string;
  readonly data: string;
  readonly code: number;
  readonly codespace?: string;
  readonly log?: string;
  readonly value: string;
}

const SERVICES = /^\/cosmos\.(tx\.v1beta1|base\.(tendermint|node)\.v1beta1)\.Service\//;
/** Where a Cosmos SDK node refuses what this one serves: it has no way to a mempool there. */
const BROADCAST = "/cosmos.tx.v1beta1.Service/BroadcastTx";
/** Answers whose values are this node's own: names and types are compared. */
const OWN = /GetNodeInfo$|Service\/Status$|Simulate$|GetTx$|GetTxsEvent$|ABCIQuery$/;

const queries = recorded<{ readonly abci_query: readonly RecordedQuery[] }>("abci").abci_query.filter(({ path }) => SERVICES.test(path));
let app: App;
before(async () => {
  ({ app } = await createRecordedNode());
});
const ask = ({ path, data }: RecordedQuery) => app.query(RequestQuery.fromPartial({ path, data: fromHex(data) }));

function jsonOf(path: string, value: Uint8Array): JsonValue {
  const [service = "", name] = path.slice(1).split("/");
  const method = descriptors()
    .getService(service)
    .methods.find((candidate) => candidate.name === name);
  assert.ok(method, path);
  return toProtoJson(descriptors(), method.output, value);
}

/** Names in order; lists and texts that are empty on one side only say nothing about types. */
function namesOf(json: JsonValue): unknown {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? Object.entries(json).map(([name, field]) => [name, namesOf(field)])
    : "value";
}

describe("the node's services answer by ABCI path as recorded", () => {
  it("all that were recorded", () => assert.equal(queries.length, 21));
  for (const query of queries) {
    const { path, code, codespace = "", log = "", value } = query;
    if (path === BROADCAST) continue;
    it(`${path} ${query.data.slice(0, 24)}${log === "" ? "" : ` fails with ${log.slice(0, 60)}`}`, async () => {
      const answer = await ask(query);
      assert.equal(answer.height, 176n);
      assert.deepEqual([answer.code, answer.codespace, answer.log], [code, codespace, ownText(log, answer.log)]);
      // Long answers were cut when they were recorded.
      if (code !== 0 || value.length % 2 === 1) return;
      const [mine, theirs] = [jsonOf(path, answer.value), jsonOf(path, fromHex(value))];
      if (OWN.test(path)) assert.deepEqual(namesOf(mine), namesOf(theirs));
      else assert.equal(JSON.stringify(mine), JSON.stringify(theirs));
    });
  }

  it("a transaction can be handed in by ABCI query, too", async () => {
    const query = queries.find(({ path }) => path === BROADCAST);
    assert.ok(query);
    assert.deepEqual([query.code, query.log], [18, "can't route a broadcast tx message: invalid request"]);
    const { code, value } = await ask(query);
    assert.equal(code, 0);
    assert.match(JSON.stringify(jsonOf(BROADCAST, value)), /"txhash":"[0-9A-F]{64}"/);
  });
});

/** The recorded text without a place in a Go file, and with this chain's gas. */
function ownText(recordedLog: string, log: string): string {
  const gas = /with gas used: '\d+'/.exec(log)?.[0] ?? "";
  return recordedLog.replace(/ \[[^\]]*\.go:\d+\]/, "").replace(/with gas used: '\d+'/, gas);
}
