import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MAIN = fileURLToPath(new URL("../../../cmd/hanzod/main.js", import.meta.url));

test("the program runs out of its bundle only where that was made of the very build that is compiled", async () => {
  const root = await mkdtemp(join(tmpdir(), "hanzo-bundle-"));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const ran = async (): Promise<string> => (await promisify(execFile)(process.execPath, [join(root, "dist/cmd/hanzod/main.js")])).stdout;
  try {
    await write("package.json", '{ "type": "module" }');
    await write("dist/cmd/hanzod/run.js", 'process.stdout.write("modules");');
    await cp(MAIN, join(root, "dist/cmd/hanzod/main.js"));
    await write("dist/.tsbuildinfo", "one build");
    assert.equal(await ran(), "modules", "there is no bundle");
    await write("dist/bundle/run.js", 'process.stdout.write("bundle");');
    assert.equal(await ran(), "modules", "nothing says what the bundle was made of");
    await write("dist/bundle/built", createHash("sha256").update("one build").digest("hex"));
    assert.equal(await ran(), "bundle");
    await write("dist/.tsbuildinfo", "another build");
    assert.equal(await ran(), "modules", "the bundle is an old one");
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
