// Two founders begin a chain with genesis transactions, and a third node becomes a validator later.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "smol-toml";
import { findFreePorts } from "../../cmd/hanzod/node/ports.ts";
import { hanzod, hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { callRpc, waitForHeight } from "./harness/rpc.ts";

const COINS = "1000000000000000000000aai";
const STAKE = "100000000000000000000aai";
const KEYRING = ["--keyring-backend", "test"];

interface Founder {
  readonly name: string;
  readonly root: string;
  readonly rpc: string;
  readonly genesis: string;
}

let folder = "";
const running: RunningCommand[] = [];

async function makeHome(name: string, ...more: readonly string[]): Promise<Founder> {
  const root = join(folder, name);
  const ports = await findFreePorts(4);
  const options = ["--rpc-port", "--p2p-port", "--rest-port", "--grpc-port"].flatMap((option, index) => [option, String(ports[index])]);
  await hanzodOk(["init", name, "--local", "--chain-id", "hanzo-founders-1", "--home", root, ...options, ...more]);
  await hanzodOk(["keys", "add", "operator", "--home", root, ...KEYRING]);
  return { name, root, rpc: `http://127.0.0.1:${ports[0]}`, genesis: join(root, "config", "genesis.json") };
}

const addressOf = async ({ root }: Founder): Promise<string> =>
  (await hanzodOk(["keys", "show", "operator", "--address", "--home", root, ...KEYRING])).trim();

const genTx = (founder: Founder, ...more: readonly string[]) =>
  hanzod(["genesis", "gentx", "operator", STAKE, "--ip", "127.0.0.1", "--home", founder.root, ...KEYRING, ...more]);

async function start({ root }: Founder): Promise<RunningCommand> {
  const node = startHanzod(["start", "--home", root, "--quiet"]);
  running.push(node);
  return node;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-gentx-"));
});
after(async () => {
  for (const node of running) await node.end("SIGTERM");
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

describe("a chain of several founders", () => {
  let alice: Founder;
  let bob: Founder;
  let carol: Founder;
  let carolNode: RunningCommand | undefined;
  before(async () => {
    alice = await makeHome("alice", "--no-validator");
    bob = await makeHome("bob", "--no-validator");
  });

  it("has no validator yet, and says so", async () => {
    const { code, stderr } = await hanzod(["genesis", "validate", "--home", alice.root]);
    assert.equal(code, 78);
    assert.match(stderr, /at least one validator expected/);
    await hanzodOk(["genesis", "validate", "--draft", "--home", alice.root]);
  });

  it("takes no transaction of an account without the stake, and no other chain's name", async () => {
    const poor = await genTx(alice);
    assert.equal(poor.code, 1);
    assert.match(poor.stderr, /an account hanzo1\w+ in app_state\.auth\.accounts expected/);
    for (const founder of [alice, bob])
      await hanzodOk(["genesis", "add-account", await addressOf(founder), COINS, "--home", alice.root, ...KEYRING]);
    await copyFile(alice.genesis, bob.genesis);
    assert.match((await genTx(alice, "--chain-id", "other-1")).stderr, /is that of hanzo-founders-1/);
    const little = await hanzod(["genesis", "gentx", "operator", "5aai", "--home", alice.root, ...KEYRING]);
    assert.match(little.stderr, /at least 1000000000000000000aai is expected: a voting power of 1/);
    const rates = await genTx(alice, "--commission-rate", "0.5");
    assert.match(rates.stderr, /commission/);
    assert.deepEqual(await readdir(join(alice.root, "config", "gentx")).catch(() => []), []);
  });

  it("collects the transactions of both, with their addresses", async () => {
    for (const founder of [alice, bob]) {
      const made = await genTx(founder, "--details", 'first <"validators"> & co');
      assert.equal(made.code, 0, made.stderr);
    }
    assert.equal((await genTx(alice)).code, 1, "nothing is overwritten");
    const [file = ""] = await readdir(join(bob.root, "config", "gentx"));
    const text = await readFile(join(bob.root, "config", "gentx", file), "utf8");
    const target = join(alice.root, "config", "gentx", file);
    await writeFile(target, text.replace('"moniker":"bob"', '"moniker":"rob"'));
    const refused = await hanzod(["genesis", "collect", "--home", alice.root]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /gentx-[0-9a-f]{40}\.json: signatures\[0\]: a signature for chain hanzo-founders-1/);
    await writeFile(target, text);
    await hanzodOk(["genesis", "collect-gentxs", "--home", alice.root]);
    await hanzodOk(["genesis", "validate", "--home", alice.root]);
    const { p2p } = parse(await readFile(join(alice.root, "config", "config.toml"), "utf8")) as { p2p: { persistent_peers: string } };
    const id = file.slice("gentx-".length, -".json".length);
    assert.match(p2p.persistent_peers, new RegExp(`^${id}@127\\.0\\.0\\.1:\\d+$`));
  });

  it("makes blocks with both of them, and a third one becomes a validator with a transaction", async () => {
    carol = await makeHome("carol", "--no-validator");
    for (const other of [bob, carol]) await copyFile(alice.genesis, other.genesis);
    const peer = (await hanzodOk(["comet", "show-node-id", "--home", alice.root])).trim();
    const { p2p } = parse(await readFile(join(alice.root, "config", "config.toml"), "utf8")) as { p2p: { laddr: string } };
    for (const { root } of [bob, carol]) {
      const path = join(root, "config", "config.toml");
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replace(/^persistent_peers = .*$/m, `persistent_peers = "${peer}@${p2p.laddr.replace("tcp://", "")}"`));
    }
    for (const founder of [alice, bob]) await start(founder);
    carolNode = await start(carol);
    await waitForHeight(carol.rpc, 3);
    const names = async (): Promise<readonly string[]> => {
      const { validators } = await callRpc<{ validators: { voting_power: string }[] }>(carol.rpc, "validators", {});
      return validators.map(({ voting_power }) => voting_power);
    };
    assert.deepEqual(await names(), ["100", "100"]);
    const to = await addressOf(carol);
    await hanzodOk(["tx", "bank", "send", to, "60000000000000000000aai", "--from", "operator", "--home", alice.root, "--wait", ...KEYRING]);
    const file = join(folder, "validator.json");
    await writeFile(file, JSON.stringify({ amount: "50000000000000000000aai", moniker: "from the file", "commission-rate": "0.05" }));
    const words = ["tx", "staking", "create-validator", file, "--moniker", "carol", "--from", "operator", "--home", carol.root];
    const made = JSON.parse(await hanzodOk([...words, "--wait", "--json", ...KEYRING])) as { code: number; height: number };
    assert.equal(made.code, 0);
    await waitForHeight(carol.rpc, made.height + 3);
    assert.deepEqual(await names(), ["100", "100", "50"]);
    const { validators } = JSON.parse(await hanzodOk(["q", "staking", "validators", "BOND_STATUS_BONDED", "--home", carol.root])) as {
      validators: { description: { moniker: string; details: string }; commission: { commission_rates: { rate: string } } }[];
    };
    const own = validators.find(({ description }) => description.moniker === "carol");
    assert.equal(own?.commission.commission_rates.rate, "0.050000000000000000");
    assert.ok(validators.some(({ description }) => description.details === 'first <"validators"> & co'));
  });

  it("goes on with a validator whose key has changed: the node signs with the new file from the block of the change on", async () => {
    const made = JSON.parse(await hanzodOk(["comet", "gen-validator", "--json", "--home", carol.root])) as { file: string };
    const words = ["tx", "staking", "rotate-cons-pubkey", made.file, "--from", "operator", "--home", carol.root, "--wait", "--json"];
    const { code, height } = JSON.parse(await hanzodOk([...words, ...KEYRING])) as { code: number; height: number };
    assert.equal(code, 0);
    const other = JSON.parse((await hanzod([...words, ...KEYRING])).stdout || "{}") as { code?: number };
    assert.notEqual(other.code, 0, "one change in the unbonding time");
    await waitForHeight(alice.rpc, height + 2);
    const { address, hex } = JSON.parse(await hanzodOk(["comet", "show-address", "--json", "--home", carol.root])) as Record<
      string,
      string
    >;
    await carolNode?.end("SIGTERM");
    await rename(made.file, join(carol.root, "config", "priv_validator_key.json"));
    const now = JSON.parse(await hanzodOk(["comet", "show-address", "--json", "--home", carol.root])) as Record<string, string>;
    await start(carol);
    const members = async (at: number): Promise<readonly string[]> =>
      (await callRpc<{ validators: { address: string }[] }>(alice.rpc, "validators", { height: String(at) })).validators.map(
        (one) => one.address,
      );
    assert.ok((await members(height + 1)).includes(hex ?? "") && !(await members(height + 1)).includes(now["hex"] ?? ""));
    assert.ok(!(await members(height + 2)).includes(hex ?? "") && (await members(height + 2)).includes(now["hex"] ?? ""));
    await waitForHeight(carol.rpc, height + 3);
    const signed = await waitForSignature(now["hex"] ?? "", height + 3);
    assert.ok(signed > height, "a block has the new key's signature");
    const infos = (await hanzodOk(["q", "slashing", "signing-infos", "--home", alice.root])) as string;
    assert.ok(infos.includes(now["address"] ?? "-") && !infos.includes(address ?? "-"));
  });

  /** @returns the first height from `from` on whose block has a signature of a validator */
  async function waitForSignature(hex: string, from: number): Promise<number> {
    for (let height = from; height < from + 60; height++) {
      await waitForHeight(alice.rpc, height + 1);
      type Commit = { signed_header: { commit: { signatures: { validator_address: string; block_id_flag: number }[] } } };
      const { signed_header } = await callRpc<Commit>(alice.rpc, "commit", { height: String(height) });
      if (signed_header.commit.signatures.some((one) => one.validator_address === hex && one.block_id_flag === 2)) return height;
    }
    return 0;
  }
});
