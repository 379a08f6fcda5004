import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

/** The checkout: tests run from dist/test/unit/scripts. */
const CHECKOUT = new URL("../../../../", import.meta.url).pathname;
const SCRIPT = join(CHECKOUT, "scripts", "cometbft.sh");
/** What the script may rely on; neither go nor curl nor cometbft, which each test brings as it needs them. */
const TOOLS =
  "awk basename bash cat chmod cut dirname env flock grep gzip head mkdir mktemp mv rm sed sh sha256sum sleep sort tail tar tr uname wc".split(
    " ",
  );

let folder = "";
let tools = "";
let version = "";
let h1 = "";
let bin = "";
let cache = "";
let round = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "comet-sh-"));
  tools = join(folder, "tools");
  await mkdir(tools);
  for (const tool of TOOLS) {
    const { out } = await sh(`type -P ${tool}`, process.env);
    await symlink(out.trim(), join(tools, tool));
  }
  const lock = await readFile(join(CHECKOUT, "versions.lock"), "utf8");
  version = /^cometbft\.version (.+)$/m.exec(lock)?.[1] ?? "";
  h1 = /^cometbft\.h1 (.+)$/m.exec(lock)?.[1] ?? "";
});
beforeEach(async () => {
  round++;
  bin = join(folder, `bin${round}`);
  cache = join(folder, `cache${round}`);
  await mkdir(bin);
});
after(() => rm(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function sh(command: string, env: NodeJS.ProcessEnv): Promise<Result> {
  return new Promise((resolve) => {
    execFile("/bin/bash", ["-c", command], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Runs the script where only `bin` and the plain tools are on PATH. */
function find(args = "", env: Readonly<Record<string, string>> = {}): Promise<Result> {
  return sh(`"${SCRIPT}" ${args}`, { PATH: `${bin}:${tools}`, HOME: folder, HANZO_CACHE: cache, ...env });
}

async function program(path: string, body: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A stand-in for a Go binary: says a version, and holds the build record that the linker would have left. */
function cometBody(says: string, record = `dep\tgithub.com/cometbft/cometbft\tv${version}\t${h1}`): string {
  return `# ${record}\necho "${says}"`;
}

/** A stand-in for Go that "builds" `body` and leaves a line in go.log for each build. */
function fakeGo(goVersion: string, body: string): Promise<string> {
  const log = join(bin, "go.log");
  return program(
    join(bin, "go"),
    `case "$1" in
env) echo "${goVersion}" ;;
version) exit 1 ;;
build)
  echo "build GOFLAGS=$GOFLAGS GOTOOLCHAIN=$GOTOOLCHAIN CGO_ENABLED=$CGO_ENABLED GOPROXY=$GOPROXY $*" >> "${log}"
  sleep 0.3
  while [ "$1" != -o ]; do shift; done
  cat > "$2" <<'BODY'
#!/bin/sh
${body}
BODY
  chmod 755 "$2" ;;
esac`,
  );
}

async function builds(): Promise<readonly string[]> {
  return (await readFile(join(bin, "go.log"), "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
}

test("the binary named by COMETBFT_BIN is used", async () => {
  const binary = await program(join(bin, "mine"), cometBody(version));
  const result = await find("--json", { COMETBFT_BIN: binary });
  assert.equal(result.code, 0, result.err);
  const hash = createHash("sha256")
    .update(await readFile(binary))
    .digest("hex");
  assert.deepEqual(JSON.parse(result.out), { path: binary, version, build: "stock", route: "explicit", sha256: hash });
});

test("a wrong explicit choice is refused and never passed over", async () => {
  await program(join(bin, "cometbft"), cometBody(version));
  const cases: readonly (readonly [label: string, body: string, reason: RegExp])[] = [
    ["old release", cometBody("0.37.4", "mod\tgithub.com/cometbft/cometbft\tv0.37.4"), /is CometBFT 0\.37\.4, needed is/],
    [
      "a release whose constant lies",
      cometBody(version, "mod\tgithub.com/cometbft/cometbft\tv0.38.21"),
      /is CometBFT 0\.38\.21, needed is/,
    ],
    ["other source", cometBody(version, `dep\tgithub.com/cometbft/cometbft\tv${version}\th1:AAAA`), /built from other source \(h1:AAAA/],
    ["no record and another version", "echo 1.0.1", /says it is version '1\.0\.1'/],
    ["does not run", "exit 1", /does not run/],
  ];
  for (const [label, body, reason] of cases) {
    const result = await find("", { COMETBFT_BIN: await program(join(bin, "mine"), body) });
    assert.equal(result.code, 3, label);
    assert.equal(result.out, "", label);
    assert.match(result.err, reason, label);
    assert.match(result.err, /set COMETBFT_BIN to a CometBFT/, label);
  }
  const missing = await find("", { COMETBFT_BIN: join(bin, "nothing") });
  assert.match(missing.err, /does not exist/);
});

test("a binary on PATH counts only if it proves its version", async () => {
  for (const says of [version, `${version}+baaa61e63`]) {
    const path = await program(join(bin, "cometbft"), cometBody(says, "mod\tgithub.com/cometbft/cometbft\t(devel)"));
    const result = await find();
    assert.equal(result.out, `${path}\n`, result.err);
  }
  await program(join(bin, "cometbft"), cometBody(version, "mod\tgithub.com/cometbft/cometbft\tv0.38.21"));
  const refused = await find();
  assert.equal(refused.code, 3);
  assert.match(refused.err, /path +refused: .*is CometBFT 0\.38\.21/);
});

test("Go builds from the pinned module once, and then the cache answers", async () => {
  await fakeGo("go1.26.8", cometBody(version));
  const first = await find("--json");
  assert.equal(first.code, 0, first.err);
  assert.deepEqual([JSON.parse(first.out).route, JSON.parse(first.out).path], ["go", join(cache, `cometbft-${version}`)]);
  const [line = ""] = await builds();
  for (const part of ["GOFLAGS=-mod=readonly", "GOTOOLCHAIN=local", "CGO_ENABLED=0", "-trimpath", `version.TMCoreSemVer=${version}`]) {
    assert.ok(line.includes(part), `${part} in ${line}`);
  }
  assert.equal(JSON.parse((await find("--json")).out).route, "cache");
  assert.equal((await builds()).length, 1);
  assert.deepEqual(
    (await readdir(cache)).filter((name) => !name.startsWith(".")).sort(),
    [`cometbft-${version}`, `cometbft-${version}.sha256`],
    "no unfinished file is left in the cache",
  );
});

test("a damaged cache is built anew", async () => {
  await fakeGo("go1.26.8", cometBody(version));
  const path = (await find()).out.trim();
  for (const [label, contents] of [
    ["cut off", "garbage"],
    ["exchanged for one that claims the same", `#!/bin/sh\n${cometBody(version)} # not what was built\n`],
  ] as const) {
    await writeFile(path, contents);
    const again = await find("--json");
    assert.equal(JSON.parse(again.out).route, "go", `${label}: ${again.err}`);
  }
  await rm(`${path}.sha256`);
  assert.equal(JSON.parse((await find("--json")).out).route, "go");
});

test("two runs at once build once", async () => {
  await fakeGo("go1.26.8", cometBody(version));
  const results = await Promise.all([find(), find(), find()]);
  for (const result of results) assert.equal(result.out, `${join(cache, `cometbft-${version}`)}\n`, result.err);
  assert.equal((await builds()).length, 1);
});

test("a Go that is too old, fails or builds something else is told, with the way out", async () => {
  await fakeGo("go1.19.8", cometBody(version));
  const old = await find();
  assert.equal(old.code, 3);
  assert.match(old.err, /go +refused: Go 1\.19\.8 found, 1\.22\.11 or newer needed/);
  assert.match(old.err, /install Go 1\.22\.11 or newer/);

  await program(join(bin, "go"), 'case "$1" in env) echo go1.26.8 ;; *) echo "missing go.sum entry" >&2; exit 1 ;; esac');
  assert.match((await find()).err, /go +failed: go build: missing go\.sum entry/);

  await fakeGo("go1.26.8", cometBody("0.39.0"));
  assert.match((await find()).err, /go +refused: .*says it is version '0\.39\.0'/);
});

test("each build has a cache of its own, and a binary of the other build is passed over", async () => {
  const stock = await program(join(bin, "cometbft"), cometBody(version));
  await fakeGo("go1.26.8", cometBody(`${version}+hanzo`));
  assert.equal((await find("--json")).code, 0);
  const ours = await find("--json --build hanzo");
  assert.equal(ours.code, 0, ours.err);
  const { build, route, path } = JSON.parse(ours.out);
  assert.deepEqual([build, route], ["hanzo", "go"]);
  assert.match(path, new RegExp(`/cometbft-${version}-hanzo-[0-9a-f]{12}$`));
  assert.match((await builds())[0] ?? "", / \.\/node$/);
  assert.equal(JSON.parse((await find("--json", { COMETBFT_BUILD: "hanzo" })).out).route, "cache");
  assert.equal((await find("--build stock", { COMETBFT_BUILD: "hanzo" })).out.trim(), stock);
  assert.equal((await find()).out.trim(), stock);
});

test("a binary named explicitly must be the build that was asked for, and may be either when none was", async () => {
  const binary = await program(join(bin, "mine"), cometBody(`${version}+hanzo`));
  assert.equal(JSON.parse((await find("--json", { COMETBFT_BIN: binary })).out).build, "hanzo");
  const refused = await find("--build stock", { COMETBFT_BIN: binary });
  assert.equal(refused.code, 3);
  assert.match(refused.err, /explicit +refused: .* is the hanzo build, asked for is stock/);
  assert.equal((await find("--build fast")).code, 2);
});

test("offline the network is left alone", async () => {
  await fakeGo("go1.26.8", cometBody(version));
  assert.equal((await find("--offline")).code, 0);
  assert.match((await builds())[0] ?? "", /GOPROXY=off/);
});

/** Makes an archive like CometBFT's releases and a curl that delivers it; returns a lock file that pins `pin`. */
async function release(contents: string, pin: "right" | "wrong", curl: string): Promise<string> {
  const stage = join(folder, `stage${round}`);
  await mkdir(stage);
  await program(join(stage, contents), cometBody(version));
  const archive = join(stage, "a.tar.gz");
  await sh(`tar -czf ${archive} -C ${stage} ${contents}`, process.env);
  const hash = createHash("sha256")
    .update(await readFile(archive))
    .digest("hex");
  await program(join(bin, "curl"), `while [ "$1" != -o ]; do shift; done\n${curl.replace("ARCHIVE", archive)}`);
  const lock = await readFile(join(CHECKOUT, "versions.lock"), "utf8");
  const path = join(folder, `lock${round}`);
  const platform = (await sh("uname -sm", process.env)).out
    .trim()
    .toLowerCase()
    .replace(" ", "_")
    .replace("x86_64", "amd64")
    .replace("aarch64", "arm64");
  await writeFile(path, `${lock}\ncometbft.sha256.${platform} ${pin === "right" ? hash : "0".repeat(64)}\n`);
  return path;
}

test("a release archive is used when its hash is pinned and right", async () => {
  const lock = await release("cometbft", "right", 'cat ARCHIVE > "$2"');
  const result = await find("--json", { HANZO_VERSIONS_LOCK: lock });
  assert.equal(result.code, 0, result.err);
  assert.equal(JSON.parse(result.out).route, "archive");
  assert.match((await find("--offline", { HANZO_VERSIONS_LOCK: lock, HANZO_CACHE: `${cache}2` })).err, /archive +left out: --offline/);
});

test("archives that are not what was pinned leave nothing behind", async () => {
  const cases: readonly (readonly [label: string, contents: string, pin: "right" | "wrong", curl: string, reason: RegExp])[] = [
    ["other hash", "cometbft", "wrong", 'cat ARCHIVE > "$2"', /archive +refused: sha256 of .* is [0-9a-f]{64}, pinned is 0{64}/],
    ["no such file", "cometbft", "right", 'echo "curl: (22) 404" >&2; exit 22', /archive +failed: .*404/],
    ["cut off", "cometbft", "right", 'head -c 20 ARCHIVE > "$2"; echo "curl: (18) cut" >&2; exit 18', /archive +failed: .*cut/],
    ["something else inside", "readme", "right", 'cat ARCHIVE > "$2"', /holds no file named cometbft/],
  ];
  for (const [label, contents, pin, curl, reason] of cases) {
    round += 100;
    const lock = await release(contents, pin, curl);
    const result = await find("", { HANZO_VERSIONS_LOCK: lock });
    assert.equal(result.code, 3, label);
    assert.match(result.err, reason, label);
    assert.deepEqual(
      (await readdir(cache)).filter((name) => name !== `.cometbft-${version}.lock`),
      [],
      label,
    );
  }
});

test("when nothing works every route is listed with its reason and the way out", async () => {
  const result = await find();
  assert.equal(result.code, 3);
  assert.equal(result.out, "");
  const lines = result.err.split("\n").map((line) => line.trim());
  for (const route of ["explicit", "cache", "path", "go", "archive"]) {
    assert.equal(lines.filter((line) => line.startsWith(`${route} `)).length, 1, route);
  }
  assert.match(result.err, /archive +left out: versions\.lock pins no sha256/);
  assert.match(result.err, /COMETBFT_BIN=\/path\/to\/cometbft scripts\/cometbft\.sh/);
});

test("a cache folder that cannot be written is told", async () => {
  const result = await find("", { HANZO_CACHE: "/dev/null/cache" });
  assert.equal(result.code, 3);
  assert.match(result.err, /cache folder \/dev\/null\/cache cannot be written/);
});

test("wrong usage ends with code 2", async () => {
  assert.equal((await find("--nonsense")).code, 2);
  assert.equal((await find("--tool")).code, 2);
  assert.equal((await find("--tool rm")).code, 2);
  assert.match((await find("--help")).out, /exit status: 0 found/);
});
