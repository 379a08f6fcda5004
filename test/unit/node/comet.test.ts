import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CometProcess, type RestartPolicy } from "../../../cmd/hanzod/node/comet.ts";
import { DEFAULT_COMET_BUILD, parseCometBuild } from "../../../cmd/hanzod/node/cometBuild.ts";
import { findFatalFailure } from "../../../cmd/hanzod/node/cometFailures.ts";
import { COMET_VERSION, wantedRelease } from "../../../cmd/hanzod/node/cometRelease.ts";
import { createHome, type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { EXIT, NodeError } from "../../../cmd/hanzod/node/nodeError.ts";
import { findFreePort } from "../../../cmd/hanzod/node/ports.ts";
import { getCometBinary, requireAbciVersion, requireCometVersion } from "../../../cmd/hanzod/node/versionCheck.ts";

let folder = "";
let home: Home;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "comet-"));
  home = homeLayout(folder);
  await createHome(home);
});
after(() => rm(folder, { recursive: true, force: true }));

const FAST: RestartPolicy = { delaysMs: [1, 2], restarts: 3, windowMs: 60_000, stopMs: 300 };

/** Writes a program that stands in for CometBFT. `$RUNS` counts its starts; `serve` answers /health until it is told to end. */
async function fakeComet(script: string): Promise<{ readonly binary: string; readonly port: number; runs(): Promise<number> }> {
  const port = await findFreePort();
  const runs = join(folder, `runs-${port}`);
  const binary = join(folder, `comet-${port}`);
  const serve = `exec ${process.execPath} -e 'require("http").createServer((q,r)=>r.end("{}")).listen(${port},"127.0.0.1")'`;
  await writeFile(binary, `#!/bin/sh\necho run >> ${runs}\nRUNS=$(wc -l < ${runs})\nserve() { ${serve}; }\n${script}\n`);
  await chmod(binary, 0o755);
  return { binary, port, runs: async () => (await readFile(runs, "utf8")).split("\n").length - 1 };
}

function supervise(
  binary: string,
  port: number,
  policy: RestartPolicy = FAST,
): { child: CometProcess; fatal: Promise<NodeError>; log: string[] } {
  let fail: (error: NodeError) => void = () => undefined;
  const fatal = new Promise<NodeError>((resolve) => {
    fail = resolve;
  });
  const log: string[] = [];
  const options = {
    binary,
    home,
    abciAddress: "unix:///none",
    rpc: { host: "127.0.0.1", port },
    log: (_level: string, text: string) => void log.push(text),
  };
  return { child: new CometProcess({ ...options, policy, onFatal: fail }), fatal, log };
}

test("a child that ends is started again, even when it says that all is well", async () => {
  const fake = await fakeComet('if [ "$RUNS" -lt 3 ]; then echo "connection terminated. Did the application crash?"; exit 0; fi; serve');
  const { child } = supervise(fake.binary, fake.port);
  await child.start();
  assert.equal(await fake.runs(), 3);
  await child.stop();
  assert.equal(child.pid, undefined);
});

test("the child does not see variables that would override its config.toml", async (t) => {
  const fake = await fakeComet('if [ -n "$CMT_RPC_LADDR" ]; then exit 9; fi; serve');
  process.env["CMT_RPC_LADDR"] = "tcp://0.0.0.0:1";
  t.after(() => delete process.env["CMT_RPC_LADDR"]);
  const { child } = supervise(fake.binary, fake.port);
  await child.start();
  await child.stop();
  assert.equal(await fake.runs(), 1);
});

test("a child that keeps ending is given up with its last 50 lines and exit code 70", async () => {
  const fake = await fakeComet("seq 1 80; echo boom >&2; exit 3");
  const { child, fatal } = supervise(fake.binary, fake.port);
  await assert.rejects(child.start(), (error: unknown) => error instanceof NodeError && error.code === "HZN-COMET-RESTARTS");
  const error = await fatal;
  assert.equal(error.exitCode, EXIT.stopped);
  assert.equal(await fake.runs(), 4);
  assert.match(error.message, /boom/);
  assert.match(error.message, /\n80\n|\n80$/);
  assert.doesNotMatch(error.message, /\n30\n/, "only the newest lines are shown");
  await child.stop();
});

test("the cause is found however long the trace behind it is", async () => {
  const fake = await fakeComet(
    'echo "panic: block.AppHash does not match AppHash after replay. Got 01, expected 02" >&2; seq 1 500 >&2; exit 2',
  );
  const { child } = supervise(fake.binary, fake.port);
  await assert.rejects(child.start(), (error: unknown) => error instanceof NodeError && error.code === "HZN-APP-HASH");
  assert.equal(await fake.runs(), 1);
  await child.stop();
});

