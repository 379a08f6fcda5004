import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { foldRow, unlikeNumbers } from "../../../cmd/hanzod/selftest/replay/numberRows.ts";

describe("rows of recorded numbers", () => {
  it("hold only what changed in maps; null is gone, lists and texts are whole", () => {
    const first = foldRow({}, { height: 1, pool: "1", validators: { a: { tokens: "1" }, b: { tokens: "2" } } });
    const second = foldRow(first, { height: 2, pool: "3", validators: { b: { jailed: true }, a: null } });
    assert.deepEqual(second, { pool: "3", validators: { b: { jailed: true } } });
    assert.deepEqual(foldRow(second, { height: 3, pool: "3", validators: {} }), second);
  });

  it("are compared by path, fields in any order, lists in theirs", () => {
    assert.equal(unlikeNumbers({ a: "1", b: ["x", { c: 1 }] }, { b: ["x", { c: 1 }], a: "1" }), undefined);
    assert.equal(unlikeNumbers({ b: ["x", "y"] }, { b: ["y", "x"] }), 'b.0: expected "x", got "y"');
    assert.equal(unlikeNumbers({ b: { c: "1" } }, { b: {} }), 'b.c: expected "1", got nothing');
    assert.equal(unlikeNumbers({ b: {} }, { b: { c: "1" } }), 'b.c: expected nothing, got "1"');
    assert.equal(unlikeNumbers({ b: ["x"] }, { b: ["x", "z"] }), 'b.1: expected nothing, got "z"');
  });
});
