import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { recordGenesis, requireSameGenesis } from "../../../cmd/hanzod/node/genesisGuard.ts";
import { createHome, type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";

const folders: string[] = [];
let home: Home;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "hanzo-genesis-"));
  folders.push(folder);
  home = homeLayout(folder);
  await createHome(home);
  await writeFile(home.config.genesis, "the genesis of a chain");
});
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const isRefused = (): Promise<void> => assert.rejects(requireSameGenesis(home), /is not the file this home was started with/);

test("a home that never ran takes any genesis, and keeps to it from its first start", async () => {
  await requireSameGenesis(home);
  await recordGenesis(home);
  await requireSameGenesis(home);
  await writeFile(home.config.genesis, "the genesis of another");
  await isRefused();
  await recordGenesis(home);
  await isRefused();
});

test("a genesis file is read again only when it was written to, whatever its size and time say", async () => {
  await recordGenesis(home);
  await requireSameGenesis(home);
  const seen = await readFile(home.run.genesisSeen, "utf8");
  await requireSameGenesis(home);
  assert.equal(await readFile(home.run.genesisSeen, "utf8"), seen);
  const { atime, mtime, size } = await stat(home.config.genesis);
  const changed = "THE genesis of a chain";
  assert.equal(changed.length, size);
  await writeFile(home.config.genesis, changed);
  await utimes(home.config.genesis, atime, mtime);
  await isRefused();
  await writeFile(home.config.genesis, "the genesis of a chain");
  await requireSameGenesis(home);
  assert.notEqual(await readFile(home.run.genesisSeen, "utf8"), seen);
});

test("a genesis file that is gone or unlike the note is no file that was compared", async () => {
  await recordGenesis(home);
  await requireSameGenesis(home);
  await writeFile(home.run.genesisSeen, "damaged");
  await requireSameGenesis(home);
  await unlink(home.config.genesis);
  await assert.rejects(requireSameGenesis(home), /ENOENT/);
});
