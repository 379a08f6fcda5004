import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createHome, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { NodeError } from "../../../cmd/hanzod/node/nodeError.ts";

test("homes made side by side share a parent that was not there before", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hanzo-homes-"));
  try {
    const homes = Array.from({ length: 8 }, (_, index) => homeLayout(join(folder, "deep", "net", `node${index}`)));
    await Promise.all(homes.map(createHome));
    for (const home of homes) assert.equal((await stat(home.root)).mode & 0o777, 0o700, home.root);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a home where no folder can be made is refused and does not hang", { timeout: 180_000 }, async () => {
  await assert.rejects(createHome(homeLayout("/proc/no/home")), (error) => error instanceof NodeError && error.code === "HZN-HOME");
});
