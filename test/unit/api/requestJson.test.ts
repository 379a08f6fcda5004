import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "../../../app/api/grpcStatus.ts";
import { addPathFields, addQueryFields, type RequestJson } from "../../../app/api/requestJson.ts";
import { descriptors } from "../../../app/descriptorImage.ts";

const BLOCK = "cosmos.tx.v1beta1.GetBlockWithTxsRequest";
const SEARCH = "cosmos.tx.v1beta1.GetTxsEventRequest";
const BYTES = "cosmos.auth.v1beta1.AddressBytesToStringRequest";

function fromQuery(typeName: string, search: string, bound: readonly string[] = []): RequestJson {
  const request: RequestJson = {};
  addQueryFields(descriptors(), typeName, request, new URLSearchParams(search), new Set(bound));
  return request;
}

function fromPath(typeName: string, fields: Readonly<Record<string, string>>): RequestJson {
  const request: RequestJson = {};
  addPathFields(descriptors(), typeName, request, new Map(Object.entries(fields)));
  return request;
}

const refused = (message: string) => (error: unknown) =>
  error instanceof ApiError && error.status.code === 3 && error.status.message === message;

describe("parameters become fields", () => {
  const cases: readonly (readonly [search: string, request: RequestJson])[] = [
    ["height=7", { height: "7" }],
    ["height=%2B7", { height: "7" }],
    ["height=-9223372036854775808", { height: "-9223372036854775808" }],
    ["height=9223372036854775807", { height: "9223372036854775807" }],
    ["height=1&height=2", { height: "1" }],
    ["pagination.limit=5&pagination.reverse=true", { pagination: { limit: "5", reverse: true } }],
    ["pagination.countTotal=T&pagination.reverse=0", { pagination: { count_total: true, reverse: false } }],
    ["pagination.key=-_8%3D", { pagination: { key: "+/8=" } }],
    ["pagination=5&height.x=1&nope=1&=1&.=1&pagination.=1", { pagination: {} }],
  ];
  for (const [search, request] of cases) it(search, () => assert.deepEqual(fromQuery(BLOCK, search), request));

  it("enums by name or number", () => {
    assert.deepEqual(fromQuery(SEARCH, "order_by=ORDER_BY_DESC"), { order_by: "ORDER_BY_DESC" });
    assert.deepEqual(fromQuery(SEARCH, "order_by=2"), { order_by: 2 });
    assert.deepEqual(fromQuery(SEARCH, "events=a&events=b"), { events: ["a", "b"] });
  });

  it("but not over those that the path binds", () =>
    assert.deepEqual(fromQuery(BLOCK, "height=7&pagination.limit=1", ["height"]), { pagination: { limit: "1" } }));
});

describe("values that do not fit are refused with the gateway's texts", () => {
  const cases: readonly (readonly [search: string, message: string])[] = [
    ["height=abc", 'strconv.ParseInt: parsing "abc": invalid syntax'],
    ["height=", 'strconv.ParseInt: parsing "": invalid syntax'],
    ["height=-9223372036854775809", 'strconv.ParseInt: parsing "-9223372036854775809": value out of range'],
    ["height=9223372036854775808", 'strconv.ParseInt: parsing "9223372036854775808": value out of range'],
    ["pagination.limit=18446744073709551616", 'strconv.ParseUint: parsing "18446744073709551616": value out of range'],
    ["pagination.limit=%2B1", 'strconv.ParseUint: parsing "+1": invalid syntax'],
    ["pagination.reverse=yes", 'strconv.ParseBool: parsing "yes": invalid syntax'],
    ["pagination.key=!!!", "illegal base64 data at input byte 0"],
  ];
  for (const [search, message] of cases) it(search, () => assert.throws(() => fromQuery(BLOCK, search), refused(message)));

  it("enums that do not exist", () => {
    assert.throws(() => fromQuery(SEARCH, "order_by=SIDEWAYS"), refused('"SIDEWAYS" is not a valid value of cosmos.tx.v1beta1.OrderBy'));
    assert.throws(() => fromQuery(SEARCH, "order_by=9"), refused("9 is not a valid cosmos.tx.v1beta1.OrderBy"));
  });

  it("those of paths name their parameter", () => {
    assert.throws(
      () => fromPath(BLOCK, { height: "x" }),
      refused('type mismatch, parameter: height, error: strconv.ParseInt: parsing "x": invalid syntax'),
    );
    assert.throws(
      () => fromPath(BYTES, { address_bytes: "AAA" }),
      refused("type mismatch, parameter: address_bytes, error: illegal base64 data at input byte 0"),
    );
  });
});
