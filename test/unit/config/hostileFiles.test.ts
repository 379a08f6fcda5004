// Files of a home that are not what they should be: each is refused in words, with what was expected, and never hangs or fills memory.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { DEFAULT_APP_CONFIG, readAppConfig, writeAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { LOCAL_MNEMONIC } from "../../../cmd/hanzod/genesis/localAccounts.ts";
import { requireValidGenesis } from "../../../cmd/hanzod/genesis/requireValidGenesis.ts";
import { type Keyring, openKeyring } from "../../../cmd/hanzod/keyring/keyring.ts";
import { getCometSetting, readCometIdentity } from "../../../cmd/hanzod/node/cometConfig.ts";
import { homeLayout, requireHome } from "../../../cmd/hanzod/node/home.ts";
import { NodeError } from "../../../cmd/hanzod/node/nodeError.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";

const home = homeLayout(mkdtempSync(join(tmpdir(), "hz-hostile-")));
before(() => mkdirSync(home.config.dir));
after(() => rmSync(home.root, { recursive: true, force: true }));

/** What may stand where a file belongs, and how it is refused. */
const IMPOSTORS: readonly (readonly [what: string, make: (path: string) => void, says: RegExp])[] = [
  ["a folder", (path) => mkdirSync(path), /a file expected, got a folder|is no file|EISDIR/],
  ["a pipe", (path) => execFileSync("mkfifo", [path]), /a file expected, got a pipe|is no file/],
  ["a device without end", (path) => symlinkSync("/dev/zero", path), /a file expected, got a pipe, socket or device|is no file/],
  ["a link to nothing", (path) => symlinkSync(join(home.root, "nowhere"), path), /ENOENT|is missing|there is no key/],
  ["a link to itself", (path) => symlinkSync(path, path), /ELOOP|is missing|there is no key/],
  [
    "binary garbage",
    (path) =>
      writeFileSync(
        path,
        Uint8Array.from({ length: 4000 }, (_, i) => (i * 37) % 256),
      ),
    /a text expected/,
  ],
  ["text in another encoding", (path) => writeFileSync(path, Uint8Array.of(0x61, 0xe4, 0x0a)), /UTF-8 expected/],
  [
    "a hundred megabytes",
    (path) => {
      writeFileSync(path, "#");
      truncateSync(path, 100_000_000);
    },
    /a file of at most 1048576 bytes expected, got 100000000/,
  ],
];

function assertRefused(error: unknown, says: RegExp): boolean {
  assert.ok(error instanceof CliError || error instanceof NodeError, String(error));
  const text = error instanceof CliError ? `${error.message} ${error.why}` : error.message;
  assert.match(text, says);
  assert.ok(text.length < 1_000, "no file's content in the text");
  return true;
}

const READERS: Readonly<Record<string, readonly [path: string, read: () => unknown]>> = {
  "app.toml": [home.config.app, () => readAppConfig(home, { environment: {} })],
  "config.toml": [home.config.comet, () => getCometSetting(home, "rpc.laddr")],
  "node_key.json": [home.config.nodeKey, () => readCometIdentity(home)],
};

for (const [name, [path, read]] of Object.entries(READERS))
  describe(`in place of ${name}`, () => {
    beforeEach(() => rmSync(path, { recursive: true, force: true }));
    after(() => rmSync(path, { recursive: true, force: true }));
    for (const [what, make, says] of IMPOSTORS)
      it(`${what} is refused`, async () => {
        make(path);
        await assert.rejects(
          async () => read(),
          (error) => assertRefused(error, says),
        );
      });
  });

it("app.toml may be a link to a file, as settings are often mounted", () => {
  writeAppConfig(home, DEFAULT_APP_CONFIG);
  renameSync(home.config.app, `${home.config.app}.real`);
  symlinkSync(`${home.config.app}.real`, home.config.app);
  assert.deepEqual(readAppConfig(home, { environment: {} }), DEFAULT_APP_CONFIG);
  rmSync(home.config.app);
});

it("a folder in place of a file that a node needs is told before it starts", async () => {
  for (const file of [home.config.genesis, home.config.comet, home.config.nodeKey]) {
    mkdirSync(file);
    await assert.rejects(requireHome(home), (error) => assertRefused(error, /is no file/));
    rmSync(file, { recursive: true });
    writeFileSync(file, "{}", { mode: 0o600 });
  }
  for (const [what, make] of IMPOSTORS.filter(([what]) => what === "a folder" || what === "binary garbage")) {
    rmSync(home.config.genesis, { recursive: true, force: true });
    make(home.config.genesis);
    await assert.rejects(requireValidGenesis(home.config.genesis), (error) => assertRefused(error, /is no genesis of this chain/), what);
  }
});

describe("a keyring", () => {
  let keyring: Keyring;
  const folder = home.keyring.test;
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  before(async () => {
    keyring = openKeyring(home.root, "test");
    await keyring.add("good", LOCAL_MNEMONIC, "");
  });

  for (const [what, make, says] of IMPOSTORS)
    it(`names a key file that is ${what}, and the other keys stay usable`, async () => {
      make(fileOf("bad"));
      assert.throws(
        () => keyring.show("bad"),
        (error) => assertRefused(error, says),
      );
      assert.equal((await keyring.privateKey("good", "")).length, 32);
      rmSync(fileOf("bad"), { recursive: true, force: true });
    });

  it("gives no secret of a file that others can read or change, and says how to mend it; what is public is shown", async () => {
    for (const mode of [0o644, 0o640, 0o606, 0o620]) {
      chmodSync(fileOf("good"), mode);
      for (const use of [async () => keyring.privateKey("good", ""), async () => keyring.phrase("good", "")])
        await assert.rejects(use, (error) => {
          assert.ok(error instanceof CliError);
          assert.match(error.message, new RegExp(`good\\.json is open to others \\(mode ${mode.toString(8)}\\)`));
          assert.equal(error.next, `chmod 600 ${fileOf("good")}`);
          return true;
        });
      assert.equal(keyring.show("good").name, "good");
    }
    chmodSync(fileOf("good"), 0o600);
    assert.equal((await keyring.privateKey("good", "")).length, 32);
  });
});
