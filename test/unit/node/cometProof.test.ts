import assert from "node:assert/strict";
import { appendFile, cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { CometBuild } from "../../../cmd/hanzod/node/cometBuild.ts";
import { provenComet } from "../../../cmd/hanzod/node/cometProof.ts";
import { createHome, homeLayout } from "../../../cmd/hanzod/node/home.ts";

let folder = "";
let number = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hanzo-proof-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A home, a checkout and a binary, and whether a start looked for the binary again. */
async function prepare(content = "\x7fELF and more") {
  const root = join(folder, String(++number));
  const home = homeLayout(join(root, "home"));
  await createHome(home);
  const checkout = join(root, "checkout");
  for (const name of ["scripts", "tools/cometbft/node"]) await mkdir(join(checkout, name), { recursive: true });
  for (const name of ["versions.lock", "scripts/cometbft.sh", "tools/cometbft/go.mod", "tools/cometbft/node/main.go"])
    await writeFile(join(checkout, name), `${name}\n`);
  const binary = join(root, "cometbft");
  await writeFile(binary, content, { mode: 0o755 });
  const looks = async (choice: readonly (string | undefined)[] = [undefined, "stock"], build: CometBuild = "stock"): Promise<boolean> => {
    let looked = false;
    const found = await provenComet(home, checkout, choice, async () => {
      looked = true;
      return { binary, build };
    });
    assert.deepEqual([found.binary, found.build], [binary, build]);
    return looked;
  };
  return { home, checkout, binary, looks };
}

test("a binary is looked for and checked once", async () => {
  const { looks } = await prepare();
  assert.equal(await looks(), true);
  assert.equal(await looks(), false);
  assert.equal(await looks(), false);
});

test("a binary that was replaced, written to or moved is checked again", async () => {
  const { binary, looks } = await prepare();
  const looksAgain = async (what: string): Promise<void> => {
    assert.equal(await looks(), true, what);
    assert.equal(await looks(), false, `${what}, once`);
  };
  await looksAgain("at first");
  await appendFile(binary, "!");
  await looksAgain("after a write");
  await cp(binary, `${binary}.new`, { preserveTimestamps: true });
  await rename(`${binary}.new`, binary);
  await looksAgain("after a replacement of the same bytes and time");
  await rename(binary, `${binary}.aside`);
  await symlink(`${binary}.aside`, binary);
  await looksAgain("behind a link");
});

test("another choice, another pin and other sources lead to another look", async () => {
  const { checkout, looks } = await prepare();
  await looks();
  assert.equal(await looks([undefined, "hanzo"], "hanzo"), true);
  assert.equal(await looks([undefined, "hanzo"], "hanzo"), false);
  for (const name of ["versions.lock", "scripts/cometbft.sh", "tools/cometbft/go.mod", "tools/cometbft/node/main.go"]) {
    await appendFile(join(checkout, name), "changed\n");
    assert.equal(await looks([undefined, "hanzo"], "hanzo"), true, name);
    assert.equal(await looks([undefined, "hanzo"], "hanzo"), false, name);
  }
  process.env["COMETBFT_RELEASE"] = "0.40.0";
  try {
    assert.equal(await looks([undefined, "hanzo"], "hanzo"), true);
  } finally {
    delete process.env["COMETBFT_RELEASE"];
  }
});

test("a script is checked at every start, since it may start anything, and a damaged note is none", async () => {
  const script = await prepare("#!/bin/sh\nexec cometbft\n");
  assert.deepEqual([await script.looks(), await script.looks()], [true, true]);
  const { home, looks } = await prepare();
  await looks();
  for (const text of ["", "{", '{"key":1}', "null"]) {
    await writeFile(home.run.cometProof, text);
    assert.equal(await looks(), true, text);
  }
});

test("what cannot be found is told at every start", async () => {
  const { home, checkout } = await prepare();
  const fail = (): Promise<never> => Promise.reject(new Error("no CometBFT"));
  for (let start = 0; start < 2; start++) await assert.rejects(provenComet(home, checkout, [], fail), /no CometBFT/);
});
