import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { descriptors } from "../../../app/descriptorImage.ts";
import { aminoPrefix, createAminoTypes } from "../../../app/encoding/aminoTypes.ts";
import { createAnyTypes } from "../../../app/encoding/anyTypes.ts";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { decodeStdTx, encodeStdTx } from "../../../app/encoding/stdTx.ts";

interface Vectors {
  readonly txs: readonly { readonly name: string; readonly json: string; readonly binary: string; readonly decoded_json?: string }[];
  readonly texts: readonly { readonly json: string; readonly binary?: string; readonly error?: string }[];
  readonly binaries: readonly { readonly binary: string; readonly json?: string; readonly error?: string }[];
}
const vectors = JSON.parse(readFileSync(new URL("../../../../test/unit/encoding/stdTx.json", import.meta.url), "utf8")) as Vectors;

const types = createAminoTypes(descriptors(), createAnyTypes(descriptors()));
const encode = (json: string): string => toHex(encodeStdTx(types, json));
const decode = (hex: string): string => decodeStdTx(types, fromHex(hex));
const std = (value: string): string => `{"type":"cosmos-sdk/StdTx","value":${value}}`;
const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof EncodingError, String(error));
    return error.detail;
  }
  return assert.fail("a refusal expected");
};

/** Lists of pointers in Go hold nothing where amino has an empty element; here it is an empty message. */
const emptyElement = (json: string): string => json.replace('{"denom":"b"},null]', '{"denom":"b"},{}]');
/** JSON that the SDK takes and this program does not: amounts in another form than the canonical one, and nothing in place of a message. */
const REFUSED = new Set([
  std('{"msg":[{"type":"cosmos-sdk/MsgSend","value":{"amount":[{"denom":"a","amount":"007"}]}}]}'),
  std('{"msg":[null]}'),
]);
/** Bytes alike: nothing in place of a message, text that is not UTF-8, a number that is longer than needed. */
const REFUSED_BYTES = new Set(["282816a90a00", "282816a92202fffe", "282816a928808000"]);
/** Texts of refusals that are the SDK's own. */
const SAME_TEXT =
  /^(JSON encoding of interfaces|interface JSON wrapper|UnmarshalJSON wants|unrecognized concrete|invalid character -- Amino|UnmarshalBinaryBare)/;

describe("an amino transaction has the bytes and the JSON that the SDK gives it", () => {
  for (const { name, json, binary, decoded_json = json } of vectors.txs) {
    it(`${name}: from JSON`, () => assert.equal(encode(json), binary));
    it(`${name}: from bytes`, () => assert.equal(decode(binary), emptyElement(decoded_json)));
  }
});

it("decimals that are bytes on the wire, and evidence, come back from amino as they were", () => {
  const update =
    '{"type":"cosmos-sdk/x/slashing/MsgUpdateParams","value":{"authority":"cosmos1x","params":{"signed_blocks_window":"100","min_signed_per_window":"0.500000000000000000","downtime_jail_duration":"600000000000","slash_fraction_double_sign":"0.050000000000000000","slash_fraction_downtime":"0.010000000000000000"}}}';
  const submit =
    '{"type":"cosmos-sdk/MsgSubmitEvidence","value":{"submitter":"cosmos1x","evidence":{"type":"cosmos-sdk/Equivocation","value":{"height":"5","time":"2023-11-14T22:13:20.000000123Z","power":"7","consensus_address":"x"}}}}';
  const json = std(`{"msg":[${update},${submit}],"fee":{"amount":[],"gas":"1"},"signatures":null,"memo":"","timeout_height":"0"}`);
  assert.equal(decode(encode(json)), json);
});

describe("JSON that nobody's encoder writes is read or refused as the SDK does", () => {
  for (const { json, binary, error } of vectors.texts)
    it(json === "" ? "nothing" : json, () => {
      if (binary !== undefined && !REFUSED.has(json)) assert.equal(encode(json), binary);
      else {
        const text = refusal(() => encode(json));
        if (error !== undefined && SAME_TEXT.test(error)) assert.equal(text, error);
      }
    });
});

describe("bytes that nobody's encoder writes are read or refused as the SDK does", () => {
  for (const { binary, json, error } of vectors.binaries)
    it(binary === "" ? "nothing" : binary.slice(0, 60), () => {
      if (json !== undefined && !REFUSED_BYTES.has(binary)) assert.equal(decode(binary), json);
      else {
        const text = refusal(() => decode(binary));
        if (error !== undefined && SAME_TEXT.test(error)) assert.equal(text, error);
      }
    });
});

it("fields out of order are refused, as go-amino refuses them", () => {
  const [height, memo] = ["2801", "220161"];
  assert.match(decode(`282816a9${memo}${height}`), /"memo":"a","timeout_height":"1"/);
  assert.match(
    refusal(() => decode(`282816a9${height}${memo}`)),
    /in order expected, got 4 behind 5/,
  );
  assert.match(
    refusal(() => decode(`282816a9${memo}${memo}`)),
    /in order expected, got 4 behind 4/,
  );
});

describe("the market's messages go through amino, too", () => {
  const named = descriptors()
    .messageNames.map((name) => descriptors().getMessage(name))
    .filter(({ typeName, aminoName }) => typeName.startsWith("hanzo.hmm.v1.Msg") && aminoName !== undefined);

  it("all of them", () => assert.equal(named.length, 26));
  for (const { typeName, aminoName = "", fields } of named)
    it(typeName, () => {
      const value = Object.fromEntries(
        fields
          .filter(({ kind, repeated }) => kind !== "message" && !repeated)
          .map(({ name, kind, options }) => [name, sample(kind, options.scalar)]),
      );
      const json = std(`{"msg":[${JSON.stringify({ type: aminoName, value })}],"memo":"m"}`);
      const binary = encode(json);
      assert.ok(binary.includes(toHex(aminoPrefix(aminoName))));
      const { msg, memo } = (JSON.parse(decode(binary)) as { readonly value: { readonly msg: readonly unknown[]; readonly memo: string } })
        .value;
      const [read] = msg as { readonly type: string; readonly value: Record<string, unknown> }[];
      assert.deepEqual([memo, read?.type], ["m", aminoName]);
      for (const [name, written] of Object.entries(value)) assert.deepEqual(read?.value[name], written, name);
      assert.equal(encode(decode(binary)), binary);
    });
});

function sample(kind: string, scalar: string | undefined): unknown {
  if (scalar === "cosmos.Int") return "123456789012345678901234567890";
  if (scalar === "cosmos.Dec") return "0.500000000000000000";
  if (kind === "bytes") return "AAEC";
  if (kind === "bool") return true;
  if (kind === "int64" || kind === "uint64") return "7";
  return kind === "string" ? "text" : 3;
}

it("multisigs inside multisigs are followed so far and no further", () => {
  const key = '{"type":"tendermint/PubKeyEd25519","value":"CUY1KsGQ3X71SCQJhc7yqoDajIu557DlOfodeaI5UnI="}';
  const nest = (depth: number): string =>
    depth === 0 ? key : `{"type":"tendermint/PubKeyMultisigThreshold","value":{"threshold":"1","pubkeys":[${nest(depth - 1)}]}}`;
  const tx = (depth: number): string => std(`{"signatures":[{"pub_key":${nest(depth)}}]}`);
  assert.equal(encode(decode(encode(tx(10)))), encode(tx(10)));
  assert.match(
    refusal(() => encode(tx(17))),
    /at most 16 nested messages expected/,
  );
});
