import assert from "node:assert/strict";
import { test } from "node:test";
import { RedelegationResponse } from "#proto/cosmos/staking/v1beta1/staking";
import { descriptors } from "../../../app/descriptorImage.ts";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { toyDescriptors } from "./toyTypes.ts";

const toys = toyDescriptors([
  {
    package: "toy",
    types: {
      Leaf: { fields: ["string name = 1", "bytes raw = 2"] },
      All: {
        fields: [
          "int64 big_number = 1",
          "uint64 u = 2",
          "int32 i = 3",
          "uint32 v = 4",
          "sint64 z = 5",
          "fixed32 f = 6",
          "bool yes = 7",
          "string text = 8",
          "bytes raw = 9",
          "enum:cosmos.tx.signing.v1beta1.SignMode mode = 10",
          "Leaf leaf = 11",
          "repeated Leaf leaves = 12",
          "repeated int64 packed = 13",
          "map int64 counts = 14",
          "string left = 15 oneof=side",
          "Leaf right = 16 oneof=side",
          "google.protobuf.Any any = 17",
          "google.protobuf.Timestamp at = 18",
          "google.protobuf.Duration span = 19",
          "string dec = 20 scalar=cosmos.Dec",
          "string int = 21 scalar=cosmos.Int",
          "string kept = 22 scalar=cosmos.Int keep",
          "optional int32 maybe = 23",
        ],
      },
      Deep: { fields: ["Deep deep = 1"] },
      Float: { fields: ["double x = 1"] },
    },
  },
]);

const ALL = "toy.All";
const show = (json: unknown): unknown => toProtoJson(toys, ALL, fromProtoJson(toys, ALL, json));
const DEFAULTS = {
  big_number: "0",
  u: "0",
  i: 0,
  v: 0,
  z: "0",
  f: 0,
  yes: false,
  text: "",
  raw: null,
  mode: "SIGN_MODE_UNSPECIFIED",
  leaf: null,
  leaves: [],
  packed: [],
  counts: {},
  any: null,
  at: null,
  span: null,
  dec: null,
  int: null,
  kept: "0",
  maybe: null,
};

test("an empty message shows its defaults, null for what is absent and nothing of a oneof", () => {
  assert.deepEqual(toProtoJson(toys, ALL, new Uint8Array(0)), DEFAULTS);
  assert.deepEqual(show({}), DEFAULTS);
});

test("every kind of field is written and read in its form", () => {
  const json = {
    big_number: "-9223372036854775808",
    u: "18446744073709551615",
    i: -5,
    v: 4294967295,
    z: "-3",
    f: 7,
    yes: true,
    text: "é\u2028",
    raw: "AAE=",
    mode: "SIGN_MODE_DIRECT",
    leaf: { name: "a", raw: null },
    leaves: [{ name: "", raw: "/w==" }],
    packed: ["1", "-2"],
    counts: { a: "1", b: "0" },
    right: { name: "r", raw: null },
    any: { "@type": "/toy.Leaf", name: "in", raw: null },
    at: "2027-01-15T08:00:00.120Z",
    span: "-1.500s",
    dec: "-0.500000000000000000",
    int: "-12",
    kept: "3",
    maybe: 0,
  };
  assert.deepEqual(show(json), json);
});

test("names in camelCase, numbers for strings and enums, and null are read too", () => {
  assert.deepEqual(show({ bigNumber: 12, mode: 2, u: 5, leaf: null, leaves: null, at: "2027-01-15T10:00:00+02:00" }), {
    ...DEFAULTS,
    big_number: "12",
    mode: "SIGN_MODE_TEXTUAL",
    u: "5",
    at: "2027-01-15T08:00:00Z",
  });
  assert.deepEqual(show({ mode: 55 }), { ...DEFAULTS, mode: 55 });
});

test("an Any of a special type stands under value", () => {
  const json = { "@type": "/google.protobuf.Timestamp", value: "1970-01-01T00:00:01Z" };
  assert.deepEqual(show({ any: json }), { ...DEFAULTS, any: json });
  const nested = { "@type": "/google.protobuf.Any", value: { "@type": "/toy.Leaf", name: "x", raw: null } };
  assert.deepEqual(show({ any: nested }), { ...DEFAULTS, any: nested });
});

