import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { type Difference, differenceOf } from "./differences.ts";
import { type RawAnswer, sendRaw } from "./rawRequest.ts";
import { createRecordedNode, type Recording, recordings } from "./recordedNode.ts";

/** Requests of the services that are here, and of paths that nobody serves. Other modules' paths are 501 here and something else there. */
const OURS = /^\/+(cosmos\/(auth|bank|consensus|tx|base|group)\/|ibc|feemarket|cosmwasm|nope|swagger|metrics)|^\/$/;
const ABSENT = /^\/cosmos\/(staking|distribution|slashing|mint|gov|authz|feegrant|evidence|upgrade|params)\//;
/** Headers that wallets read. */
const HEADERS = [
  "content-type",
  "grpc-metadata-content-type",
  "grpc-metadata-x-cosmos-block-height",
  "x-cosmos-block-height",
  "access-control-allow-origin",
];

const ours = recordings.requests.filter(({ path }) => OURS.test(path));
let server: FastifyInstance;
let base: string;
before(async () => {
  ({ server } = await createRecordedNode());
  base = await server.listen({ host: "127.0.0.1", port: 0 });
});
after(() => server.close());

describe("REST answers as the recorded node does", () => {
  it("for every request of the services that are here", () => assert.equal(ours.length, 184));
  for (const recording of ours) {
    const { method, path, note = "", request_headers } = recording;
    const difference = differenceOf(recording);
    const label = [`${method} ${path}`, note, ...Object.entries(request_headers ?? {}).flat()].filter((part) => part !== "").join(" · ");
    it(difference.why === "" ? label : `${label}: ${difference.why}`, async () => compare(recording, difference, await ask(recording)));
  }
});

it("paths of modules that are not here are 501, as wallets' probes expect", async () => {
  const absent = recordings.requests.filter(({ path }) => ABSENT.test(path));
  assert.equal(absent.length, 140);
  for (const recording of absent) {
    const { status, text } = await ask(recording);
    assert.deepEqual([status, text], [501, '{"code":12,"message":"Not Implemented","details":[]}'], recording.path);
  }
});

function ask({ method, path, request_headers, request_body }: Recording): Promise<RawAnswer> {
  const body = request_body === undefined ? undefined : typeof request_body === "string" ? request_body : JSON.stringify(request_body);
  return sendRaw(base, { method, path, headers: request_headers, body });
}

function compare(recording: Recording, difference: Difference, got: RawAnswer): void {
  const status = difference.status ?? recording.status;
  assert.equal(got.status, status, got.text);
  assert.equal(got.headers["content-type"], "application/json");
  if (status === recording.status) compareHeaders(recording, got);
  if (recording.method === "HEAD" || difference.body === "any") return;
  const theirs = withOwn(withStatus(recording.body, recording.status, status), difference.own);
  const mine = withOwn(JSON.parse(got.text), difference.own);
  if (difference.body === "shape") assert.deepEqual(shapeOf(mine), shapeOf(theirs));
  else if (difference.body === "anyText") assert.deepEqual({ ...(mine as object), message: "" }, { ...(theirs as object), message: "" });
  // As text, so that the order of fields counts.
  else assert.equal(JSON.stringify(mine), JSON.stringify(theirs));
}

function compareHeaders(recording: Recording, got: RawAnswer): void {
  const wanted = recording.headers ?? recordings.default_headers;
  for (const name of HEADERS) assert.equal(got.headers[name], wanted[name], name);
}

/** An error body whose status is another one has that status' code, too. */
function withStatus(body: unknown, recorded: number, status: number): unknown {
  return recorded === status ? body : { ...(body as object), code: 3 };
}

/** A copy without the values that are this node's own. */
function withOwn(body: unknown, own: readonly string[] = []): unknown {
  const copy: unknown = structuredClone(body);
  for (const path of own) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const parent = names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy) as Record<string, unknown>;
    assert.ok(last in parent, path);
    parent[last] = "own";
  }
  return copy;
}

/** Names in their order, and kinds of values; of a list, its first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value === "object" && value !== null) return Object.entries(value).map(([name, field]) => [name, shapeOf(field)]);
  return value === null ? "null" : typeof value;
}
