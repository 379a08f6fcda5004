import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { planVectors } from "../../../cmd/hanzod/selftest/vectorFiles.ts";

test("a folder stands for its files and the recordings right in it, and files of one recording are one task", () => {
  const root = mkdtempSync(join(tmpdir(), "hanzo-vectors-"));
  try {
    for (const folder of ["sdk", "other", "other/deep"]) mkdirSync(join(root, folder));
    for (const file of ["hmm.json", "note.txt", "sdk/rest.json", "sdk/genesis.json", "other/package.json", "other/deep/rest.json"])
      writeFileSync(join(root, file), "{}");
    const shown = (paths: readonly string[]): readonly string[] =>
      planVectors(paths).map((task) =>
        task.kind === "file" ? task.path.slice(root.length) : `${task.folder.slice(root.length)}: ${[...task.parts].join(" ")}`,
      );
    assert.deepEqual(shown([root]), ["/hmm.json", "/sdk: signing tx checktx abci rest"]);
    assert.deepEqual(shown([join(root, "sdk/rest.json"), join(root, "sdk/abci.json")]), ["/sdk: rest abci"]);
    assert.deepEqual(shown([join(root, "sdk/genesis.json"), join(root, "missing.json")]), ["/sdk/genesis.json", "/missing.json"]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
