import assert from "node:assert/strict";
import { test } from "node:test";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createAnyTypes } from "../../app/encoding/anyTypes.ts";
import { compareBytes, fromHex, toHex } from "../../app/encoding/bytes.ts";
import { createDescriptors } from "../../app/encoding/descriptors.ts";
import { decodeDynamic, encodeDynamic } from "../../app/encoding/dynamicMessage.ts";
import { EncodingError } from "../../app/encoding/encodingError.ts";
import { toProtoJson } from "../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../app/encoding/protoJsonParse.ts";
import { aminoSignDocs } from "../../app/encoding/signDocs.ts";
import { createStrictDecoder } from "../../app/encoding/strictDecode.ts";
import { fc } from "../harness/fastCheck.ts";
import { foreignTypes, readRecording } from "../unit/encoding/recordings.ts";
import { type ToyPackage, toyImage } from "../unit/encoding/toyTypes.ts";

/** A message with every kind of field, so that mutations meet them all. */
const TOY: ToyPackage = {
  package: "toy",
  msgs: ["MsgAll"],
  types: {
    MsgAll: {
      fields: [
        "int64 a = 1",
        "uint64 b = 2",
        "int32 c = 3",
        "uint32 d = 4",
        "sint32 e = 5",
        "sint64 f = 6",
        "fixed64 g = 7",
        "fixed32 h = 8",
        "bool i = 9",
        "string j = 10",
        "bytes k = 11",
        "MsgAll l = 12",
        "repeated MsgAll m = 13",
        "repeated uint32 n = 14",
        "map string o = 15",
        "string p = 16 oneof=q",
        "MsgAll r = 17 oneof=q",
        "google.protobuf.Any s = 18",
        "string t = 19 scalar=cosmos.Int",
        "enum:cosmos.tx.signing.v1beta1.SignMode u = 20",
        "repeated sfixed64 v = 21",
        "string z = 1024",
      ],
    },
  },
};
const image = toyImage([TOY]);
const descriptors = createDescriptors(image);
const strict = createStrictDecoder(descriptors, createAnyTypes(descriptors));
const second = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));

/** Content of a message as an independent decoder understands it, re-encoded. Unknown fields are dropped. */
function reencode(typeName: string, bytes: Uint8Array): Uint8Array {
  const type = second.getMessage(typeName);
  assert.ok(type !== undefined, typeName);
  return toBinary(type, fromBinary(type, bytes, { readUnknownFields: false }));
}

/** Whether strict accepts; anything thrown that is not an EncodingError fails the test. */
function accepts(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (cause) {
    assert.ok(cause instanceof EncodingError, `${cause instanceof Error ? cause.stack : String(cause)}`);
    return false;
  }
}