test("what does not fit is refused with the place where it stands", () => {
  for (const [json, text] of [
    [{ leaves: [{}, { name: 5 }] }, 'leaves[1].name: string expected, got "5"'],
    [{ leaf: { nope: 1 } }, 'leaf.nope: field of toy.Leaf expected, got "nope"'],
    [{ u: "-1" }, 'u: number of uint64 expected, got "-1"'],
    [{ u: "1e3" }, 'u: whole number expected, got "1e3"'],
    [{ i: 1.5 }, 'i: whole number expected, got "1.5"'],
    [{ i: 2147483648 }, 'i: number of int32 expected, got "2147483648"'],
    [{ big_number: 2 ** 53 }, 'big_number: whole number expected, got "9007199254740992"'],
    [{ yes: "true" }, 'yes: true or false expected, got "true"'],
    [{ mode: "NOPE" }, 'mode: name or number of cosmos.tx.signing.v1beta1.SignMode expected, got "NOPE"'],
    [{ raw: "AAE" }, "raw: padded base64 expected, got 3 characters"],
    [{ counts: { a: "x" } }, 'counts["a"]: whole number expected, got "x"'],
    [{ leaves: {} }, "leaves: list expected, got an object"],
    [{ leaf: [] }, "leaf: object expected, got a list"],
    [{ any: {} }, "any.@type: type URL expected, got nothing"],
    [{ any: { "@type": "/no.Such" } }, 'any.@type: type URL of a known message expected, got "/no.Such"'],
    [{ at: "yesterday" }, 'at: RFC 3339 time expected, got "yesterday"'],
    [{ int: "007" }, "int: canonical decimal integer expected"],
    [{ left: "a", right: {} }, 'right: one alternative of side expected, got "right"'],
    [{ big_number: "1", bigNumber: "2" }, 'bigNumber: one spelling of a field expected, got "bigNumber"'],
    [[], "message: object expected, got a list"],
    ["x", 'message: object expected, got "x"'],
    [{ text: "\ud800" }, "text: well-formed Unicode text expected, got a lone surrogate"],
  ] as const) {
    assert.throws(
      () => fromProtoJson(toys, ALL, json),
      (e) => e instanceof EncodingError && e.codespace === "sdk" && e.code === 17 && e.detail === text,
      text,
    );
  }
});

test("unknown fields are ignored when the caller says so, as REST does", () => {
  assert.equal(toHex(fromProtoJson(toys, "toy.Leaf", { nope: 1, name: "a" }, { unknown: "ignore" })), "0a0161");
});

test("nesting, cut bytes, unknown types and floating point end in an error that says so", () => {
  let deep: unknown = {};
  for (let i = 0; i < 150; i++) deep = { deep };
  assert.throws(() => fromProtoJson(toys, "toy.Deep", deep), EncodingError);
  const bytes = (depth: number): Uint8Array => {
    let hex = "";
    for (let i = 0; i < depth; i++) hex = `0a${(hex.length / 2).toString(16).padStart(2, "0")}${hex}`;
    return fromHex(hex);
  };
  assert.ok(toProtoJson(toys, "toy.Deep", bytes(60)));
  for (const hex of ["0a05", "0a", "5a020a05", "08", "ffffffffffffffffffffff", "0c", "0b"]) {
    assert.throws(
      () => toProtoJson(toys, ALL, fromHex(hex)),
      (e) => e instanceof EncodingError && e.code === 2,
      hex,
    );
  }
  assert.throws(
    () => toProtoJson(toys, ALL, fromHex("8a01070a052f6e6f2e58")),
    (e) => e instanceof EncodingError && e.code === 16,
  );
  assert.throws(() => toProtoJson(toys, "toy.Float", fromHex("090000000000000000")), EncodingError);
});

test("doubled fields count as protobuf says: the last scalar, merged messages, one alternative", () => {
  const shown = toProtoJson(toys, ALL, fromHex("420161" + "420162" + "5a030a0178" + "5a03120100" + "7a0161" + "8201020a00")) as Record<
    string,
    unknown
  >;
  assert.equal(shown["text"], "b");
  assert.deepEqual(shown["leaf"], { name: "x", raw: "AA==" });
  assert.deepEqual([shown["left"], shown["right"]], [undefined, { name: "", raw: null }]);
});

test("a redelegation is shown by Go's own JSON, as the SDK shows it: numbers, null for empty lists, short times", () => {
  const type = "cosmos.staking.v1beta1.RedelegationResponse";
  const redelegation = { delegatorAddress: "d", validatorSrcAddress: "s", validatorDstAddress: "", entries: [] };
  const entry = {
    creationHeight: 92n,
    completionTime: { seconds: 1n, nanos: 500_000_000 },
    initialBalance: "7",
    sharesDst: "1500000000000000000",
    unbondingId: 0n,
    unbondingOnHoldRefCount: 0n,
  };
  const bytes = RedelegationResponse.encode({ redelegation, entries: [{ redelegationEntry: entry, balance: "6" }] }).finish();
  assert.deepEqual(toProtoJson(descriptors(), type, Uint8Array.from(bytes)), {
    redelegation: { delegator_address: "d", validator_src_address: "s", entries: null },
    entries: [
      {
        redelegation_entry: {
          creation_height: 92,
          completion_time: "1970-01-01T00:00:01.5Z",
          initial_balance: "7",
          shares_dst: "1.500000000000000000",
        },
        balance: "6",
      },
    ],
  });
});
