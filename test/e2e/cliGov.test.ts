// Proposals and withdrawals as operators type them, on the development chain.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LOCAL_MNEMONIC } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { hanzod, hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";

let folder = "";
let dev: RunningCommand;
let rpc = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-cligov-"));
  dev = startHanzod(["dev", "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0"]);
  rpc = (await dev.waitFor(/^RPC\s+(\S+)/m))[1] ?? "";
  await hanzodOk(["keys", "import", "dev0", "--index", "0", "--home", folder, "--keyring-backend", "test"], { input: LOCAL_MNEMONIC });
});
after(async () => {
  await dev?.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const key = (): readonly string[] => ["--from", "dev0", "--home", folder, "--keyring-backend", "test", "--node", rpc];
const ask = async (...words: string[]): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await hanzodOk(["q", ...words, "--node", rpc]));
const send = async (...words: string[]): Promise<{ code: number }> =>
  JSON.parse(await hanzodOk(["tx", ...words, ...key(), "--wait", "--json"])) as { code: number };
type Message = Readonly<Record<string, unknown>>;
const messagesOf = async (...words: string[]): Promise<readonly Message[]> => {
  const text = await hanzodOk(["tx", ...words, ...key(), "--generate-only", "--gas", "200000"]);
  return (JSON.parse(text) as { body: { messages: Message[] } }).body.messages;
};

test("a draft names all present parameters, is submitted as it is, and overwrites nothing", async () => {
  const file = join(folder, "draft.json");
  const words = ["tx", "gov", "draft-proposal", "cosmos.staking.v1beta1.MsgUpdateParams", file, "--title", "More", "--summary", "room"];
  await hanzodOk([...words, "--deposit", "250AI", "--node", rpc]);
  const { messages, title } = JSON.parse(await readFile(file, "utf8")) as { messages: Message[]; title: string };
  const { params } = await ask("staking", "params");
  assert.deepEqual([title, messages[0]?.["params"]], ["More", params]);
  assert.match((await hanzod([...words, "--node", rpc])).stderr, /cannot write/);
  assert.equal((await send("gov", "submit-proposal", file)).code, 0);
  const text = join(folder, "text.json");
  await hanzodOk(["tx", "gov", "draft-proposal", "text", text]);
  assert.deepEqual((JSON.parse(await readFile(text, "utf8")) as { messages: Message[] }).messages, []);
  const spend = join(folder, "spend.json");
  await hanzodOk(["tx", "gov", "draft-proposal", "community-pool-spend", spend]);
  const [drafted] = (JSON.parse(await readFile(spend, "utf8")) as { messages: Message[] }).messages;
  assert.deepEqual(Object.keys(drafted ?? {}), ["@type", "authority", "recipient", "amount"]);
  assert.match((await hanzod(["tx", "gov", "draft-proposal", "nonsense", join(folder, "x.json")])).stderr, /nothing that can be proposed/);
});

test("upgrades are proposed and called off with the SDK's commands", async () => {
  const words = ["--title", "T", "--summary", "S", "--deposit", "250AI"];
  const upgrade = ["upgrade", "software-upgrade", "v9", "--upgrade-height", "900", "--upgrade-info", "{}", ...words];
  assert.equal((await send(...upgrade)).code, 0);
  const [message] = await messagesOf("upgrade", "cancel-software-upgrade", ...words);
  assert.equal(message?.["@type"], "/cosmos.gov.v1.MsgSubmitProposal");
  assert.deepEqual((message?.["messages"] as Message[] | undefined)?.[0]?.["@type"], "/cosmos.upgrade.v1beta1.MsgCancelUpgrade");
  const { proposals } = (await ask("gov", "proposals")) as { proposals: { messages: { plan?: { name: string; height: string } }[] }[] };
  const plan = proposals.flatMap(({ messages }) => messages.flatMap((one) => one.plan ?? []))[0];
  assert.deepEqual([plan?.name, plan?.height], ["v9", "900"]);
  assert.match((await hanzod(["tx", "upgrade", "software-upgrade", "v9", ...words, ...key()])).stderr, /--upgrade-height/);
});

test("rewards of all validators are withdrawn in one transaction, and the commission with a validator's own", async () => {
  const { validators } = (await ask("staking", "validators")) as { validators: { operator_address: string }[] };
  const validator = validators[0]?.operator_address ?? "";
  assert.equal((await send("staking", "delegate", validator, "2AI")).code, 0);
  assert.equal((await send("distribution", "withdraw-all-rewards")).code, 0);
  const own = (await messagesOf("distribution", "withdraw-rewards", validator, "--commission")).map((message) => message["@type"]);
  const withdraw = "/cosmos.distribution.v1beta1.MsgWithdraw";
  assert.deepEqual(own, [`${withdraw}DelegatorReward`, `${withdraw}ValidatorCommission`]);
  assert.equal((await messagesOf("distribution", "withdraw-delegator-reward", validator)).length, 1);
  assert.match((await hanzod(["tx", "distribution", "withdraw-rewards", "hanzo1x", ...key()])).stderr, /no validator/);
  assert.match((await hanzod(["tx", "distribution", "withdraw-all-rewards", ...key(), "--offline"])).stderr, /nobody offline knows/);
});

test("a key is changed with a command as the SDK has it; what is no key is told", async () => {
  const file = join(folder, "new.json");
  await hanzodOk(["comet", "gen-validator", file]);
  assert.match((await hanzod(["comet", "gen-validator", file])).stderr, /no key is ever overwritten/);
  const { pub_key: pub } = JSON.parse(await readFile(file, "utf8")) as { pub_key: { value: string } };
  const json = JSON.stringify({ "@type": "/cosmos.crypto.ed25519.PubKey", key: pub.value });
  const [byFile] = await messagesOf("staking", "rotate-cons-pub-key", file);
  assert.deepEqual(byFile, (await messagesOf("staking", "rotate-cons-pubkey", json))[0]);
  assert.deepEqual(byFile?.["new_pubkey"], JSON.parse(json));
  await writeFile(join(folder, "bad.json"), "{}");
  assert.match((await hanzod(["tx", "staking", "rotate-cons-pub-key", join(folder, "bad.json"), ...key()])).stderr, /no consensus key/);
  assert.match((await hanzod(["tx", "staking", "rotate-cons-pub-key", "{", ...key()])).stderr, /not JSON/);
});
