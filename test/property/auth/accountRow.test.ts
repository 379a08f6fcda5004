// Rows of accounts are those of the general codec, however few of them are read and written by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Any } from "#proto/google/protobuf/any";
import { type Account, packAccount, unpackAccount } from "../../../modules/auth/account.ts";
import { accountRow } from "../../../modules/auth/accountRow.ts";
import { fc } from "../../harness/fastCheck.ts";

const number = fc.oneof(
  fc.constantFrom(0n, 1n, 127n, 128n, 16_383n, 16_384n, (1n << 28n) - 1n, 1n << 28n, (1n << 31n) - 1n, 1n << 31n, (1n << 64n) - 1n),
  fc.bigInt(0n, 1n << 31n),
);
const text = fc.oneof(fc.string({ unit: "grapheme-ascii", maxLength: 140, size: "max" }), fc.string({ unit: "grapheme", maxLength: 5 }));
const pubKey = fc.option(
  fc.record({
    typeUrl: fc.oneof(
      { arbitrary: fc.constant("/cosmos.crypto.secp256k1.PubKey"), weight: 3 },
      fc.constantFrom("", "/cosmos.crypto.secp256k1.PubKez", "/cosmos.crypto.ed25519.PubKey"),
    ),
    value: fc.uint8Array({ maxLength: 140, size: "max" }),
  }),
  { nil: undefined },
);
const base = fc.record({ address: text, pubKey, accountNumber: number, sequence: number });
const account: fc.Arbitrary<Account> = fc.oneof(
  { arbitrary: base.map((each) => ({ base: each })), weight: 5 },
  { arbitrary: base.map((each) => ({ base: each, module: { name: "bank", permissions: ["minter"] } })), weight: 1 },
);

/** What the general codec reads, or that it refuses. */
function readGenerally(row: Uint8Array): Account | "refused" {
  try {
    return unpackAccount(Any.decode(row));
  } catch {
    return "refused";
  }
}

function read(row: Uint8Array): Account | "refused" {
  try {
    return accountRow.decode(row);
  } catch {
    return "refused";
  }
}

test("an account's row is its packed form, and is read as it", () => {
  fc.assert(
    fc.property(account, (each) => {
      const row = accountRow.encode(each);
      assert.deepEqual(row, Any.encode(packAccount(each)).finish());
      assert.deepEqual(accountRow.decode(row), readGenerally(row));
    }),
    { numRuns: 1000 },
  );
});

test("a row with one byte changed, one more or some fewer is read as the general codec reads it", () => {
  fc.assert(
    fc.property(account, fc.nat(), fc.nat(255), fc.nat(2), (each, place, byte, how) => {
      const row = accountRow.encode(each);
      const at = place % row.length;
      const changed =
        how === 0 ? Uint8Array.from([...row.subarray(0, at), byte, ...row.subarray(at)]) : row.slice(0, how === 1 ? at : undefined);
      if (how === 2) changed[at] = byte;
      assert.deepEqual(read(changed), readGenerally(changed));
    }),
    { numRuns: 2000 },
  );
});

test("a row that is made from another one at hand is the one that would be made without it", () => {
  const next = fc.record({
    address: fc.option(text, { nil: undefined, freq: 2 }),
    pubKey: fc.option(
      pubKey.filter((key) => key !== undefined),
      { nil: undefined, freq: 2 },
    ),
    accountNumber: fc.option(number, { nil: undefined, freq: 2 }),
    sequence: number,
  });
  let copied = 0;
  fc.assert(
    fc.property(account, next, fc.boolean(), (before, change, isModule) => {
      const near = { key: undefined, bytes: accountRow.encode(before), value: before };
      // Mostly the same account with another sequence.
      const { sequence, address = before.base.address, pubKey = before.base.pubKey, accountNumber = before.base.accountNumber } = change;
      const after = {
        base: { address, pubKey, accountNumber, sequence },
        ...(isModule ? { module: before.module ?? { name: "gov", permissions: [] } } : {}),
      };
      const row = accountRow.encode(after, near);
      assert.deepEqual(row, Any.encode(packAccount(after)).finish());
      assert.notEqual(row.buffer === near.bytes.buffer && row.byteOffset === near.bytes.byteOffset, true);
      if (Object.values(change).filter((each) => each !== undefined).length === 1) copied++;
      assert.deepEqual(near.bytes, Any.encode(packAccount(before)).finish());
    }),
    { numRuns: 1000 },
  );
  assert.ok(copied > 50, String(copied));
});
