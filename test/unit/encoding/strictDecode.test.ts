import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnyTypes } from "../../../app/encoding/anyTypes.ts";
import { concatBytes, encodeUtf8, fromHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { createStrictDecoder, DEFAULT_STRICT_LIMITS } from "../../../app/encoding/strictDecode.ts";
import { encodeUvarint } from "../../../app/encoding/varint.ts";
import { toyDescriptors } from "./toyTypes.ts";

const many = Array.from({ length: 40 }, (_, i) => `uint32 f${i} = ${i + 1}`);
const toys = toyDescriptors([
  {
    package: "toy",
    msgs: ["MsgBox"],
    types: {
      MsgBox: { fields: ["google.protobuf.Any any = 1", "MsgBox box = 2", "google.protobuf.Any key = 3 accepts=cosmos.crypto.PubKey"] },
      Kinds: {
        fields: [
          "int32 i = 1",
          "uint32 u = 2",
          "bool b = 3",
          "string s = 4",
          "fixed64 d = 5",
          "fixed32 f = 6",
          "repeated uint32 list = 7",
          "sint32 z = 8",
          "string l = 9 oneof=side",
          "string r = 10 oneof=side",
          "string int = 11 scalar=cosmos.Int",
          "string dec = 12 scalar=cosmos.Dec",
          "repeated string names = 13",
          "map string pairs = 14",
          "int64 big = 15",
          "string un = 16 scalar=cosmos.Uint",
          "repeated fixed32 fixes = 17",
        ],
      },
      Many: { fields: many },
    },
  },
]);
const decoder = createStrictDecoder(toys, createAnyTypes(toys));

function accepts(type: string, hex: string): void {
  assert.doesNotThrow(() => decoder.checkStrict(`toy.${type}`, fromHex(hex), "reject"), hex);
}

function refuses(type: string, bytes: string | Uint8Array, text: RegExp): void {
  const refused = (e: unknown): boolean => e instanceof EncodingError && e.codespace === "sdk" && e.code === 2 && text.test(e.message);
  assert.throws(
    () => decoder.checkStrict(`toy.${type}`, typeof bytes === "string" ? fromHex(bytes) : bytes, "nonCritical"),
    refused,
    String(text),
  );
}

test("numbers must fit their kind", () => {
  for (const hex of [
    "087f",
    "08ffffffff07",
    "08ffffffffffffffffff01",
    "0880808080f8ffffffff01",
    "10ffffffff0f",
    "1800",
    "1801",
    "40ffffffff0f",
    "78ffffffffffffffffff01",
  ])
    accepts("Kinds", hex);
  for (const hex of ["08ffffffff0f", "08ffffffffff01", "08ffffffff87ffffffff01", "1080808080" + "10", "1802", "4080808080" + "10"])
    refuses("Kinds", hex, /in range|not as short/);
});

test("varints must be as short as possible, in tags, lengths and values", () => {
  for (const hex of ["088000", "880001", "2280006162", "08ffffffffffffffffff00", "a200020161"])
    refuses("Kinds", hex, /not as short as possible|invalid field number/);
  refuses("Kinds", "08ffffffffffffffffff02", /overflows 64 bits/);
  refuses("Kinds", "08ffffffffffffffffffff01", /overflows 64 bits/);
});

test("a field that may occur once occurs once, and of a oneof only one alternative", () => {
  refuses("Kinds", "08010802", /toy\.Kinds\.i once expected/);
  refuses("Kinds", "4a0161" + "520162", /another alternative/);
  refuses("Many", "980201980202", /f34 once expected/);
  const each = many.map((_, i) => concatBytes(encodeUvarint(BigInt((i + 1) << 3)), Uint8Array.of(1)));
  assert.doesNotThrow(() => decoder.checkStrict("toy.Many", concatBytes(...each), "reject"));
  accepts("Kinds", "38013802" + "6a0161" + "6a0162" + "72030a0161" + "72030a0161");
});

test("lists may be packed or not, single fields may not be", () => {
  accepts("Kinds", "3a03010203" + "3804" + "3a00" + "8a010801000000" + "02000000");
  refuses("Kinds", "3a028000", /not as short/);
  refuses("Kinds", "3a0180", /unexpected EOF/);
  refuses("Kinds", "8a0103010000", /unexpected EOF/);
  refuses("Kinds", "0a0101", /Mismatched.*varint/);
});

test("wrong wire types, groups, field zero and cut bytes are refused", () => {
  refuses("Kinds", "2001", /Mismatched/);
  refuses("Kinds", "0d00000000", /Mismatched/);
  for (const hex of ["0b0c", "0c", "0e", "0f"]) refuses("Kinds", hex, /Mismatched/);
  for (const hex of ["834000", "844000", "864000", "874000"]) refuses("Kinds", hex, /groups are not supported/);
  for (const hex of ["00", "0000", "01", "f8ffffffff01", "8080808010"])
    refuses("Kinds", hex, /invalid field number|unexpected EOF|overflows|not as short/);
  for (const hex of ["08", "0880", "22", "2205616263", "29000000", "3500"]) refuses("Kinds", hex, /unexpected EOF/);
  refuses("Kinds", "22ffffffff0f", /unexpected EOF/);
  refuses("Kinds", "22ffffffffffffffffff01", /unexpected EOF/);
});

test("amounts are canonical decimals in their range, nothing at all is left to the handler", () => {
  const field = (tag: string, text: string): Uint8Array => concatBytes(fromHex(tag), encodeUvarint(BigInt(text.length)), encodeUtf8(text));
  const [int, dec, uint] = ["5a", "62", "8201"];
  const top = ((1n << 256n) - 1n).toString();
  for (const text of ["", "0", "7", "-7", "10", top, `-${top}`])
    assert.doesNotThrow(() => decoder.checkStrict("toy.Kinds", field(int, text), "reject"), text);
  for (const text of [
    "00",
    "07",
    "-0",
    "-",
    "+7",
    "0x11",
    "1_7",
    " 7",
    "7 ",
    "1.0",
    "1e3",
    "٧",
    (1n << 256n).toString(),
    `-${1n << 256n}`,
    `1${top}`,
  ]) {
    refuses(
      "Kinds",
      concatBytes(fromHex(int), encodeUvarint(BigInt(encodeUtf8(text).length)), encodeUtf8(text)),
      /expected( behind the sign)? in toy\.Kinds\.int|out of range/,
    );
  }
  assert.doesNotThrow(() => decoder.checkStrict("toy.Kinds", field(dec, ((1n << 315n) - 1n).toString()), "reject"));
  refuses("Kinds", field(dec, (1n << 315n).toString()), /out of range/);
  refuses("Kinds", field(dec, "0.5"), /digits/);
  refuses("Kinds", field(uint, "-1"), /not negative/);
});

test("text must be UTF-8", () => {
  accepts("Kinds", "2206c3a9e29883" + "00");
  for (const hex of ["2201ff", "2202c3" + "28", "2203eda080", "6a01ff", "72030a01ff"]) refuses("Kinds", hex, /UTF-8 expected/);
});

function box(url: string, value: Uint8Array, valueFirst = false): Uint8Array {
  const type = concatBytes(fromHex("0a"), encodeUvarint(BigInt(url.length)), encodeUtf8(url));
  const content = concatBytes(fromHex("12"), encodeUvarint(BigInt(value.length)), value);
  const any = valueFirst ? concatBytes(content, type) : concatBytes(type, content);
  return concatBytes(fromHex("0a"), encodeUvarint(BigInt(any.length)), any);
}

test("an Any is looked into, whatever order its fields have, to ten levels", () => {
  const nested = (levels: number, valueFirst: boolean): Uint8Array => {
    let bytes: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < levels; i++) bytes = box("/toy.MsgBox", bytes, valueFirst);
    return bytes;
  };
  for (const valueFirst of [false, true]) {
    assert.doesNotThrow(() => decoder.checkStrict("toy.MsgBox", nested(10, valueFirst), "reject"));
    refuses("MsgBox", nested(11, valueFirst), /at most 10 nested Any/);
    refuses("MsgBox", box("/toy.MsgBox", fromHex("2801"), valueFirst), /errUnknownField "toy.MsgBox": \{TagNum: 5, WireType:"varint"\}/);
  }
  refuses("MsgBox", box("/no.Such", new Uint8Array(0)), /unable to resolve type URL \/no\.Such/);
  refuses("MsgBox", box(`/${"x".repeat(5000)}`, new Uint8Array(0)), /unable to resolve type URL of 5001 bytes/);
  refuses(
    "MsgBox",
    "1a0d0a0b2f746f792e4d7367426f78",
    /no concrete type registered for type URL \/toy\.MsgBox against interface cosmos\.crypto\.PubKey/,
  );
});

