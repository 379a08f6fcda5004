// What an operator does around a node: export its state, go on from it, ask CometBFT, make mistakes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { localAddresses } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { hanzod, hanzodOk, startHanzod } from "./cli/hanzod.ts";
import { type LocalHome, makeLocalHome } from "./cli/localHome.ts";
import { HANZOD } from "./harness/nodeProcess.ts";
import { waitForHeight } from "./harness/rpc.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-node-"));
});
after(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

const makeHome = (name: string): Promise<LocalHome> => makeLocalHome(folder, name);

interface Genesis {
  readonly initial_height: string;
  readonly app_state: { readonly bank: { readonly balances: readonly { readonly address: string; readonly coins: unknown }[] } };
}

/** A chain that begins at height 1 with the state of another one has its balances. Those of modules and of the operator, who is paid its rewards, move. */
async function goOnFromZero(from: string, state: Genesis): Promise<void> {
  const { root, rpc } = await makeHome("zero");
  const genesis = join(root, "config", "genesis.json");
  await hanzodOk(["export", "--for-zero-height", "--home", from, "--output-document", genesis]);
  await copyFile(join(from, "config", "priv_validator_key.json"), join(root, "config", "priv_validator_key.json"));
  await hanzodOk(["genesis", "validate", "--home", root]);
  assert.equal((JSON.parse(await readFile(genesis, "utf8")) as Genesis).initial_height, "1");
  const node = startHanzod(["start", "--home", root, "--quiet"]);
  try {
    await waitForHeight(rpc, 2);
    const accounts = await localAddresses();
    const balances = state.app_state.bank.balances.filter(({ address }) => accounts.includes(address));
    assert.equal(balances.length, accounts.length);
    for (const { address, coins } of balances) {
      const answer = await hanzodOk(["q", "bank", "balances", address, "--height", "1", "--home", root]);
      assert.deepEqual((JSON.parse(answer) as { balances: unknown }).balances, coins);
    }
  } finally {
    assert.equal(await node.end("SIGTERM"), 0);
  }
}

test("a stopped node is exported, another goes on from it after the last height, and both have the same market and balances", async () => {
  const first = await makeHome("first");
  const key = ["--from", "dev0", "--keyring-backend", "test", "--home", first.root, "--wait"];
  const node = startHanzod(["start", "--home", first.root, "--quiet"]);
  try {
    await waitForHeight(first.rpc, 1);
    await hanzodOk(["tx", "hmm", "mint-credit", "5000000000000000000", ...key]);
    const bought = JSON.parse(await hanzodOk(["tx", "hmm", "swap", "gpu", "1000000000000000000", ...key, "--json"])) as { txhash: string };
    const at = ["--home", first.root];
    assert.match(await hanzodOk(["q", "wait-tx", bought.txhash, ...at]), /code +0/);
    const found = JSON.parse(await hanzodOk(["q", "txs", "--query", `tx.hash='${bought.txhash}'`, ...at])) as { total_count: string };
    assert.equal(found.total_count, "1");
    assert.equal(
      (JSON.parse(await hanzodOk(["q", "block", "1", ...at])) as { block: { header: { height: string } } }).block.header.height,
      "1",
    );
    assert.match(await hanzodOk(["q", "block-results", "1", ...at]), /"height": "1"/);
    assert.match(await hanzodOk(["q", "comet-validator-set", ...at]), /"total": "1"/);
    const busy = await hanzod(["export", "--home", first.root]);
    assert.equal(busy.code, 75);
    assert.match(busy.stderr, /HZN-LOCK/);
  } finally {
    assert.equal(await node.end("SIGTERM"), 0);
  }
  const stopped = await hanzod(["status", "--home", first.root]);
  assert.equal(stopped.code, 1);
  assert.match(stopped.stderr, /no node of .* answers[\s\S]*next: hanzod start/);
  const exported = await hanzodOk(["export", "--home", first.root]);
  const state = JSON.parse(exported) as Genesis;
  const height = Number(state.initial_height) - 1;
  assert.equal(await hanzodOk(["export", "--height", String(height), "--home", first.root]), exported);
  const gone = await hanzod(["export", "--height", String(height + 9), "--home", first.root]);
  assert.match(
    gone.stderr,
    new RegExp(`state of height ${height + 9} is not there\\n {2}why: {2}the store has those of heights 1 to ${height}\\n`),
  );

  const file = join(folder, "exported.json");
  await writeFile(file, exported);
  assert.match(await hanzodOk(["genesis", "validate", file]), /is valid/);
  await goOnFromZero(first.root, state);

  const second = await makeHome("second");
  await hanzodOk(["export", "--home", first.root, "--output-document", join(second.root, "config", "genesis.json")]);
  await copyFile(join(first.root, "config", "priv_validator_key.json"), join(second.root, "config", "priv_validator_key.json"));
  const next = startHanzod(["start", "--home", second.root, "--quiet"]);
  try {
    await waitForHeight(second.rpc, height + 2);
    for (const { address, coins } of state.app_state.bank.balances.filter(({ address: owner }) => owner !== ""))
      if (address === (await hanzodOk(["keys", "show", "dev0", "--address", "--home", first.root, "--keyring-backend", "test"])).trim()) {
        const { balances } = JSON.parse(await hanzodOk(["q", "bank", "balances", address, "--home", second.root])) as { balances: unknown };
        assert.deepEqual(balances, coins);
      }
    const to = (await hanzodOk(["keys", "show", "dev1", "--address", "--home", second.root, "--keyring-backend", "test"])).trim();
    const send = ["tx", "bank", "send", to, "1aai", "--from", "dev0", "--keyring-backend", "test", "--home", second.root, "--wait"];
    await hanzodOk(send);
  } finally {
    assert.equal(await next.end("SIGTERM"), 0);
  }
});

test("a genesis file is checked with lines and paths, gets accounts, and is fixed once the chain has begun", async () => {
  const { root, rpc } = await makeHome("genesis");
  const at = ["--home", root, "--keyring-backend", "test"];
  const path = join(root, "config", "genesis.json");
  assert.match(await hanzodOk(["genesis", "validate", "--home", root]), /genesis\.json is valid/);
  const zoe = JSON.parse(await hanzodOk(["keys", "add", "zoe", ...at, "--json"])) as { address: string };
  const added = JSON.parse(await hanzodOk(["genesis", "add-account", "zoe", "7aai", ...at, "--json"])) as { address: string };
  assert.equal(added.address, zoe.address);
  const twice = await hanzod(["genesis", "add-genesis-account", zoe.address, "5aai", ...at]);
  assert.deepEqual([twice.code, /is in the genesis file already[\s\S]*--append/.test(twice.stderr)], [1, true]);
  await hanzodOk(["genesis", "add-account", zoe.address, "5aai", "--append", ...at]);
  const before = await readFile(path, "utf8");
  const unbacked = await hanzod(["genesis", "add-account", "zoe", "5credit", "--append", ...at]);
  assert.match(unbacked.stderr, /nothing was written\n {2}why: {2}app_state\.hmm: expected a supply/);
  assert.equal(await readFile(path, "utf8"), before);

  await writeFile(path, before.replace('"amount": "12"', '"amount": "13"'));
  const wrong = await hanzod(["genesis", "validate", path, "--json"]);
  assert.equal(wrong.code, 78);
  const { problems } = JSON.parse(wrong.stdout) as { problems: { path: string; line: number }[] };
  const line = before.split("\n").findIndex((text) => text.includes('"supply"')) + 1;
  assert.deepEqual([problems.length, problems[0]?.path, problems[0]?.line], [1, "app_state.bank.supply", line]);
  await writeFile(path, before);

  const node = startHanzod(["start", "--home", root, "--quiet"]);
  try {
    await waitForHeight(rpc, 1);
    const { balances } = JSON.parse(await hanzodOk(["q", "bank", "balances", zoe.address, "--home", root])) as { balances: unknown };
    assert.deepEqual(balances, [{ denom: "aai", amount: "12" }]);
    assert.match((await hanzod(["genesis", "add-account", "zoe", "1aai", "--append", ...at])).stderr, /has begun/);
  } finally {
    assert.equal(await node.end("SIGTERM"), 0);
  }
});

test("CometBFT's commands run on the node's home, and what destroys is confirmed", async () => {
  const { root } = await makeHome("comet");
  const id = (await hanzodOk(["comet", "show-node-id", "--home", root])).trim();
  assert.match(id, /^[0-9a-f]{40}$/);
  assert.equal((await hanzodOk(["tendermint", "show-node-id", "--home", root])).trim(), id);
  assert.match(
    await hanzodOk(["comet", "show-validator", "--home", root]),
    /^\{"@type":"\/cosmos\.crypto\.ed25519\.PubKey","key":"\S{44}"\}\n$/,
  );
  assert.match(await hanzodOk(["comet", "show-address", "--home", root]), /^hanzovalcons1[a-z0-9]{38}\n$/);
  assert.match(await hanzodOk(["comet", "version"]), /^0\.38\.25/);
  const asked = await hanzod(["comet", "unsafe-reset-all", "--home", root]);
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /sign twice[\s\S]*next: add --yes/);
  await hanzodOk(["comet", "unsafe-reset-all", "--yes", "--home", root]);
});