/** One change of the kind that hand-made transactions have. */
const mutation = fc.record({
  kind: fc.constantFrom("flip", "set", "insert", "remove", "double", "cut"),
  at: fc.nat(),
  value: fc.oneof(fc.constantFrom(0, 1, 2, 0x08, 0x0a, 0x0b, 0x7f, 0x80, 0xff), fc.nat(255)),
  length: fc.nat(8),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(bytes: Uint8Array, { kind, at, value, length }: Mutation): Uint8Array {
  const i = bytes.length === 0 ? 0 : at % bytes.length;
  const list = [...bytes];
  if (kind === "flip") list[i] = (list[i] ?? 0) ^ (1 << (value & 7));
  else if (kind === "set") list[i] = value;
  else if (kind === "insert") list.splice(i, 0, value);
  else if (kind === "remove") list.splice(i, length);
  else if (kind === "double") list.splice(i, 0, ...list.slice(i, i + length));
  else list.length = i;
  return Uint8Array.from(list);
}

const txs = readRecording("checktx")
  .cases.map((c) => c.tx ?? "")
  .filter((tx) => tx !== "" && tx.length < 4000 && foreignTypes(tx).length === 0)
  .map(fromHex);
const SEED = 20261124;

test("mutated transactions are either refused with a clean error or mean the same to an independent decoder", () => {
  let accepted = 0;
  const run = fc.property(fc.constantFrom(...txs), fc.array(mutation, { maxLength: 3 }), (tx, changes) => {
    const bytes = changes.reduce(mutate, tx);
    if (!accepts(() => strict.decodeTx(bytes))) return;
    accepted++;
    const parts = strict.decodeTx(bytes);
    assert.deepEqual(reencode("cosmos.tx.v1beta1.TxRaw", bytes), bytes, "a TxRaw that is accepted is canonical");
    for (const [type, part, unknown] of [
      ["cosmos.tx.v1beta1.TxBody", parts.bodyBytes, "nonCritical"],
      ["cosmos.tx.v1beta1.AuthInfo", parts.authInfoBytes, "reject"],
    ] as const) {
      const again = reencode(type, part);
      assert.deepEqual(encodeDynamic(decodeDynamic(descriptors, type, part)), again, `${type} ${toHex(part)}`);
      assert.ok(
        accepts(() => strict.checkStrict(type, again, unknown)),
        "the canonical form of what is accepted is accepted",
      );
      const json = toProtoJson(descriptors, type, part);
      assert.deepEqual(toProtoJson(descriptors, type, fromProtoJson(descriptors, type, json)), json);
    }
    accepts(() => aminoSignDocs(descriptors, parts, { chainId: "x", accountNumber: 1n, sequence: 2n }));
  });
  fc.assert(run, { seed: SEED, numRuns: 4000 });
  assert.ok(accepted > 400, `${accepted} of 4000 accepted: too few to say much`);
});

const field = fc.oneof(
  fc.record({
    tag: fc.constantFrom("08", "10", "18", "20", "28", "30", "48", "70", "a001", "8040"),
    rest: fc.constantFrom("00", "01", "7f", "8001", "ffffffffffffffffff01", "ffffffff0f", "8000"),
  }),
  fc.record({ tag: fc.constantFrom("39", "45"), rest: fc.constantFrom("0000000000000000", "01020304", "ffffffff") }),
  fc.record({
    tag: fc.constantFrom("52", "5a", "62", "6a", "72", "7a", "8201", "8a01", "9a01", "aa01", "8240", "9201"),
    rest: fc.constantFrom(
      "00",
      "0101",
      "0131",
      "023031",
      "02c3a9",
      "01ff",
      "020801",
      "050a01611200",
      "1a0a0b2f746f792e4d7367416c6c120b1201010801120101180101",
      "0d0a0b2f746f792e4d7367416c6c",
      "050a0161",
      "080000000000000001",
    ),
  }),
);

test("messages with every kind of field mean the same to an independent decoder whenever they are accepted", () => {
  let accepted = 0;
  const run = fc.property(fc.array(field, { maxLength: 6 }), fc.array(mutation, { maxLength: 1 }), (fields, changes) => {
    const bytes = changes.reduce(mutate, fromHex(fields.map(({ tag, rest }) => tag + rest).join("")));
    if (!accepts(() => strict.checkStrict("toy.MsgAll", bytes, "nonCritical"))) return;
    accepted++;
    const again = reencode("toy.MsgAll", bytes);
    // Map entries may leave out an empty key or value, so both encodings are put into the same form.
    assert.deepEqual(reencode("toy.MsgAll", encodeDynamic(decodeDynamic(descriptors, "toy.MsgAll", bytes))), again, toHex(bytes));
    const json = toProtoJson(descriptors, "toy.MsgAll", again);
    assert.deepEqual(toProtoJson(descriptors, "toy.MsgAll", fromProtoJson(descriptors, "toy.MsgAll", json)), json, toHex(bytes));
  });
  fc.assert(run, { seed: SEED, numRuns: 6000 });
  assert.ok(accepted > 500, `${accepted} of 6000 accepted: too few to say much`);
});

test("random bytes never throw anything but a clean error, in any decoder", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      accepts(() => strict.decodeTx(bytes));
      accepts(() => strict.checkStrict("toy.MsgAll", bytes, "nonCritical"));
      accepts(() => toProtoJson(descriptors, "toy.MsgAll", bytes));
      accepts(() =>
        aminoSignDocs(descriptors, { bodyBytes: bytes, authInfoBytes: bytes }, { chainId: "", accountNumber: 0n, sequence: 0n }),
      );
    }),
    { seed: SEED, numRuns: 4000 },
  );
});

test("random JSON never throws anything but a clean error, and what is read is shown the same twice", () => {
  const names = ["a", "c", "i", "j", "k", "l", "m", "n", "o", "s", "t", "u", "@type", "type_url", "value"];
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, "", "7", "x", "AA==", "/toy.MsgAll", "SIGN_MODE_DIRECT"),
      tie("list"),
      tie("object"),
    ),
    list: fc.array(tie("value"), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 4 }),
  })).object as fc.Arbitrary<Record<string, unknown>>;
  fc.assert(
    fc.property(json, (value) => {
      let bytes: Uint8Array | undefined;
      if (!accepts(() => (bytes = fromProtoJson(descriptors, "toy.MsgAll", value))) || bytes === undefined) return;
      const shown = toProtoJson(descriptors, "toy.MsgAll", bytes);
      assert.equal(compareBytes(fromProtoJson(descriptors, "toy.MsgAll", shown), bytes), 0);
    }),
    { seed: SEED, numRuns: 4000 },
  );
});
