import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { aminoSignDocs } from "../../../app/encoding/signDocs.ts";
import { descriptors, readRecording } from "./recordings.ts";

test("an unordered transaction is never accepted under a document that does not say so", () => {
  const c = readRecording("signing").cases.find(({ name }) => name === "unordered");
  assert.ok(c);
  const parts = { bodyBytes: fromHex(c.body_bytes), authInfoBytes: fromHex(c.auth_info_bytes_amino) };
  const docs = aminoSignDocs(descriptors, parts, { chainId: c.chain_id, accountNumber: 7n, sequence: 0n });
  assert.equal(docs.length, 1);
  for (const doc of docs) assert.match(Buffer.from(doc).toString("utf8"), /"timeout_timestamp":.*"unordered":true/);
  // A message that cosmjs writes in its own way, made unordered: cosmjs cannot have signed that.
  const differing = readRecording("signing").cases.find(({ name }) => name === "MsgSend empty addresses");
  assert.ok(differing);
  const ordered = fromHex(differing.body_bytes);
  const documents = (bodyBytes: Uint8Array): number =>
    aminoSignDocs(descriptors, { ...parts, bodyBytes }, { chainId: c.chain_id, accountNumber: 7n, sequence: 0n }).length;
  assert.equal(documents(ordered), 2);
  assert.equal(documents(Uint8Array.from([...ordered, 0x20, 0x01])), 1);
  assert.equal(documents(Uint8Array.from([...ordered, 0x2a, 0x00])), 1);
});

test("amino mode refuses what its document cannot show: unknown fields, extension options, a missing fee", () => {
  const c = readRecording("signing").cases[0];
  assert.ok(c);
  const signer = { chainId: c.chain_id, accountNumber: 7n, sequence: 3n };
  const authInfoBytes = fromHex(c.auth_info_bytes_amino);
  const refused = (bodyBytes: Uint8Array, authInfo: Uint8Array, text: RegExp): void => {
    assert.throws(
      () => aminoSignDocs(descriptors, { bodyBytes, authInfoBytes: authInfo }, signer),
      (e) => e instanceof EncodingError && e.codespace === "sdk" && e.code === 4 && text.test(e.message),
    );
  };
  refused(fromHex(`${c.body_bytes}824003010203`), authInfoBytes, /number 1024/);
  refused(fromHex(`${c.body_bytes}fa3f00`), authInfoBytes, /extension options/);
  refused(fromHex(`${c.body_bytes}fa7f00`), authInfoBytes, /extension options/);
  refused(fromHex(c.body_bytes), new Uint8Array(0), /fee expected/);
});