test("a halted consensus stops the child although its process lives on, and is not restarted", async () => {
  const go = join(folder, "halt");
  const fake = await fakeComet(
    `( until [ -e "${go}" ]; do sleep 0.02; done; echo "E[2026] CONSENSUS FAILURE!!! module=consensus err=\\"+2/3 committed an invalid block: wrong Block.Header.AppHash.  Expected 01, got 02\\"" ) & serve`,
  );
  const { child, fatal } = supervise(fake.binary, fake.port);
  await child.start();
  await writeFile(go, "");
  const error = await fatal;
  assert.equal(error.code, "HZN-APP-HASH");
  await child.stop();
  assert.equal(await fake.runs(), 1);
});

test("a child that ignores SIGTERM is killed after the time allowed", async () => {
  const port = await findFreePort();
  const binary = join(folder, "stubborn");
  await writeFile(
    binary,
    `#!${process.execPath}\nprocess.on("SIGTERM", () => {});\nrequire("http").createServer((q, r) => r.end("{}")).listen(${port}, "127.0.0.1");\n`,
  );
  await chmod(binary, 0o755);
  const { child, log } = supervise(binary, port);
  await child.start();
  await child.stop();
  assert.ok(log.some((line) => /did not stop within 300 ms/.test(line)) && log.some((line) => /SIGKILL/.test(line)), log.join("\n"));
});

test("a binary that does not exist is an error and not an endless wait", async () => {
  const { child, fatal } = supervise(join(folder, "nothing"), await findFreePort());
  await assert.rejects(child.start(), /cannot start .*nothing/);
  assert.equal((await fatal).exitCode, EXIT.stopped);
  await child.stop();
});

test("a stop while it is starting ends the wait", async () => {
  const fake = await fakeComet("exec sleep 30");
  const { child } = supervise(fake.binary, fake.port);
  const started = assert.rejects(child.start(), /stopped while CometBFT was starting/);
  await child.stop();
  await started;
});

test("ends that a restart cannot mend are told apart by what CometBFT said", () => {
  // Lines as CometBFT v0.38.25 forms them.
  const cases: readonly (readonly [code: string | undefined, line: string])[] = [
    ["HZN-APP-HASH", "panic: state.AppHash does not match AppHash after replay. Got"],
    [
      "HZN-APP-HASH",
      "ERROR: failed to create node: error during handshake: error on replay: latest CometBFT block (3) LastAppHash (AA) does not match app's AppHash (BB)",
    ],
    [
      "HZN-APP-AHEAD",
      "ERROR: failed to create node: error during handshake: error on replay: app block height (9) is higher than core (7)",
    ],
    ["HZN-APP-BEHIND", "ERROR: failed to create node: app block height (1) is too far below block store base (100)"],
    ["HZN-STATE-SYNC", "panic: state (60) and store (0) height mismatch, stores were left in an inconsistent state"],
    [undefined, "panic: state (60) and store (59) height mismatch, stores were left in an inconsistent state"],
    ["HZN-DOUBLE-SIGN", "ERROR: failed to start node: found signature from the same key"],
    ["HZN-GENESIS", "ERROR: failed to create node: error reading GenesisDoc at /x/config/genesis.json: unexpected end of JSON input"],
    ["HZN-GENESIS", "ERROR: failed to create node: couldn't read GenesisDoc file: open /x/config/genesis.json: no such file or directory"],
    ["HZN-CONFIG", "ERROR: While parsing config: toml: incomplete number"],
    ["HZN-CONFIG", "* error decoding 'consensus.timeout_commit': time: invalid duration \"abc\""],
    ["HZN-CONFIG", "ERROR: error in config file: error in [consensus] section: timeout_commit can't be negative"],
    ["HZN-DISK", "panic: write /x/data/cs.wal/wal: no space left on device"],
    [
      "HZN-PORT",
      "ERROR: failed to start node: failed to listen on 127.0.0.1:26657: listen tcp 127.0.0.1:26657: bind: address already in use",
    ],
    ["HZN-CONSENSUS", 'E[..] CONSENSUS FAILURE!!! module=consensus err="runtime error"'],
    [undefined, "consensus connection terminated. Did the application crash? Please restart CometBFT"],
    [undefined, 'E[..] prevote step: ProposalBlock is invalid module=consensus err="wrong Block.Header.AppHash.  Expected 01, got 02"'],
    [undefined, "I[..] executed block module=state height=3"],
  ];
  for (const [code, line] of cases) assert.equal(findFatalFailure(["something else", line])?.code, code, line);
});

