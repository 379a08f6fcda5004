import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { sha256 } from "#sha256";
import { concatBytes, encodeUtf8, fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { createLeafOp, hashOp } from "../../../app/proof/ics23.ts";
import { decodeCommitmentProof, encodeCommitmentProof } from "../../../app/proof/ics23Codec.ts";
import { calculateRoot, tendermintSpec, verifyMembership, verifyNonMembership } from "../../../app/proof/ics23Verify.ts";
import { iavlProofType, type ProofOp, simpleProofType, verifyProofOps } from "../../../app/proof/proofOps.ts";
import { multistoreRoot, proveStore } from "../../../app/store/multistore.ts";
import { snapshotChunkBytes, snapshotChunks, storedZlib } from "../../../app/store/snapshotFormat.ts";
import { createTree } from "../../../app/store/tree.ts";

function stores(count: number): ReadonlyMap<string, Uint8Array> {
  return new Map(Array.from({ length: count }, (_, i): [string, Uint8Array] => [`store${(i * 7) % count}`, sha256(Uint8Array.of(i))]));
}

test("every store of one to twenty is proven under the app hash, and under no other", () => {
  for (let count = 1; count <= 20; count++) {
    const all = stores(count);
    const root = multistoreRoot(all);
    assert.equal(toHex(root), toHex(multistoreRoot(new Map([...all].reverse()))), "the order of the map does not matter");
    for (const [name, storeRoot] of all) {
      const proof = proveStore(all, name);
      assert.ok(verifyMembership(tendermintSpec, root, proof, encodeUtf8(name), storeRoot), `${name} of ${count}`);
      assert.deepEqual(calculateRoot(proof), root);
      assert.ok(!verifyMembership(tendermintSpec, root, proof, encodeUtf8(`${name}x`), storeRoot));
      assert.ok(!verifyMembership(tendermintSpec, sha256(root), proof, encodeUtf8(name), storeRoot));
    }
  }
  assert.throws(() => proveStore(stores(3), "nothing"), { codespace: "store", code: 6 });
});

test("stores are sorted by the bytes of their names, not by text units", () => {
  const astral = new Map([
    ["\u{10000}", sha256(Uint8Array.of(1))],
    ["\uffff", sha256(Uint8Array.of(2))],
  ]);
  const proof = decodeCommitmentProof(proveStore(astral, "\uffff"));
  assert.equal(proof?.exist?.path[0]?.suffix?.length, 32, "the three bytes of U+FFFF stand before the four of U+10000");
});

test("a key is proven from its store to the app hash, present or absent", () => {
  const tree = createTree();
  tree.apply(1n, [
    [fromHex("01"), fromHex("aa")],
    [fromHex("03"), fromHex("bb")],
  ]);
  tree.commit();
  const all = new Map([...stores(5), ["bank", tree.root]]);
  const appHash = multistoreRoot(all);
  const ops = (key: string): readonly ProofOp[] => [
    { type: iavlProofType, key: fromHex(key), data: tree.prove(1n, fromHex(key)) },
    { type: simpleProofType, key: encodeUtf8("bank"), data: proveStore(all, "bank") },
  ];
  assert.ok(verifyProofOps(appHash, "bank", fromHex("01"), fromHex("aa"), ops("01")));
  assert.ok(verifyProofOps(appHash, "bank", fromHex("02"), undefined, ops("02")));
  const [iavl, simple] = ops("01") as [ProofOp, ProofOp];
  const wrong: readonly (readonly [label: string, ok: boolean])[] = [
    ["other value", verifyProofOps(appHash, "bank", fromHex("01"), fromHex("ab"), ops("01"))],
    ["other store", verifyProofOps(appHash, "store1", fromHex("01"), fromHex("aa"), ops("01"))],
    ["other key", verifyProofOps(appHash, "bank", fromHex("03"), fromHex("aa"), ops("01"))],
    ["other app hash", verifyProofOps(tree.root, "bank", fromHex("01"), fromHex("aa"), ops("01"))],
    ["absence of a present key", verifyProofOps(appHash, "bank", fromHex("01"), undefined, ops("01"))],
    ["one step", verifyProofOps(tree.root, "bank", fromHex("01"), fromHex("aa"), [iavl])],
    ["three steps", verifyProofOps(appHash, "bank", fromHex("01"), fromHex("aa"), [iavl, simple, simple])],
    ["steps swapped", verifyProofOps(appHash, "bank", fromHex("01"), fromHex("aa"), [simple, iavl])],
    ["an unknown step", verifyProofOps(appHash, "bank", fromHex("01"), fromHex("aa"), [{ ...iavl, type: "ics23:smt" }, simple])],
  ];
  for (const [label, ok] of wrong) assert.equal(ok, false, label);
});

test("proofs survive encoding and decoding, fields in any order", () => {
  const exist = {
    key: fromHex("0102"),
    value: new Uint8Array(300).fill(7),
    leaf: createLeafOp(fromHex("000202")),
    path: [
      { hash: hashOp.sha256, prefix: fromHex("01"), suffix: new Uint8Array(32) },
      { hash: hashOp.sha256, prefix: new Uint8Array(33).fill(1), suffix: undefined },
    ],
  };
  const bytes = encodeCommitmentProof({ exist });
  assert.deepEqual(decodeCommitmentProof(bytes), { exist });
  const nonexist = { key: fromHex("0a"), left: exist, right: undefined };
  assert.deepEqual(decodeCommitmentProof(encodeCommitmentProof({ nonexist })), { nonexist });
  assert.deepEqual(encodeCommitmentProof({}), new Uint8Array(0));
  // Value before key, and an unknown field of each wire type between them.
  const shuffled = fromHex("0a1b1201aa7801790000000000000000 7a0100 7d00000000 0a01bb".replaceAll(" ", ""));
  shuffled[1] = shuffled.length - 2;
  assert.deepEqual(decodeCommitmentProof(shuffled)?.exist, { key: fromHex("bb"), value: fromHex("aa"), leaf: undefined, path: [] });
});

test("bytes that are no proof decode to nothing", () => {
  const cases: readonly (readonly [label: string, hex: string])[] = [
    ["a cut length", "0a05aa"],
    ["a cut varint", "0aff"],
    ["an endless varint", "0affffffffffffffffffff7f"],
    ["field number 0", "0200"],
    ["a group", "0b0c"],
    ["a proof as a number", "0801"],
    ["a key as a number", "0a020801"],
    ["a hash operation as bytes", "0a071a050a0301"],
    ["a huge length", "0affffffffffffffff7f"],
  ];
  for (const [label, hex] of cases) assert.equal(decodeCommitmentProof(fromHex(hex)), undefined, label);
  assert.deepEqual(decodeCommitmentProof(fromHex("0a00")), {
    exist: { key: new Uint8Array(0), value: new Uint8Array(0), leaf: undefined, path: [] },
  });
  assert.deepEqual(decodeCommitmentProof(fromHex("0a001a00")), {}, "a batch takes the place of a proof before it");
});

test("a simple proof with an empty suffix on the wire beside a sibling in the prefix is refused", () => {
  const all = new Map([
    ["a", sha256(Uint8Array.of(1))],
    ["b", sha256(Uint8Array.of(2))],
  ]);
  const root = multistoreRoot(all);
  const proof = decodeCommitmentProof(proveStore(all, "b"))?.exist;
  const step = proof?.path[0];
  assert.ok(proof !== undefined && step !== undefined && step.suffix === undefined);
  const bytes = proveStore(all, "b");
  assert.ok(verifyMembership(tendermintSpec, root, bytes, proof.key, proof.value));
  // The step is the last field: `22 len …`; an empty suffix `1a 00` makes it and the whole proof two bytes longer.
  const longer = concatBytes(bytes, fromHex("1a00"));
  const at = bytes.length - step.prefix.length - 2 - 2 - 1;
  longer[at] = (longer[at] ?? 0) + 2;
  longer[1] = (longer[1] ?? 0) + 2;
  assert.deepEqual(decodeCommitmentProof(longer)?.exist?.path[0]?.suffix, new Uint8Array(0));
  assert.ok(!verifyMembership(tendermintSpec, root, longer, proof.key, proof.value));
});

test("a path of 128 steps is the longest that is looked at", () => {
  const deep = (steps: number): Uint8Array => {
    const path = Array.from({ length: steps }, () => ({ hash: hashOp.sha256, prefix: Uint8Array.of(1), suffix: new Uint8Array(32) }));
    return encodeCommitmentProof({ exist: { key: Uint8Array.of(1), value: Uint8Array.of(2), leaf: createLeafOp(Uint8Array.of(0)), path } });
  };
  for (const [steps, ok] of [
    [128, true],
    [129, false],
  ] as const) {
    const root = calculateRoot(deep(steps)) ?? new Uint8Array(0);
    assert.equal(verifyMembership(tendermintSpec, root, deep(steps), Uint8Array.of(1), Uint8Array.of(2)), ok, `${steps} steps`);
  }
});

test("absence beyond the edges needs a neighbour on the very edge", () => {
  const all = new Map(["a", "c", "e"].map((name): [string, Uint8Array] => [name, sha256(encodeUtf8(name))]));
  const root = multistoreRoot(all);
  const exist = (name: string) => decodeCommitmentProof(proveStore(all, name))?.exist;
  const absent = (left: string | undefined, right: string | undefined, key: string): boolean => {
    const nonexist = {
      key: encodeUtf8(key),
      left: left === undefined ? undefined : exist(left),
      right: right === undefined ? undefined : exist(right),
    };
    return verifyNonMembership(tendermintSpec, root, encodeCommitmentProof({ nonexist }), encodeUtf8(key));
  };
  assert.deepEqual(
    [absent(undefined, "a", "0"), absent("a", "c", "b"), absent("c", "e", "d"), absent("e", undefined, "f")],
    [true, true, true, true],
  );
  const refused = [
    absent(undefined, "c", "b"),
    absent("c", undefined, "d"),
    absent("a", "e", "b"),
    absent(undefined, undefined, "b"),
    absent("a", "a", "b"),
  ];
  assert.deepEqual(refused, [false, false, false, false, false]);
});

test("stored zlib inflates to the stream at every block border, and chunks join to the same bytes", () => {
  for (const size of [0, 1, 3799, 3801, 65_534, 65_535, 65_536, 131_070, 200_001]) {
    const stream = Uint8Array.from({ length: size }, (_, i) => (i * 31) & 255);
    const parts = [stream.subarray(0, size >>> 1), stream.subarray(size >>> 1)];
    const stored = concatBytes(...storedZlib(parts));
    assert.ok(Buffer.compare(inflateSync(stored), stream) === 0, `${size} bytes`);
    assert.deepEqual(concatBytes(...storedZlib([stream])), stored, "however the stream is cut");
  }
  const large = [new Uint8Array(snapshotChunkBytes - 1).fill(1), Uint8Array.of(2, 3)];
  assert.deepEqual(
    Array.from(snapshotChunks(large), (chunk) => [chunk.length, chunk.at(-1)]),
    [
      [snapshotChunkBytes, 2],
      [1, 3],
    ],
  );
  assert.deepEqual([...snapshotChunks([])], []);
});