test("a mistake on the command line names the help to read, in JSON like every other error when JSON is asked for", async () => {
  const cases: readonly (readonly [words: readonly string[], text: RegExp, help: string])[] = [
    [["nope"], /unknown command 'nope'/, "hanzod --help"],
    [["statesync", "nope"], /unknown command 'nope'/, "hanzod statesync --help"],
    [["tx", "bank", "send"], /required option '--from <key>' not specified/, "hanzod tx bank send --help"],
    [["tx", "bank", "send", "a", "--from", "b"], /missing required argument/, "hanzod tx bank send --help"],
    [["keys", "list", "--colour"], /unknown option '--colour'/, "hanzod keys list --help"],
    [["keys", "list", "--keyring-backend", "os"], /file or test is expected/, "hanzod keys list --help"],
  ];
  for (const [words, text, help] of cases) {
    const plain = await hanzod(words);
    assert.equal(plain.code, 1);
    assert.match(plain.stderr, text);
    assert.ok(plain.stderr.endsWith(`\n  next: ${help}\n`), plain.stderr);
    const { code, stdout, stderr } = await hanzod([...words, "--json"]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    const error = JSON.parse(stderr) as Record<string, unknown>;
    assert.match(String(error["error"]), text);
    assert.deepEqual([error["codespace"], error["code"], error["next"]], ["sdk", 18, help]);
  }
});

test("an address that nobody can listen on and equal ports are refused before anything starts", async () => {
  const { root } = await makeHome("address");
  const garbage = await hanzod(["start", "--home", root, "--abci", "garbage", "--quiet"]);
  assert.equal(garbage.code, 78);
  assert.match(garbage.stderr, /cannot listen for CometBFT[\s\S]*next: hanzod start --abci unix/);
  const equal = await hanzod(["init", "x", "--home", join(folder, "equal"), "--rpc-port", "30001", "--p2p-port", "30001"]);
  assert.notEqual(equal.code, 0);
  assert.match(equal.stderr, /30001/);
});

test("an application that waits for its CometBFT says how to start it and in which order to stop, and status says what is missing", async () => {
  const { root } = await makeHome("external");
  const node = startHanzod(["start", "--home", root, "--comet", "external", "--quiet"]);
  try {
    const said = /waits for CometBFT at (unix:\S+)\. Next: (cometbft start .*)\. To stop: CometBFT first/;
    for (const deadline = Date.now() + 300_000; !said.test(node.stderr); ) {
      assert.ok(Date.now() < deadline, node.stderr);
      await new Promise((wake) => setTimeout(wake, 50));
    }
    const [, socket = "", command = ""] = said.exec(node.stderr) ?? [];
    assert.equal(command, `cometbft start --home ${root} --abci socket --proxy_app ${socket}`);
    const status = await hanzod(["status", "--home", root]);
    assert.equal(status.code, 1);
    assert.match(status.stderr, new RegExp(`process ${node.pid} runs, and CometBFT is not there`));
  } finally {
    assert.equal(await node.end("SIGTERM"), 0);
  }
  // A killed node leaves its lock: whoever holds it is gone, so nothing runs.
  const killed = startHanzod(["start", "--home", root, "--comet", "external", "--quiet"]);
  while (!/waits for CometBFT/.test(killed.stderr)) await new Promise((wake) => setTimeout(wake, 50));
  await killed.end("SIGKILL");
  const gone = await hanzod(["status", "--home", root, "--json"]);
  assert.deepEqual([gone.code, JSON.parse(gone.stderr).why], [1, "it is not running"]);
});

test("a key is deleted at a terminal only after a yes", async (context) => {
  const keys = (...words: readonly string[]): readonly string[] => [
    "keys",
    ...words,
    "--home",
    join(folder, "asked"),
    "--keyring-backend",
    "test",
  ];
  await hanzodOk(keys("add", "alice"));
  /** Runs the deletion at a terminal of its own, in which that is typed. */
  const atTerminal = async (typed: string): Promise<string | undefined> => {
    const line = [process.execPath, HANZOD, ...keys("delete", "alice")].map((word) => `'${word}'`).join(" ");
    const child = spawn("script", ["-qec", line, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("[y/N]") && child.stdin.writable) child.stdin.end(typed);
    });
    return new Promise((done) => {
      child.once("error", () => done(undefined));
      child.once("close", () => done(text));
    });
  };
  const refused = await atTerminal("n\n");
  if (refused === undefined) {
    context.diagnostic("there is no program `script` here: what is asked at a terminal was not tried");
    return;
  }
  assert.match(refused, /delete key alice of hanzo1\S+\? \[y\/N\][\s\S]*not confirmed/);
  assert.match(await hanzodOk(keys("list")), /alice/);
  assert.match((await atTerminal("y\n")) ?? "", /deleted alice/);
  assert.match(await hanzodOk(keys("list")), /no keys yet/);
});

