import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findFreePorts } from "../../cmd/hanzod/node/ports.ts";
import { hanzod, hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { waitForHeight } from "./harness/rpc.ts";

let folder = "";
let home = "";
let node: RunningCommand;

/** Makes a home on free ports. @returns its folder and the ports of RPC, peers, REST and gRPC */
async function makeHome(name: string): Promise<{ readonly root: string; readonly ports: readonly number[] }> {
  const root = join(folder, name);
  const ports = await findFreePorts(4);
  const options = ["--rpc-port", "--p2p-port", "--rest-port", "--grpc-port"].flatMap((option, index) => [option, String(ports[index])]);
  await hanzodOk(["init", name, "--local", "--home", root, ...options]);
  return { root, ports };
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-cli-"));
  const made = await makeHome("main");
  home = made.root;
  node = startHanzod(["start", "--home", home, "--quiet"]);
  await waitForHeight(`http://127.0.0.1:${made.ports[0]}`, 1);
});
after(async () => {
  await node?.end("SIGTERM");
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test("a started node tells its status as JSON with rpc, rest, height and app hash", async () => {
  const status = JSON.parse(await hanzodOk(["status", "--home", home, "--json"])) as Record<string, unknown>;
  assert.match(String(status["rpc"]), /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(String(status["rest"]), /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok(Number(status["height"]) >= 1);
  assert.match(String(status["appHash"]), /^[0-9A-F]{64}$/);
  assert.equal((await fetch(`${String(status["rest"])}/hanzo/hmm/v1/vault`)).status, 200);
});

test("a new key in the encrypted keyring receives money from a development key and sends some of it on", async () => {
  const env = { HANZOD_PASSPHRASE: "correct horse battery staple" };
  await hanzodOk(["keys", "add", "alice", "--home", home], { env });
  const alice = (await hanzodOk(["keys", "show", "alice", "--address", "--home", home])).trim();
  const sent = JSON.parse(
    await hanzodOk([
      "tx",
      "bank",
      "send",
      alice,
      "3000000000000000000aai",
      "--from",
      "dev0",
      "--keyring-backend",
      "test",
      "--home",
      home,
      "--wait",
      "--json",
    ]),
  ) as { code: number; txhash: string; height: number };
  assert.equal(sent.code, 0);
  const { balances } = JSON.parse(await hanzodOk(["q", "bank", "balances", alice, "--home", home])) as { balances: unknown };
  assert.deepEqual(balances, [{ denom: "aai", amount: "3000000000000000000" }]);
  const dev1 = (await hanzodOk(["keys", "show", "dev1", "--address", "--keyring-backend", "test", "--home", home])).trim();
  await hanzodOk(["tx", "bank", "send", dev1, "1000000000000000000aai", "--from", alice, "--home", home, "--wait"], { env });
  const wrong = await hanzod(["tx", "bank", "send", dev1, "1aai", "--from", "alice", "--home", home], {
    env: { HANZOD_PASSPHRASE: "wrong" },
  });
  assert.equal(wrong.code, 1);
  const found = JSON.parse(await hanzodOk(["q", "tx", "get-tx", sent.txhash, "--home", home])) as { tx_response: { height: string } };
  assert.equal(found.tx_response.height, String(sent.height));
});

test("an account that does not exist and a key that does not exist are told apart", async () => {
  const env = { HANZOD_PASSPHRASE: "eight letters" };
  await hanzodOk(["keys", "add", "poor", "--home", home], { env });
  const poor = await hanzod(["tx", "hmm", "mint-credit", "1", "--from", "poor", "--home", home], { env });
  assert.equal(poor.code, 1);
  assert.match(poor.stderr, /has no account on the chain/);
  const nobody = await hanzod(["tx", "hmm", "mint-credit", "1", "--from", "nobody", "--home", home, "--json"], { env });
  assert.match((JSON.parse(nobody.stderr) as { error: string }).error, /there is no key "nobody"/);
});

test("a second start on the same home is refused and the first goes on", async () => {
  const second = await hanzod(["start", "--home", home, "--quiet"]);
  assert.equal(second.code, 75);
  assert.match(second.stderr, /HZN-LOCK: this home is in use by process \d+/);
  await hanzodOk(["status", "--home", home]);
});

test("a port in use is refused with its purpose and its holder", async () => {
  const { root, ports } = await makeHome("busy");
  const server = createServer().listen(ports[0], "127.0.0.1");
  try {
    const refused = await hanzod(["start", "--home", root, "--quiet"]);
    assert.equal(refused.code, 75);
    assert.match(
      refused.stderr,
      new RegExp(`HZN-PORT: port ${ports[0]} for CometBFT RPC on 127\\.0\\.0\\.1 is in use by .*process ${process.pid}`),
    );
  } finally {
    server.close();
  }
});

test("a CometBFT of another version is refused before anything starts", async () => {
  const { root } = await makeHome("version");
  const binary = join(folder, "cometbft");
  await writeFile(binary, "#!/bin/sh\necho 0.37.2\n");
  await chmod(binary, 0o755);
  const refused = await hanzod(["start", "--home", root, "--comet", binary]);
  assert.equal(refused.code, 78);
  assert.match(refused.stderr, /HZN-COMET-VERSION: .* is CometBFT "0\.37\.2", needed is 0\.38\.25/);
});

test("a genesis file with an unknown field, a wrong sum, or no JSON is refused by name, and starts once it is mended", async () => {
  const { root, ports } = await makeHome("genesis");
  const path = join(root, "config", "genesis.json");
  const good = await readFile(path, "utf8");
  type Doc = { app_state: { bank: { supply: { amount: string }[] } & Record<string, unknown>; genutil: object } } & Record<string, unknown>;
  const broken: readonly (readonly [(doc: Doc) => void, RegExp])[] = [
    [
      (doc) => Object.assign(doc.app_state.bank, { colour: "red" }),
      /line \d+: app_state\.bank\.colour: field of cosmos\.bank\.v1beta1\.GenesisState expected/,
    ],
    [
      (doc) => Object.assign(doc.app_state.bank.supply[0] ?? {}, { amount: "5" }),
      /genesis supply is incorrect, expected the sum of all balances/,
    ],
    [(doc) => Object.assign(doc, { frog: 1 }), /unknown key frog/],
    [(doc) => Object.assign(doc.app_state, { genutil: { gen_txs: [] } }), /at least one validator expected/],
  ];
  for (const [breakIt, reason] of broken) {
    const doc = JSON.parse(good) as Doc;
    breakIt(doc);
    await writeFile(path, JSON.stringify(doc));
    const refused = await hanzod(["start", "--home", root, "--quiet"]);
    assert.equal(refused.code, 78, refused.stderr);
    assert.match(refused.stderr, /^error HZN-GENESIS: /);
    assert.match(refused.stderr, reason);
  }
  await writeFile(path, "garbage{");
  assert.match((await hanzod(["start", "--home", root, "--quiet"])).stderr, /HZN-GENESIS: .* is not valid JSON/);
  await writeFile(path, good);
  const mended = startHanzod(["start", "--home", root, "--quiet"]);
  try {
    await waitForHeight(`http://127.0.0.1:${ports[0]}`, 2);
  } finally {
    assert.equal(await mended.end("SIGTERM"), 0);
  }
});
