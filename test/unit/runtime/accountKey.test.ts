import assert from "node:assert/strict";
import { test } from "node:test";
import { readAccountKey } from "../../../app/runtime/ante/pubKeys.ts";
import type { DecodedTx } from "../../../app/runtime/decodedTx.ts";
import type { KeyReader, ReadKey } from "../../../app/runtime/keyReader.ts";

const any = (typeUrl: string, byte: number) => ({ typeUrl, value: Uint8Array.of(byte) });
const named = (name: string): ReadKey => ({ key: name }) as unknown as ReadKey;
const keys = { read: () => named("stored") } as unknown as KeyReader;
const bringing = (publicKey: ReturnType<typeof any> | undefined): DecodedTx =>
  ({ signerInfos: [{ publicKey }], keys: [publicKey && named("brought")] }) as unknown as DecodedTx;

test("the key of an account is the stored one, and the one that a transaction brings only where type and bytes are the same", () => {
  const stored = any("/key", 1);
  assert.equal(readAccountKey(keys, stored, bringing(any("/key", 1)), 0), "brought");
  for (const other of [any("/key", 2), any("/other", 1), undefined])
    assert.equal(readAccountKey(keys, stored, bringing(other), 0), "stored");
});