test("output that nobody reads to its end is no failure", async () => {
  const child = spawn("sh", ["-c", `"$0" "$1" --help | head -n 1; "$0" "$1" completion bash | head -n 1`, process.execPath, HANZOD]);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    errors += part;
  });
  assert.equal(await new Promise((done) => child.once("close", done)), 0);
  assert.deepEqual(text.split("\n").length, 3);
  assert.equal(errors, "");
});

test("keys are renamed, exported, imported and deleted, and what destroys or reveals is confirmed", async () => {
  const keys = (...words: readonly string[]): readonly string[] => ["keys", ...words, "--home", join(folder, "keys")];
  const env = { HANZOD_PASSPHRASE: "correct horse battery staple" };
  const { address, mnemonic } = JSON.parse(await hanzodOk(keys("add", "alice", "--json"), { env })) as {
    address: string;
    mnemonic: string;
  };
  await hanzodOk(keys("rename", "alice", "anna"));
  assert.equal((await hanzodOk(keys("export", "anna", "--phrase"), { env })).trim(), mnemonic);
  const armored = await hanzodOk(keys("export", "anna"), { env });
  assert.match(armored, /^-----BEGIN TENDERMINT PRIVATE KEY-----\nkdf: argon2\nsalt: [0-9A-F]{32}\ntype: secp256k1\n\n/);
  const file = join(folder, "anna.asc");
  await writeFile(file, armored);
  const copy = JSON.parse(await hanzodOk(keys("import", "copy", file, "--json"), { env })) as { address: string; path: string };
  assert.deepEqual([copy.address, copy.path], [address, ""]);
  await writeFile(
    file,
    armored.replace(/\n\n(.)/, (_all, first: string) => `\n\n${first === "A" ? "B" : "A"}`),
  );
  assert.match((await hanzod(keys("import", "broken", file), { env })).stderr, /its checksum does not match/);
  const wrong = await hanzod(keys("import", "broken", file), { env: { HANZOD_PASSPHRASE: "another passphrase" } });
  assert.equal(wrong.code, 1);
  assert.match((await hanzod(keys("export", "anna", "--unarmored-hex"), { env })).stderr, /add --unsafe/);
  assert.match(await hanzodOk(keys("export", "copy", "--unarmored-hex", "--unsafe"), { env }), /^[0-9a-f]{64}\n$/);
  assert.match((await hanzod(keys("export", "copy", "--phrase"), { env })).stderr, /has no recovery phrase/);
  const asked = await hanzod(keys("delete", "copy"));
  assert.match(asked.stderr, /not confirmed[\s\S]*add --yes/);
  await hanzodOk(keys("delete", "copy", "--yes"));
  assert.deepEqual(
    (JSON.parse(await hanzodOk(keys("list", "--json"))) as { name: string }[]).map(({ name }) => name),
    ["anna"],
  );
  assert.equal((await hanzodOk(["keys", "mnemonic"])).trim().split(" ").length, 24);
  const hex = /hex +([0-9A-F]{40})/.exec(await hanzodOk(["keys", "parse", address]))?.[1] ?? "";
  assert.ok((await hanzodOk(["keys", "parse", hex])).includes(address));
  assert.ok((await readFile(join(folder, "keys", "keyring-file", "anna.json"), "utf8")).includes('"sealed"'));
});

test("a snapshot of a chain that has not begun is refused, and does not begin it", async () => {
  const { root } = await makeHome("fresh");
  const { code, stderr } = await hanzod(["snapshots", "export", "--home", root]);
  assert.notEqual(code, 0);
  assert.match(stderr, /has no state[\s\S]*why: {2}its chain has made no block[\s\S]*next: hanzod start/);
  assert.equal(existsSync(join(root, "data", "app")), false);
});
