import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { SignatureWords } from "../../../app/threads/signatureWords.ts";

const documents = Array.from({ length: 5 }, (_, i) => ({
  signature: Uint8Array.from({ length: 64 }, (_, at) => at + i),
  message: new Uint8Array(10 * i).fill(i),
  publicKey: Uint8Array.from({ length: 33 }, (_, at) => 100 + at + i),
}));

test("the other side checks each signature with its key against the hash of its document", () => {
  const seen: unknown[] = [];
  new SignatureWords(SignatureWords.pack(documents).buffer).verify((signature, digest, publicKey) => {
    seen.push([signature, digest, publicKey].map((part) => Buffer.from(part).toString("hex")));
    return false;
  });
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const expected = documents.map(({ signature, message, publicKey }) => [
    hex(signature),
    createHash("sha256").update(message).digest("hex"),
    hex(publicKey),
  ]);
  assert.deepEqual(seen, expected);
});

test("what the other side finds right is right here, and nothing else", () => {
  const words = SignatureWords.pack(documents);
  const rights = (): boolean[] => documents.map((_, index) => words.isRight(index));
  assert.deepEqual(rights(), [false, false, false, false, false]);
  let next = 0;
  new SignatureWords(words.buffer).verify(() => next++ % 2 === 1);
  assert.deepEqual(rights(), [false, true, false, true, false]);
});
