// Expected answers are those of the recorded SDK chain's REST service.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PageRequest } from "#proto/cosmos/base/query/v1beta1/pagination";
import { QueryError } from "#sdk";
import { createRecordedBench } from "../../harness/recordedChain.ts";
import { readSdkVectors } from "../../harness/sdkVectors.ts";

const bench = createRecordedBench("exported");
const PREFIX = "/cosmos/bank/v1beta1/";
/** Routes of the bank that name what they ask for in the path. */
const ROUTES: readonly (readonly [method: string, pattern: RegExp])[] = [
  ["Balance", /^balances\/(?<address>[^/]*)\/by_denom$/],
  ["AllBalances", /^balances\/(?<address>[^/]*)$/],
  ["SpendableBalanceByDenom", /^spendable_balances\/(?<address>[^/]*)\/by_denom$/],
  ["SpendableBalances", /^spendable_balances\/(?<address>[^/]*)$/],
  ["TotalSupply", /^supply$/],
  ["SupplyOf", /^supply\/by_denom$/],
  ["DenomsMetadata", /^denoms_metadata$/],
  ["DenomMetadataByQueryString", /^denoms_metadata_by_query_string$/],
  ["DenomMetadata", /^denoms_metadata\/(?<denom>[^/]*)$/],
  ["DenomOwnersByQuery", /^denom_owners_by_query$/],
  ["DenomOwners", /^denom_owners\/(?<denom>[^/]*)$/],
  ["SendEnabled", /^send_enabled$/],
  ["Params", /^params$/],
];

/** The request of a recorded URL; undefined where the URL itself is at fault or another height is asked. */
function requestOf(url: string): readonly [method: string, request: object] | undefined {
  const [path = "", query = ""] = url.slice(PREFIX.length).split("?");
  const route = ROUTES.find(([, pattern]) => pattern.test(path));
  if (!url.startsWith(PREFIX) || route === undefined) return undefined;
  const given = new URLSearchParams(query);
  const page: Partial<PageRequest> = {};
  for (const name of ["limit", "offset"] as const) {
    const text = given.get(`pagination.${name}`);
    if (text !== null && !/^[0-9]+$/.test(text)) return undefined;
    if (text !== null) page[name] = BigInt(text);
  }
  const key = given.get("pagination.key");
  if (key === "!!!") return undefined;
  if (key !== null) page.key = Uint8Array.from(Buffer.from(key, "base64"));
  const pagination = PageRequest.fromPartial({
    ...page,
    countTotal: given.get("pagination.count_total") === "true",
    reverse: given.get("pagination.reverse") === "true",
  });
  const resolveDenom = (given.get("resolve_denom") ?? given.get("resolveDenom")) === "true";
  const denom = given.get("denom");
  return [
    route[0],
    { ...route[1].exec(path)?.groups, ...(denom === null ? {} : { denom }), denoms: given.getAll("denoms"), resolveDenom, pagination },
  ];
}

/** An answer as the SDK's JSON writes it. */
function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return value.length === 0 ? null : Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), jsonOf(field)]),
  );
}

const recorded = readSdkVectors("rest").requests.flatMap(({ method, path, status, body, request_headers }) => {
  const found = method === "GET" && request_headers === undefined ? requestOf(path) : undefined;
  return found === undefined ? [] : [{ path, status, body: body as { readonly message?: string }, method: found[0], request: found[1] }];
});

describe("queries of the bank answer as over REST on a recorded SDK chain", () => {
  it("all of them", () => assert.ok(recorded.length >= 35, String(recorded.length)));
  for (const { path, status, body, method, request } of recorded) {
    it(`${path} gives ${status}`, () => {
      const run = (): unknown => jsonOf(bench.query(`/cosmos.bank.v1beta1.Query/${method}`, request));
      if (status === 200) assert.deepEqual(run(), body);
      else
        assert.throws(
          run,
          (error) => error instanceof QueryError && error.message === body.message && error.status === (status === 404 ? 5 : 3),
        );
    });
  }
});
