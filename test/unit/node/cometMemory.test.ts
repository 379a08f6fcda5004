import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cometMemory } from "../../../cmd/hanzod/node/cometMemory.ts";
import { homeLayout } from "../../../cmd/hanzod/node/home.ts";

test("CometBFT's memory limit follows the genesis file, and gives way to the operator's own settings", () => {
  const root = mkdtempSync(join(tmpdir(), "comet-memory-"));
  try {
    const home = homeLayout(root);
    assert.deepEqual(cometMemory(home, {}), { GOMEMLIMIT: "384MiB" }, "without a genesis");
    mkdirSync(home.config.dir);
    writeFileSync(home.config.genesis, "{}");
    assert.deepEqual(cometMemory(home, {}), { GOMEMLIMIT: "384MiB" });
    truncateSync(home.config.genesis, 51 * 2 ** 20 + 1);
    assert.deepEqual(cometMemory(home, { PATH: "/bin", GOGC: "" }), { GOMEMLIMIT: "384MiB" });
    truncateSync(home.config.genesis, 66 * 2 ** 20);
    assert.deepEqual(cometMemory(home, {}), { GOMEMLIMIT: "458MiB" });
    for (const own of [{ GOGC: "off" }, { GOMEMLIMIT: "2GiB" }, { GOGC: "50", GOMEMLIMIT: "off" }])
      assert.deepEqual(cometMemory(home, own), {});
  } finally {
    rmSync(root, { recursive: true });
  }
});
