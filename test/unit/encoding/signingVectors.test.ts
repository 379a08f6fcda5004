import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { aminoSignDocs, directAuxSignBytes, directSignBytes } from "../../../app/encoding/signDocs.ts";
import { descriptors, foreignTypes, readRecording } from "./recordings.ts";

/** cosmjs leaves these out of its document although the transaction has them: such a signature does not cover them. */
const UNCOVERED = new Set(["timeout timestamp", "unordered"]);

test("amino sign documents are the SDK's first and stock cosmjs' second where it differs", () => {
  const cases = readRecording("signing").cases;
  const foreign: string[] = [];
  let compared = 0;
  for (const c of cases) {
    if (foreignTypes(c.body_bytes).length > 0) {
      foreign.push(c.name);
      continue;
    }
    const signer = { chainId: c.chain_id, accountNumber: BigInt(c.account_number), sequence: BigInt(c.sequence) };
    const docs = aminoSignDocs(descriptors, { bodyBytes: fromHex(c.body_bytes), authInfoBytes: fromHex(c.auth_info_bytes_amino) }, signer);
    const other = c.cosmjs === undefined || c.cosmjs === "same" || UNCOVERED.has(c.name) ? [] : [c.cosmjs];
    assert.deepEqual(
      docs.map((doc) => Buffer.from(doc).toString("utf8")),
      [c.amino_json, ...other],
      c.name,
    );
    compared++;
  }
  console.log(
    `${compared} of ${cases.length} sign documents compared; ${foreign.length} are of messages this chain has not: ${foreign.join("; ")}`,
  );
  assert.ok(compared >= 38);
  for (const name of UNCOVERED)
    assert.ok(
      cases.some((c) => c.name === name && c.cosmjs !== "same"),
      name,
    );
});

test("sign bytes of every committed transaction are the recorded ones", () => {
  const { chain_id: chainId, txs } = readRecording("tx");
  const counts = new Map<string, number>();
  for (const tx of txs) {
    const parts = { bodyBytes: fromHex(tx.body_bytes), authInfoBytes: fromHex(tx.auth_info_bytes) };
    for (const [i, s] of tx.signed.entries()) {
      const signer = { chainId, accountNumber: BigInt(s.account_number), sequence: BigInt(s.sequence) };
      if (s.mode === "SIGN_MODE_DIRECT") {
        assert.equal(createHash("sha256").update(directSignBytes(parts, signer)).digest("hex"), s.sign_bytes_sha256, `${tx.name} ${i}`);
      } else if (s.mode === "SIGN_MODE_LEGACY_AMINO_JSON" && foreignTypes(tx.body_bytes).length === 0) {
        assert.equal(
          Buffer.from(aminoSignDocs(descriptors, parts, signer)[0] ?? []).toString("utf8"),
          s.sign_bytes_utf8,
          `${tx.name} ${i}`,
        );
      } else if (s.mode === "SIGN_MODE_DIRECT_AUX") {
        const key =
          /46(0a1f2f636f736d6f732e63727970746f2e736563703235366b312e5075624b65791223.{70})/.exec(s.sign_bytes_hex ?? "")?.[1] ?? "";
        assert.equal(toHex(directAuxSignBytes(parts.bodyBytes, fromHex(key), signer)), s.sign_bytes_hex, tx.name);
      } else continue;
      counts.set(s.mode, (counts.get(s.mode) ?? 0) + 1);
    }
  }
  console.log(`sign bytes compared: ${[...counts].map(([mode, n]) => `${mode} ${n}`).join(", ")}; textual mode is not supported`);
  assert.ok((counts.get("SIGN_MODE_DIRECT") ?? 0) >= 145 && (counts.get("SIGN_MODE_LEGACY_AMINO_JSON") ?? 0) >= 6);
  assert.equal(counts.get("SIGN_MODE_DIRECT_AUX"), 1);
});

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
