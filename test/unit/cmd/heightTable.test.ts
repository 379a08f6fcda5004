import assert from "node:assert/strict";
import { test } from "node:test";
import { createHeightTable, formatRow } from "../../../cmd/hanzod/testnet/heightTable.ts";

const NODES = ["node0", "node1", "node2"];

test("nodes with the same hash agree, those that said nothing are named", () => {
  const table = createHeightTable();
  table.add("node0", 1, "AB".repeat(32));
  table.add("node1", 1, "AB".repeat(32));
  assert.equal(table.row(1).agree, true);
  assert.equal(formatRow(table.row(1), NODES), "height 1        abababababab…   2 of 3 agree   without node2");
  assert.equal(table.heightOf("node1"), 1);
  assert.equal(table.heightOf("node2"), 0);
});

test("one different hash is shown with the node that computed it, also when it comes late", () => {
  const table = createHeightTable();
  for (const node of ["node0", "node1"]) table.add(node, 4, "AB".repeat(32));
  table.add("node2", 4, "CD".repeat(32));
  assert.equal(table.row(4).agree, false);
  assert.match(formatRow(table.row(4), NODES), /^height 4 {3}DIFFERENT APP HASHES: .*node2 cdcdcdcdcdcd…$/);
});

test("dropped heights are forgotten and later ones stay", () => {
  const table = createHeightTable();
  for (const height of [1, 2, 3]) table.add("node0", height, "AA");
  table.drop(2);
  assert.equal(table.row(2).hashes.size, 0);
  assert.equal(table.row(3).hashes.size, 1);
  assert.equal(table.heightOf("node0"), 3);
});
