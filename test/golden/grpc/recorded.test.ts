// Every recorded gRPC request of the services that are here, sent again over gRPC.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createGrpcServer, type GrpcServer } from "../../../app/api/grpcServer.ts";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { type JsonValue, toProtoJson } from "../../../app/encoding/protoJson.ts";
import { descriptorImage, descriptors, hanzoServices } from "../../../app/hanzo.ts";
import { createGrpcClient, type GrpcAnswer, type GrpcClient } from "../../harness/grpcClient.ts";
import { recorded } from "../../harness/sdkChain.ts";
import { createRecordedNode, RECORDED_FACTS, recordings } from "../rest/recordedNode.ts";

interface RecordedCall {
  readonly path: string;
  readonly data: string;
  readonly note?: string;
  /** Height metadata of the request. */
  readonly height?: number | string;
  readonly status: number;
  /** Absent on success, and where it ends with a space. */
  readonly message?: string;
  /** Height metadata of the answer. */
  readonly block_height?: string;
  readonly value?: string;
  /** The bytes are those of the ABCI query of the same request. */
  readonly same_as_abci?: boolean;
}
interface RecordedQuery {
  readonly path: string;
  readonly data: string;
  readonly value: string;
}

const vectors = recorded<{ readonly grpc: readonly RecordedCall[]; readonly abci_query: readonly RecordedQuery[] }>("abci");
const OURS = /^\/(cosmos\.(auth|bank|consensus|tx|base)\.|no\.)/;
const ours = vectors.grpc.filter(({ path }) => OURS.test(path));
const absent = vectors.grpc.filter(({ path }) => !OURS.test(path));

/** How an answer is compared. */
interface Difference {
  readonly why: string;
  /** Code where it is not the recorded one. */
  readonly status?: number;
  /** The whole message where it is not the recorded one, or nothing of it. */
  readonly message?: string | "any";
  /** What of the response counts: the names of its fields, or nothing. */
  readonly body?: "names" | "any";
  /** The height that is told may be another one. */
  readonly anyHeight?: boolean;
}
interface Rule extends Difference {
  matches(call: RecordedCall): boolean;
}

const VESTING = new Set(["vcont", "vdelay", "vperiod", "vlocked", "vnew4"]);
const OWN = /GetNodeInfo$|Service\/Status$|Simulate$|GetTx$|GetTxsEvent$|ABCIQuery$|ReflectionService\//;
const BAD_ADDRESS = /^(decoding bech32|codespace sdk code 35)/;

/** The first rule that matches a call decides. */
const RULES: readonly Rule[] = [
  {
    why: "no vesting accounts yet: they are imported as plain ones",
    matches: ({ note = "" }) => VESTING.has(note),
    body: "any",
  },
  { why: "heights before the import are not there", matches: ({ height }) => height === 3, status: 3, message: "any", anyHeight: true },
  {
    why: "the recorded history is not replayed",
    matches: ({ path, status }) => path.endsWith("/GetTxsEvent") && status === 0,
    body: "any",
  },
  {
    why: "text of the gRPC library",
    matches: ({ status }) => status === 12,
    message: "any",
  },
  {
    why: "own words for a height that cannot be read",
    matches: ({ height }) => height === "abc",
    status: 3,
    message: 'invalid height header "x-cosmos-block-height": a whole number expected, got "abc"',
  },
  {
    why: "the error's own text, without codespace and code in front",
    matches: ({ height }) => height === 999_999,
    status: 3,
    message: "cannot query with height in the future; please provide a valid height: invalid height",
  },
  {
    why: "a request that cannot be decoded is the caller's mistake",
    matches: ({ data }) => data === "ff",
    status: 3,
    message: "unexpected EOF",
    anyHeight: true,
  },
  {
    why: "a bad address is the caller's mistake",
    matches: ({ message = "" }) => BAD_ADDRESS.test(message),
    status: 3,
    message: "any",
  },
  {
    why: "a failing simulation is the caller's mistake; places in Go files are left out",
    matches: ({ path, status }) => path.endsWith("/Simulate") && status === 2,
    status: 3,
    message: "any",
  },
  {
    why: "an empty search is the caller's mistake",
    matches: ({ status, message }) => status === 13 && message === "query cannot be empty",
    status: 3,
  },
  {
    why: "these services read no state",
    matches: ({ path }) => path.startsWith("/cosmos.base.reflection."),
    body: "any",
    anyHeight: true,
  },
  { why: "values of another program", matches: ({ path, status }) => OWN.test(path) && status === 0, body: "names" },
  { why: "the transaction is not the recorded one", matches: ({ path }) => path.endsWith("/BroadcastTx"), body: "names" },
];
const differenceOf = (call: RecordedCall): Difference => RULES.find((rule) => rule.matches(call)) ?? { why: "" };

