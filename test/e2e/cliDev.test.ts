import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { SigningStargateClient } from "@cosmjs/stargate";
import { LOCAL_MNEMONIC } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { walletOf } from "../../cmd/hanzod/keyring/keyring.ts";
import { hanzod, hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { HANZOD } from "./harness/nodeProcess.ts";

let folder = "";
let dev: RunningCommand;
let rpc = "";
let rest = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-dev-"));
  dev = startHanzod(["dev", "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0"]);
  rpc = (await dev.waitFor(/^RPC\s+(\S+)/m))[1] ?? "";
  rest = (await dev.waitFor(/^REST\s+(\S+)/m))[1] ?? "";
  for (const index of ["0", "1"]) {
    await hanzodOk(["keys", "import", `dev${index}`, "--index", index, "--home", folder, "--keyring-backend", "test"], {
      input: LOCAL_MNEMONIC,
    });
  }
});
after(async () => {
  await dev?.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const key = (): readonly string[] => ["--from", "dev0", "--home", folder, "--keyring-backend", "test", "--node", rpc];
const addressOf = async (name: string): Promise<string> =>
  (await hanzodOk(["keys", "show", name, "--address", "--home", folder, "--keyring-backend", "test"])).trim();

test("the development chain makes its first block right after its start, whatever the time of a block is", async () => {
  for (const words of [[], ["--block-time", "3600000"]])
    assert.match(await hanzodOk(["dev", "--blocks", "1", ...words]), /^block 1 .* app hash [0-9a-f]{12}…/);
});

/** Processor time of a command that runs to its end, in seconds: what else runs on the machine is not the program's doing. */
async function processorSeconds(...words: readonly string[]): Promise<number> {
  const script = '"$@" > /dev/null; times';
  const { stdout } = await promisify(execFile)("bash", ["-euc", script, "bash", process.execPath, HANZOD, ...words], {
    env: { ...process.env, LC_ALL: "C" },
  });
  const ofChildren = stdout.trim().split("\n").at(-1) ?? "";
  return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

test("start, first block and end of the development chain take seconds", async () => {
  const seconds = await processorSeconds("dev", "--blocks", "1");
  assert.ok(seconds > 0 && seconds < 10, `${seconds} s of the processor`);
});

test("a stock cosmjs client reads, simulates, sends and finds its transaction on the development chain", async () => {
  const wallet = await walletOf(LOCAL_MNEMONIC, "hanzo", 2);
  const client = await SigningStargateClient.connectWithSigner(rpc, wallet);
  try {
    const [from, to] = [(await wallet.getAccounts())[0]?.address ?? "", await addressOf("dev1")];
    assert.equal(await client.getChainId(), "hanzo-local-1");
    const before = BigInt((await client.getBalance(to, "aai")).amount);
    const gas = await client.simulate(
      from,
      [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: { fromAddress: from, toAddress: to, amount: [{ denom: "aai", amount: "12" }] } }],
      "",
    );
    assert.ok(gas > 20_000);
    const sent = await client.sendTokens(from, to, [{ denom: "aai", amount: "12" }], { gas: "200000", amount: [] });
    assert.equal(sent.code, 0, sent.rawLog);
    assert.equal(BigInt((await client.getBalance(to, "aai")).amount), before + 12n);
    assert.equal((await client.getTx(sent.transactionHash))?.height, sent.height);
    assert.equal((await client.getBlock(sent.height)).txs.length, 1);
  } finally {
    client.disconnect();
  }
});

test("gas of a simulation with factor 1 and a fee is exactly what the transaction then uses", async () => {
  const to = await addressOf("dev1");
  const sent = JSON.parse(
    await hanzodOk(["tx", "bank", "send", to, "1000aai", ...key(), "--gas-adjustment", "1", "--gas-prices", "0.5aai", "--wait", "--json"]),
  ) as Record<string, unknown>;
  assert.equal(sent["code"], 0);
  assert.equal(sent["gasUsed"], sent["gasWanted"]);
});

test("a dry run changes nothing and a generated transaction is unsigned and complete", async () => {
  const to = await addressOf("dev1");
  const account = async (): Promise<unknown> =>
    JSON.parse(await hanzodOk(["q", "auth", "account-info", await addressOf("dev0"), "--node", rpc]));
  const before = await account();
  const dry = JSON.parse(await hanzodOk(["tx", "bank", "send", to, "5aai", ...key(), "--dry-run", "--json"])) as Record<string, string>;
  assert.ok(BigInt(dry["gasLimit"] ?? 0) >= BigInt(dry["gasUsed"] ?? 0));
  const tx = JSON.parse(await hanzodOk(["tx", "bank", "send", to, "5aai", ...key(), "--generate-only", "--memo", "hello"])) as {
    body: { memo: string; messages: readonly object[] };
    signatures: readonly string[];
  };
  assert.equal(tx.body.memo, "hello");
  assert.deepEqual(tx.body.messages, [
    {
      "@type": "/cosmos.bank.v1beta1.MsgSend",
      from_address: await addressOf("dev0"),
      to_address: to,
      amount: [{ denom: "aai", amount: "5" }],
    },
  ]);
  assert.deepEqual(tx.signatures, []);
  assert.deepEqual(await account(), before);
});

test("compute is bought from the command line and a floor that is not reached refuses with the market's code", async () => {
  await hanzodOk(["tx", "hmm", "mint-credit", "5000000000000000000", ...key(), "--wait"]);
  const { trade } = JSON.parse(await hanzodOk(["q", "hmm", "quote-buy", "gpu", "1000000000000000000", "--node", rpc])) as {
    trade: { resource: string };
  };
  const floor = (BigInt(trade.resource) + 1n).toString();
  const refused = await hanzod(["tx", "hmm", "swap", "gpu", "1000000000000000000", "--min-out", floor, ...key(), "--wait"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /error: the transaction would fail: codespace hmm code \d+\n {2}why: {2}.*\n {2}next: /);
  const bought = await hanzodOk(["tx", "hmm", "swap", "gpu", "1000000000000000000", "--min-out", trade.resource, ...key(), "--wait"]);
  assert.match(bought, /code {6}0/);
  const { balances } = JSON.parse(await hanzodOk(["q", "bank", "balances", await addressOf("dev0"), "--node", rpc])) as {
    balances: readonly { denom: string; amount: string }[];
  };
  assert.equal(balances.find(({ denom }) => denom === "ngpu")?.amount, trade.resource);
});

test("a transaction that fails in its block prints the result and ends with an error", async () => {
  const failed = await hanzod(["tx", "bank", "send", await addressOf("dev1"), "1nosuch", ...key(), "--gas", "200000", "--wait"]);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /code {6}5 \(sdk\)/);
  assert.match(failed.stderr, /error: the transaction failed: codespace sdk code 5/);
});

test("queries page with flags, answer at a height, and refuse one in the future with codespace and code", async () => {
  const first = JSON.parse(await hanzodOk(["q", "hmm", "pools", "--limit", "2", "--node", rpc])) as {
    pools: readonly { pool: { id: string } }[];
    pagination: { next_key: string };
  };
  assert.equal(first.pools.length, 2);
  const second = JSON.parse(
    await hanzodOk(["q", "hmm", "pools", "--limit", "2", "--page-key", first.pagination.next_key, "--node", rpc]),
  ) as typeof first;
  assert.ok(second.pools.every(({ pool }) => !first.pools.some((earlier) => earlier.pool.id === pool.id)));
  const old = JSON.parse(await hanzodOk(["q", "bank", "balance", await addressOf("dev0"), "ngpu", "--height", "1", "--node", rpc])) as {
    balance: { amount: string };
  };
  assert.equal(old.balance.amount, "0");
  const future = await hanzod(["q", "hmm", "vault", "--height", "99999", "--node", rpc]);
  assert.equal(future.code, 1);
  assert.match(future.stderr, /was refused: codespace sdk code 26\n {2}why: {2}.*future/);
});

test("the REST API of the development chain answers and broadcasts reach its mempool", async () => {
  const params = (await (await fetch(`${rest}/hanzo/hmm/v1/pools/gpu`)).json()) as { pool: { pool: { id: string } } };
  assert.equal(params.pool.pool.id, "gpu");
  const sent = await fetch(`${rest}/cosmos/tx/v1beta1/txs`, {
    method: "POST",
    body: JSON.stringify({ tx_bytes: "AAAA", mode: "BROADCAST_MODE_SYNC" }),
  });
  const { tx_response: response } = (await sent.json()) as { tx_response: { code: number; codespace: string } };
  assert.deepEqual([response.codespace, response.code], ["sdk", 2]);
});

test("the RPC of the development chain answers what wallets try it with", async () => {
  const rows: readonly (readonly [client: string, path: string, body: string | undefined, shows: RegExp])[] = [
    ["Keplr", "/status", undefined, /"network":"hanzo-local-1"/],
    ["Cosmos Kit", "/", "", /"jsonrpc":"2\.0"/],
    ["cosmjs", "/", '{"jsonrpc":"2.0","id":1,"method":"status","params":{}}', /"network":"hanzo-local-1"/],
    ["Hermes", "/health", undefined, /"result":\{\}/],
    ["Hermes", "/status", undefined, /"tx_index":"on".*"catching_up":false/],
    ["Hermes", "/abci_info", undefined, /"last_block_height"/],
    ["Hermes", "/header?height=1", undefined, /"height":"1"/],
  ];
  for (const [client, path, body, shows] of rows) {
    const answer = await fetch(`${rpc}${path}`, body === undefined ? {} : { method: "POST", body });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${client} ${path}`);
    assert.match(text, shows, `${client} ${path}`);
  }
});

test("texts that do not fit a request are refused before anything is sent", async () => {
  const amount = await hanzod(["tx", "bank", "send", await addressOf("dev1"), "five aai", ...key()]);
  assert.match(amount.stderr, /error: "five aai" is no amount/);
  const json = await hanzod(["tx", "bank", "multi-send", "--inputs", "{", ...key()]);
  assert.match(json.stderr, /error: inputs is no JSON/);
  const unreachable = await hanzod(["q", "hmm", "vault", "--node", "http://127.0.0.1:1"]);
  assert.equal(unreachable.code, 1);
  assert.match(unreachable.stderr, /error: no node answers at http:\/\/127\.0\.0\.1:1\n {2}why: .*\n {2}next: /);
});

test("a chain in a home goes on after a restart and a second one on the same home is refused", async () => {
  const home = join(folder, "kept");
  await hanzodOk(["dev", "--home", home, "--blocks", "2"]);
  assert.match(await hanzodOk(["dev", "--home", home, "--blocks", "1"]), /^block 3 /);
  const running = startHanzod(["dev", "--home", home, "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0"]);
  await running.waitFor(/^RPC/m);
  const second = await hanzod(["dev", "--home", home, "--blocks", "1"]);
  assert.equal(second.code, 75);
  assert.match(second.stderr, /HZN-LOCK: this home is in use by process \d+/);
  assert.equal(await running.end("SIGTERM"), 0);
});