// The commands remove a folder: with a space in its path, unquoted, they would remove another one.
test("commands for a home are whole words of a shell, whatever its path", () => {
  const next = (root: string) => findFatalFailure(["panic: state (60) and store (0) height mismatch"], root)?.next ?? "";
  assert.match(next("/srv/chain-1"), /rm -r \/srv\/chain-1\/data\/app /);
  assert.match(next("/srv/my chain"), /--home '\/srv\/my chain' && rm -r '\/srv\/my chain'\/data\/app /);
  assert.match(next("/srv/$it's"), /rm -r '\/srv\/\$it'\\''s'\/data\/app /);
});

test("another CometBFT is refused with what was found, what is needed and the command that brings it", async () => {
  const binary = join(folder, "versioned");
  const say = async (text: string): Promise<void> => {
    await writeFile(binary, `#!/bin/sh\n${text}\n`);
    await chmod(binary, 0o755);
  };
  await say(`echo ${COMET_VERSION}`);
  await requireCometVersion(binary);
  await say(`echo ${COMET_VERSION}+baaa61e`);
  assert.equal(await getCometBinary(folder, { named: binary }, () => undefined), binary);
  await say("echo 0.37.4");
  await assert.rejects(requireCometVersion(binary), (error: unknown) => {
    assert.ok(error instanceof NodeError);
    assert.match(error.format(), /is CometBFT "0\.37\.4", needed is 0\.38\.25/);
    assert.match(error.format(), /scripts\/cometbft\.sh/);
    return true;
  });
  await say("exit 1");
  await assert.rejects(requireCometVersion(binary), /does not run/);
  await assert.rejects(
    getCometBinary(folder, {}, () => undefined),
    /no CometBFT named and no script/,
  );
});

test("the build of a binary is known, and a named binary must be the build that was asked for", async () => {
  const cases = [
    { printed: COMET_VERSION, build: "stock", other: "hanzo" },
    { printed: `${COMET_VERSION}+baaa61e`, build: "stock", other: "hanzo" },
    { printed: `${COMET_VERSION}+hanzo`, build: "hanzo", other: "stock" },
  ] as const;
  const named = join(folder, "built");
  for (const { printed, build, other } of cases) {
    await writeFile(named, `#!/bin/sh\necho ${printed}\n`, { mode: 0o755 });
    assert.equal(await requireCometVersion(named), build, printed);
    assert.equal(await getCometBinary(folder, { named, build }, () => undefined), named, printed);
    await assert.rejects(
      getCometBinary(folder, { named, build: other }, () => undefined),
      new RegExp(`is the ${build} build of CometBFT, asked for is ${other}`),
    );
  }
  assert.throws(() => parseCometBuild("fast", "COMETBFT_BUILD"), /COMETBFT_BUILD is "fast"/);
});

test("another release runs only when it is named, and a binary that prints the wrong version is known by what it was linked from", async () => {
  const binary = join(folder, "released");
  // A script may end in bytes that the shell does not read, as a program holds the record that Go leaves.
  const make = (printed: string, linked?: string): Promise<void> =>
    writeFile(
      binary,
      `#!/bin/sh\necho ${printed}\nexit\n${linked === undefined ? "" : `\0mod\tgithub.com/cometbft/cometbft\tv${linked}\th1:x=\n`}`,
      { mode: 0o755 },
    );
  const later = wantedRelease({ COMETBFT_RELEASE: "0.40.0" });
  await make("0.39.4", "0.39.4");
  assert.equal(await requireCometVersion(binary, wantedRelease({ COMETBFT_RELEASE: "0.39.4" })), "stock");
  await assert.rejects(requireCometVersion(binary, wantedRelease({})), /is CometBFT "0\.39\.4", needed is 0\.38\.25/);
  await assert.rejects(requireCometVersion(binary, later), /is CometBFT "0\.39\.4", needed is 0\.40\.0/);
  await make("0.39.0", "0.40.0");
  assert.equal(await requireCometVersion(binary, later), "stock");
  await make("0.39.0", "0.39.0");
  await assert.rejects(requireCometVersion(binary, later), /is CometBFT "0\.39\.0", needed is 0\.40\.0/);
  assert.throws(
    () => wantedRelease({ COMETBFT_RELEASE: "1.0.1" }),
    (error: unknown) => error instanceof NodeError && /"1\.0\.1".*0\.38\.25, 0\.38\.26, 0\.39\.4, 0\.40\.0/s.test(error.format()),
  );
});

test("a peer of another protocol is refused", () => {
  const peer = { version: "1.0.1", abciVersion: "2.1.0", blockVersion: 11n, p2pVersion: 9n };
  assert.throws(() => requireAbciVersion(peer), /CometBFT 1\.0\.1 speaks ABCI 2\.1\.0, needed is 2\.0\.0/);
  requireAbciVersion({ ...peer, abciVersion: "2.0.0" });
  requireAbciVersion({ ...peer, abciVersion: "" });
});

test("the version and the default build in the code are the ones in versions.lock", async () => {
  const lock = await readFile(new URL("../../../../versions.lock", import.meta.url), "utf8");
  assert.equal(/^cometbft\.version (.+)$/m.exec(lock)?.[1], COMET_VERSION);
  assert.equal(/^cometbft\.build (.+)$/m.exec(lock)?.[1], DEFAULT_COMET_BUILD);
});
