import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createHome, homeLayout, requireHome, resolveHome } from "../../../cmd/hanzod/node/home.ts";
import { NodeError } from "../../../cmd/hanzod/node/nodeError.ts";

const isCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof NodeError && error.code === code;

test("the home is --home, else HANZO_HOME, else ~/.hanzod", () => {
  assert.equal(resolveHome("/a", { HANZO_HOME: "/b" }).root, "/a");
  assert.equal(resolveHome(undefined, { HANZO_HOME: "/b" }).root, "/b");
  assert.equal(resolveHome(undefined, { HANZO_HOME: "" }).root, join(homedir(), ".hanzod"));
});

test("a home's folders are private, making it twice changes nothing, and missing files or open keys are refused", async () => {
  const root = await mkdtemp(join(tmpdir(), "home-"));
  await chmod(root, 0o755);
  const home = homeLayout(root);
  try {
    await createHome(home);
    await createHome(home);
    for (const folder of [home.root, home.config.dir, home.data.dir, home.run.dir, home.logs.dir]) {
      assert.equal((await stat(folder)).mode & 0o777, 0o700, folder);
    }
    await assert.rejects(requireHome(home), isCode("HZN-NO-HOME"));
    for (const file of [home.config.genesis, home.config.comet, home.config.nodeKey, home.config.privValidatorKey])
      await writeFile(file, "", { mode: 0o600 });
    await requireHome(home);
    await chmod(home.config.privValidatorKey, 0o644);
    await assert.rejects(requireHome(home), isCode("HZN-MODES"));
    await rm(home.config.privValidatorKey); // a sentry node has none
    await requireHome(home);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test("a home that cannot be made is an error with the reason", async () => {
  await assert.rejects(createHome(homeLayout("/dev/null/home")), isCode("HZN-HOME"));
});
