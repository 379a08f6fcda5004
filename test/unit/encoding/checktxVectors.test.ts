import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { descriptors, foreignTypes, readRecording, strict } from "./recordings.ts";

/** Accepted by the SDK and refused here on purpose: numbers, text and encodings that have more than one form. */
const STRICTER = new Set([
  "duplicate singular field in message, last wins",
  "duplicate singular field, other signer last",
  "non-minimal varint in message",
  "msg: amount with plus",
  "msg: amount with leading zero",
  "msg: amount hexadecimal",
  "msg: amount with underscore",
  "TxRaw duplicate body",
  "body with duplicate memo",
  "body memo not UTF-8",
]);

/** Types that a case names in order to be refused for it. */
const REFUSED_TYPES = new Set(["/cosmos.bank.v1beta1.MsgNope", "/ibc.applications.transfer.v1.MsgTransfer"]);

function judge(bytes: Uint8Array): { code: number; codespace: string; text: string } {
  try {
    strict.decodeTx(bytes);
    return { code: 0, codespace: "", text: "" };
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    return { code: cause.code, codespace: cause.codespace, text: cause.message };
  }
}

const cases = readRecording("checktx").cases.filter((c) => c.tx !== undefined && c.code !== undefined);

test("every recorded transaction is refused by the decoder exactly when the SDK's decoder refuses it, but for the listed differences", () => {
  const foreign: string[] = [];
  const seen = new Set<string>();
  let compared = 0;
  for (const { name, tx = "", code, log } of cases) {
    const got = judge(fromHex(tx));
    seen.add(name);
    if (code !== 2 && foreignTypes(tx).some((url) => !REFUSED_TYPES.has(url))) {
      foreign.push(name);
      continue;
    }
    const refused = code === 2 || STRICTER.has(name);
    assert.equal(got.code, refused ? 2 : 0, `${name}: recorded ${code} ${log ?? ""}, got ${got.code} ${got.text}`);
    if (refused) assert.equal(got.codespace, "sdk", name);
    compared++;
  }
  for (const name of STRICTER) assert.ok(seen.has(name), `no such case: ${name}`);
  console.log(
    `${compared} of ${cases.length} recorded transactions compared; ${foreign.length} carry messages of modules this chain has not: ${foreign.join("; ")}`,
  );
  assert.ok(compared >= 120);
});

test("the texts that clients see for a refused transaction name the same cause as the SDK's", () => {
  const same = [
    "unknown message type",
    "type url without slash",
    "type url empty",
    "not a message type",
    "query type as message",
    "unregistered ibc message",
    "garbage",
    "message truncated",
    "TxRaw fields out of order",
    "TxRaw truncated",
    "extension option known type",
    "non-critical extension option unknown",
  ];
  for (const name of same) {
    const found = cases.find((c) => c.name === name);
    assert.ok(found?.tx !== undefined && found.log !== undefined, name);
    // The SDK wraps the error twice.
    assert.equal(`${judge(fromHex(found.tx)).text}: tx parse error`, found.log, name);
  }
});

test("every committed transaction of known messages passes, except the ones with amounts in Go's number syntax", () => {
  const refused: string[] = [];
  let passed = 0;
  for (const tx of readRecording("tx").txs) {
    if (foreignTypes(tx.body_bytes).length > 0) continue;
    try {
      strict.checkStrict("cosmos.tx.v1beta1.TxBody", fromHex(tx.body_bytes), "nonCritical");
      strict.checkStrict("cosmos.tx.v1beta1.AuthInfo", fromHex(tx.auth_info_bytes), "reject");
      passed++;
    } catch {
      refused.push(tx.name);
    }
  }
  assert.deepEqual(refused, ["odd-send-plus", "odd-send-leading-zero", "odd-send-hexadecimal", "odd-send-binary", "odd-send-underscore"]);
  assert.ok(passed >= 30, `${passed}`);
});

test("the parts of a transaction are the very bytes inside of it", () => {
  const good = cases.find((c) => c.name === "sequence too high");
  const bytes = fromHex(good?.tx ?? "");
  const parts = strict.decodeTx(bytes);
  assert.equal(parts.bodyBytes.length, 141);
  assert.equal(parts.bodyBytes.buffer, bytes.buffer);
  assert.deepEqual(
    parts.signatures.map((s) => s.length),
    [64],
  );
  assert.equal(parts.hasNonCritical, false);
  const odd = cases.find((c) => c.name === "body with unknown field 1024");
  assert.equal(strict.decodeTx(fromHex(odd?.tx ?? "")).hasNonCritical, true);
  assert.ok(descriptors.findMessage("cosmos.tx.v1beta1.TxRaw"));
});