test("hostile transactions are refused quickly: deep nesting, huge lengths, groups, endless varints", () => {
  let deep: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < 10_000; i++)
    deep = i < 2000 ? box("/toy.MsgBox", deep) : concatBytes(fromHex("12"), encodeUvarint(BigInt(deep.length)), deep);
  // Processor time: on a busy machine the clock runs on while others work.
  const before = process.cpuUsage();
  refuses("MsgBox", deep, /nested/);
  refuses("MsgBox", "12ffffffff07", /unexpected EOF/);
  refuses("MsgBox", "8240ffffffff0f", /unexpected EOF/);
  refuses("MsgBox", new Uint8Array(100_000).fill(0x0b), /Mismatched/);
  refuses("MsgBox", new Uint8Array(100_000).fill(0xff), /overflows 64 bits/);
  refuses("Kinds", concatBytes(fromHex("3a"), encodeUvarint(300_000n), new Uint8Array(300_000)), /at most 262144 fields/);
  // Unknown non-critical field 1024, three bytes each.
  const skipped = new Uint8Array(900_000);
  for (let i = 0; i < skipped.length; i += 3) skipped.set([0x80, 0x40, 0x01], i);
  refuses("Kinds", skipped, /at most 262144 fields/);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 5e6, `expected less than 5 s of processor time, got ${user + system} µs`);
});

test("more bytes than a block holds are refused with the code for size", () => {
  const small = createStrictDecoder(toys, createAnyTypes(toys), { ...DEFAULT_STRICT_LIMITS, bytes: 10 });
  assert.throws(
    () => small.decodeTx(new Uint8Array(11)),
    (e) => e instanceof EncodingError && e.codespace === "sdk" && e.code === 21,
  );
});

test("unknown fields are refused unless they are non-critical and allowed, and the caller learns of them", () => {
  assert.equal(decoder.checkStrict("toy.Kinds", fromHex("0801"), "nonCritical"), false);
  assert.equal(decoder.checkStrict("toy.Kinds", fromHex("804001"), "nonCritical"), true);
  assert.throws(() => decoder.checkStrict("toy.Kinds", fromHex("804001"), "reject"), /TagNum: 1024/);
  refuses("Kinds", "f83f01", /TagNum: 1023/);
  refuses("Kinds", "80800101", /TagNum: 2048/);
  refuses("Kinds", "804080" + "00", /not as short/);
});
