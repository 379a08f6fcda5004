import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Application } from "../../../app/runtime/application.ts";
import { UpgradeStop } from "../../../app/sdk/index.ts";
import { stopAtUpgrades } from "../../../cmd/hanzod/app/upgradeStop.ts";
import { RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "upgrade-stop-"));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An application whose next block ends in an error. */
function failing(error: Error): Application {
  const app = {
    finalizeBlock: () => {
      throw error;
    },
    info: () => ({}),
  } as unknown as Application;
  return stopAtUpgrades(app, join(folder, "upgrade-info.json"), (level, text) => void lines.push(`${level} ${text}`));
}
const block = RequestFinalizeBlock.fromPartial({ height: 42n });
const plan = { name: "v2", height: 41n, info: "https://example.com/v2" };

describe("a node whose chain goes on with another program", () => {
  it("tells cosmovisor, the log and its operator", () => {
    const app = failing(new UpgradeStop("needed", plan));
    assert.throws(() => app.finalizeBlock(block), {
      code: "HZN-UPGRADE",
      message: 'UPGRADE "v2" NEEDED at height: 41: https://example.com/v2',
      exitCode: 78,
    });
    const file = join(folder, "upgrade-info.json");
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { name: "v2", time: "0001-01-01T00:00:00Z", height: 42, info: plan.info });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["upgrade-info.json"]);
    assert.deepEqual(lines, ['error UPGRADE "v2" NEEDED at height: 41: https://example.com/v2']);
    // The line that cosmovisor before 1.0 looks for.
    assert.match(lines[0] ?? "", /UPGRADE "(.*)" NEEDED at ((height): (\d+)|(time): (\S+)):\s+(\S*)/);
  });
  it("writes no file where another program must not be started by itself", () => {
    for (const kind of ["early", "outdated"] as const) {
      assert.throws(() => failing(new UpgradeStop(kind, plan)).finalizeBlock(block), { code: "HZN-UPGRADE" });
      assert.deepEqual(readdirSync(folder), []);
    }
  });
  it("leaves every other failure as it is", () => {
    const error = new Error("other");
    assert.throws(() => failing(error).finalizeBlock(block), error);
    assert.deepEqual(lines, []);
  });
});