let server: GrpcServer;
let client: GrpcClient;
before(async () => {
  const { app } = await createRecordedNode();
  const services = hanzoServices.filter((service) => service.startsWith("cosmos."));
  server = createGrpcServer({ descriptors: descriptors(), image: descriptorImage(), services, query: app.query, chain: RECORDED_FACTS });
  client = createGrpcClient(`127.0.0.1:${await server.listen("127.0.0.1:0")}`);
});
after(async () => {
  client.close();
  await server.close();
});

const send = ({ path, data, height }: RecordedCall): Promise<GrpcAnswer> =>
  client.call(path, fromHex(data), height === undefined ? {} : { "x-cosmos-block-height": String(height) });

describe("gRPC answers as the recorded node does", () => {
  it("for every call of the services that are here", () => assert.equal(ours.length, 95));
  for (const call of ours) {
    const difference = differenceOf(call);
    const label = [call.path, call.note ?? "", call.data.slice(0, 40), call.height ?? "", call.message ?? ""]
      .filter((part) => part !== "")
      .join(" · ");
    it(difference.why === "" ? label : `${label}: ${difference.why}`, async () => compare(call, difference, await send(call)));
  }
});

it("services of modules that are not here are Unimplemented over gRPC", async () => {
  assert.equal(absent.length, 107);
  for (const call of absent) assert.equal((await send(call)).code, 12, call.path);
});

function compare(call: RecordedCall, difference: Difference, got: GrpcAnswer): void {
  assert.equal(got.code, difference.status ?? call.status, got.message);
  if (difference.anyHeight !== true) assert.equal(got.header("x-cosmos-block-height"), call.block_height);
  if (got.code !== 0) {
    if (difference.message !== "any") assert.equal(got.message.trimEnd(), withoutSpace(difference.message ?? call.message, got.message));
    return;
  }
  if (difference.body === "any") return;
  // Its recorded bytes were cut; REST shows the same message whole.
  if (call.path.endsWith("/GetNodeInfo")) {
    const whole = recordings.requests.find(({ path }) => path === "/cosmos/base/tendermint/v1beta1/node_info");
    assert.deepEqual(namesOf(jsonOf(call.path, got.value)), namesOf(whole?.body as JsonValue));
    return;
  }
  const value = call.same_as_abci === true ? abciValue(call) : (call.value ?? "");
  if (difference.body === undefined) assert.equal(toHex(got.value), value);
  else assert.deepEqual(namesOf(jsonOf(call.path, got.value)), namesOf(jsonOf(call.path, fromHex(value))));
}

/** A recorded message that ends with a space is absent: it must end so here, too. */
function withoutSpace(message: string | undefined, got: string): string {
  if (message !== undefined) return message.trimEnd();
  assert.match(got, / $/);
  return got.trimEnd();
}

function abciValue({ path, data }: RecordedCall): string {
  const found = vectors.abci_query.find((query) => query.path === path && query.data === data);
  assert.ok(found, path);
  return found.value;
}

function jsonOf(path: string, value: Uint8Array): JsonValue {
  const [service = "", name] = path.slice(1).split("/");
  const method = descriptors()
    .getService(service)
    .methods.find((candidate) => candidate.name === name);
  assert.ok(method, path);
  return toProtoJson(descriptors(), method.output, value);
}

/** Names of fields in their order; what lists hold does not count. */
function namesOf(json: JsonValue): unknown {
  if (Array.isArray(json)) return "list";
  if (typeof json !== "object" || json === null) return "value";
  return Object.entries(json).map(([name, field]) => [name, namesOf(field)]);
}
