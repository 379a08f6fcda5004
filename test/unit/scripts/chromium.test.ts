import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/chromium.sh", import.meta.url));

describe("scripts/chromium.sh", () => {
  let folder: string;
  const run = (environment: Record<string, string>) =>
    spawnSync("/bin/bash", [SCRIPT], { encoding: "utf8", env: { PATH: folder, ...environment } });
  const program = (name: string, exitCode: number): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/bash\nexit ${exitCode}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "hz-chromium-"));
    symlinkSync("/bin/cat", join(folder, "cat"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("says what to do where there is none and none can be installed", () => {
    const { status, stdout, stderr } = run({});
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /no Chromium that runs was found[\s\S]*next: apt-get install chromium/);
  });
  it("refuses one that was named and does not run", () => {
    const { status, stderr } = run({ CHROMIUM_BIN: program("broken", 3) });
    assert.equal(status, 1);
    assert.match(stderr, /CHROMIUM_BIN is .*broken, which does not run/);
  });
  it("prints the path of one that runs, passing over one that does not", () => {
    program("chromium", 1);
    const path = program("chromium-browser", 0);
    assert.deepEqual([run({}).stdout, run({ CHROMIUM_BIN: path }).stdout], [`${path}\n`, `${path}\n`]);
  });
});
