import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "../../../app/api/grpcStatus.ts";
import { findRoute, readRoutes } from "../../../app/api/routes.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";

const routes = readRoutes(descriptors(), hanzoServices);
const found = (path: string, verb = "GET"): string => {
  const match = findRoute(routes, verb, path);
  return match === undefined ? "none" : [match.route.method.name, ...[...match.fields].map(([name, text]) => `${name}=${text}`)].join(" ");
};

describe("paths find their method", () => {
  const cases: readonly (readonly [path: string, expected: string])[] = [
    ["/cosmos/bank/v1beta1/params", "Params"],
    ["//cosmos/bank/v1beta1/params", "Params"],
    ["/cosmos/bank/v1beta1/params/", "none"],
    ["/cosmos//bank/v1beta1/params", "none"],
    ["/cosmos/bank/v1beta1/balances/hanzo1", "AllBalances address=hanzo1"],
    ["/cosmos/bank/v1beta1/balances/hanzo1/by_denom", "Balance address=hanzo1"],
    ["/cosmos/auth/v1beta1/accounts", "Accounts"],
    ["/cosmos/auth/v1beta1/accounts/", "Account address="],
    ["/cosmos/auth/v1beta1/accounts/a%20b", "Account address=a b"],
    ["/cosmos/auth/v1beta1/accounts/a%2Fb", "none"],
    ["/cosmos/auth/v1beta1/accounts/a%252Fb", "Account address=a%2Fb"],
    ["/cosmos/bank/v1beta1/denoms_metadata/ibc%2FABC", "DenomMetadata denom=ibc/ABC"],
    ["/cosmos/bank/v1beta1/denoms_metadata/ibc/ABC", "DenomMetadata denom=ibc/ABC"],
    ["/cosmos/base/tendermint/v1beta1/blocks/latest", "GetLatestBlock"],
    ["/cosmos/base/tendermint/v1beta1/blocks/7", "GetBlockByHeight height=7"],
    ["/cosmos/tx/v1beta1/txs", "GetTxsEvent"],
    ["/cosmos/tx/v1beta1/txs/AB", "GetTx hash=AB"],
    ["/cosmos/tx/v1beta1/txs/block/3", "GetBlockWithTxs height=3"],
    ["/hanzo/hmm/v1/params", "Params"],
    ["", "none"],
    ["/", "none"],
    ["*", "none"],
    ["/__proto__", "none"],
    ["http://elsewhere/cosmos/bank/v1beta1/params", "none"],
  ];
  for (const [path, expected] of cases) it(`${path} is ${expected}`, () => assert.equal(found(path), expected));

  it("a method is found by its own verb only", () => {
    assert.equal(found("/cosmos/tx/v1beta1/txs", "POST"), "BroadcastTx");
    assert.equal(found("/cosmos/bank/v1beta1/params", "POST"), "none");
    assert.equal(found("/cosmos/bank/v1beta1/params", "HEAD"), "none");
  });

  it("broken percent escapes are the caller's mistake", () => {
    for (const path of ["/cosmos/auth/v1beta1/accounts/%", "/cosmos/auth/v1beta1/accounts/%E0%A4%A", "/cosmos/auth/v1beta1/accounts/%ff"]) {
      assert.throws(
        () => findRoute(routes, "GET", path),
        (error) => error instanceof ApiError && error.status.code === 3,
      );
    }
  });
});

describe("routes follow from the descriptors", () => {
  it("every HTTP rule of every method has one, and no two are the same", () => {
    const rules = hanzoServices.flatMap((service) =>
      descriptors()
        .getService(service)
        .methods.flatMap(({ http }) => http),
    );
    assert.equal(routes.length, rules.length);
    assert.ok(routes.length >= 50, `${routes.length} routes`);
    const places = routes.map(({ verb, template }) => `${verb} ${template.replace(/\{\w+\}/g, "{}")}`);
    const doubled = places.filter((place, index) => places.indexOf(place) !== index);
    // The SDK has this pair, too; there as here the first of them answers.
    assert.deepEqual(doubled, ["GET /cosmos/auth/v1beta1/bech32/{}"]);
  });

  it("every bound field is one of its request", () => {
    for (const { template, method, segments } of routes) {
      for (const segment of segments) {
        if (segment.kind === "text") assert.doesNotMatch(segment.text, /[{}*]/, template);
        else assert.ok(descriptors().getMessage(method.input).findFieldByName(segment.field), template);
      }
    }
  });
});
