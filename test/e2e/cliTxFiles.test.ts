// Transactions in files: made here, signed there, put together and sent, as with the SDK's own tools.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decodeTxRaw } from "@cosmjs/proto-signing";
import { LOCAL_MNEMONIC } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { hanzod, hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";

let folder = "";
let dev: RunningCommand;
let rpc = "";

const keyring = (): readonly string[] => ["--home", folder, "--keyring-backend", "test"];
const node = (): readonly string[] => ["--node", rpc];
const file = (name: string): string => join(folder, name);
const addressOf = async (name: string): Promise<string> => (await hanzodOk(["keys", "show", name, "--address", ...keyring()])).trim();

interface Numbers {
  readonly account_number: string;
  readonly sequence: string;
}
async function numbersOf(address: string): Promise<Numbers> {
  return (JSON.parse(await hanzodOk(["q", "auth", "account-info", address, ...node()])) as { info: Numbers }).info;
}

/** Options of a machine without a network. */
async function offline(address: string): Promise<readonly string[]> {
  const { account_number: number, sequence } = await numbersOf(address);
  return ["--offline", "--chain-id", "hanzo-local-1", "--account-number", number, "--sequence", sequence];
}

async function balanceOf(address: string): Promise<bigint> {
  const { balance } = JSON.parse(await hanzodOk(["q", "bank", "balance", address, "aai", ...node()])) as { balance: { amount: string } };
  return BigInt(balance.amount);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-tx-"));
  dev = startHanzod(["dev", "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0"]);
  rpc = (await dev.waitFor(/^RPC\s+(\S+)/m))[1] ?? "";
  for (const index of ["0", "1", "2", "3"])
    await hanzodOk(["keys", "import", `dev${index}`, "--index", index, ...keyring()], { input: LOCAL_MNEMONIC });
});
after(async () => {
  await dev?.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

test("a transaction is made without a node, signed without one, judged, encoded, decoded and sent", async () => {
  const [from, to] = [await addressOf("dev0"), await addressOf("dev1")];
  const terms = ["--fees", "7aai", "--gas", "150000", "--note", "far away", "--timeout-height", "1000000"];
  await hanzodOk([
    ...["tx", "bank", "send", to, "41aai", "--from", from, ...terms],
    ...["--generate-only", "--offline", "--output-document", file("unsigned.json"), "--home", "/nonexistent"],
  ]);
  const unsigned = JSON.parse(await readFile(file("unsigned.json"), "utf8")) as Record<string, unknown>;
  assert.deepEqual(unsigned, {
    body: {
      messages: [{ "@type": "/cosmos.bank.v1beta1.MsgSend", from_address: from, to_address: to, amount: [{ denom: "aai", amount: "41" }] }],
      memo: "far away",
      timeout_height: "1000000",
      unordered: false,
      timeout_timestamp: null,
      extension_options: [],
      non_critical_extension_options: [],
    },
    auth_info: {
      signer_infos: [],
      fee: { amount: [{ denom: "aai", amount: "7" }], gas_limit: "150000", payer: "", granter: "" },
      tip: null,
    },
    signatures: [],
  });
  const away = await offline(from);
  for (const mode of ["direct", "amino-json"]) {
    await hanzodOk([
      ...["tx", "sign", file("unsigned.json"), "--from", "dev0", "--sign-mode", mode, ...away, ...keyring()],
      ...["--output-document", file(`${mode}.json`)],
    ]);
    await hanzodOk(["tx", "validate-signatures", file(`${mode}.json`), ...away, ...keyring()]);
  }
  await hanzodOk(["tx", "validate-signatures", file("direct.json"), ...node(), ...keyring()]);
  const base64 = (await hanzodOk(["tx", "encode", file("direct.json")])).trim();
  assert.equal(decodeTxRaw(Buffer.from(base64, "base64")).body.memo, "far away");
  assert.deepEqual(JSON.parse(await hanzodOk(["tx", "decode", base64])), JSON.parse(await readFile(file("direct.json"), "utf8")));
  const hex = Buffer.from(base64, "base64").toString("hex");
  assert.equal(await hanzodOk(["tx", "decode", "--hex", "-"], { input: hex }), await hanzodOk(["tx", "decode", base64]));
  assert.match(await hanzodOk(["tx", "simulate", file("unsigned.json"), ...node(), ...keyring()]), /gas +\d+ used/);
  const before = await balanceOf(to);
  const sent = JSON.parse(await hanzodOk(["tx", "broadcast", file("amino-json.json"), ...node(), "--wait", "--json"])) as { code: number };
  assert.equal(sent.code, 0);
  assert.equal(await balanceOf(to), before + 41n);
  const stale = await hanzod(["tx", "validate-signatures", file("direct.json"), ...node(), ...keyring()]);
  assert.equal(stale.code, 1);
  assert.match(stale.stdout, /wrong .* sequence 1 is expected, 0 was signed/);
});

test("two of three members sign for their multisig key, in any order, and the chain takes it; one is too few and a stranger is refused", async () => {
  await hanzodOk(["keys", "add", "committee", "--multisig", "dev1,dev2,dev3", "--multisig-threshold", "2", ...keyring()]);
  const committee = await addressOf("committee");
  await hanzodOk(["keys", "add", "again", "--multisig", "dev3,dev1,dev2", "--multisig-threshold", "2", ...keyring()]);
  assert.equal(await addressOf("again"), committee, "the order in which members are named does not matter");
  await hanzodOk(["tx", "bank", "send", committee, "1000000000000000000aai", "--from", "dev0", ...keyring(), ...node(), "--wait"]);
  const to = await addressOf("dev0");
  const make = ["tx", "bank", "send", to, "5aai", "--from", "committee", ...keyring(), ...node()];
  assert.match(await hanzodOk([...make, "--dry-run"]), /gas +\d+ used/);
  const refused = await hanzod(make);
  assert.match(refused.stderr, /key "committee" cannot sign[\s\S]*multisig key: its members sign/);
  await hanzodOk([...make, "--generate-only", "--output-document", file("joint.json")]);
  for (const member of ["dev3", "dev1"])
    await hanzodOk([
      ...["tx", "sign", file("joint.json"), "--from", member, "--multisig", "committee", ...keyring(), ...node()],
      ...["--output-document", file(`${member}.sig`)],
    ]);
  const descriptor = JSON.parse(await readFile(file("dev3.sig"), "utf8")) as { signatures: { data: { single: { mode: string } } }[] };
  assert.equal(descriptor.signatures[0]?.data.single.mode, "SIGN_MODE_LEGACY_AMINO_JSON");
  const join = (...files: readonly string[]): readonly string[] => [
    ...["tx", "multisign", file("joint.json"), "committee", ...files.map(file), ...keyring(), ...node()],
  ];
  const few = await hanzod(join("dev3.sig"));
  assert.match(few.stderr, /1 signatures of .*\n.*at least 2 of its 3 members must sign/);
  await hanzodOk([...join("dev3.sig", "dev1.sig"), "--output-document", file("joined.json")]);
  await hanzodOk(["tx", "validate-signatures", file("joined.json"), ...keyring(), ...node()]);
  await hanzodOk(["tx", "broadcast", file("joined.json"), ...node(), "--wait"]);
  assert.equal((await numbersOf(committee)).sequence, "1");
  const late = await hanzod(join("dev3.sig", "dev1.sig"));
  assert.match(late.stderr, /a member's signature is wrong/, "the sequence has moved on");
  const stranger = JSON.stringify({
    signatures: [
      { ...descriptor.signatures[0], public_key: JSON.parse(await hanzodOk(["keys", "show", "dev0", "--pubkey", ...keyring()])) },
    ],
  });
  await writeFile(file("stranger.sig"), stranger);
  assert.match((await hanzod(join("stranger.sig", "dev1.sig"))).stderr, /a signature is of no member/);
});

test("a batch is signed with consecutive sequences and every one of it is taken", async () => {
  const [from, to] = [await addressOf("dev2"), await addressOf("dev3")];
  const lines: string[] = [];
  for (const amount of [1, 2, 3]) {
    const text = await hanzodOk([
      ...["tx", "bank", "send", to, `${amount}aai`, "--from", from, ...keyring(), ...node()],
      ...["--gas", "200000", "--generate-only"],
    ]);
    lines.push(JSON.stringify(JSON.parse(text)));
  }
  await writeFile(file("batch.json"), `${lines.join("\n")}\n`);
  const signed = await hanzodOk(["tx", "sign-batch", file("batch.json"), "--from", "dev2", ...keyring(), ...(await offline(from))]);
  const before = await balanceOf(to);
  for (const line of signed.trim().split("\n")) await hanzodOk(["tx", "broadcast", "-", ...node(), "--wait"], { input: line });
  assert.equal(await balanceOf(to), before + 6n);
});

/** Unsigned transactions of that many base units each, one per line. */
async function batchOf(name: string, from: string, to: string, amounts: readonly number[]): Promise<string> {
  const lines: string[] = [];
  for (const amount of amounts)
    lines.push(
      JSON.stringify(
        JSON.parse(
          await hanzodOk([
            ...["tx", "bank", "send", to, `${amount}aai`, "--from", from, ...keyring(), "--offline", "--generate-only"],
            ...["--gas", "200000", "--fees", "5000000000000aai"],
          ]),
        ),
      ),
    );
  await writeFile(file(name), `${lines.join("\n\n")}\n`);
  return file(name);
}

test("members of a multisig key sign a batch, their signatures are put together by line, and every one of it is taken", async () => {
  await hanzodOk(["keys", "add", "board", "--multisig", "dev0,dev1,dev3", "--multisig-threshold", "2", ...keyring()]);
  const [board, to] = [await addressOf("board"), await addressOf("dev0")];
  await hanzodOk(["tx", "bank", "send", board, "1000000000000000000aai", "--from", "dev0", ...keyring(), ...node(), "--wait"]);
  const batch = await batchOf("board.json", board, to, [1, 2, 3]);
  const away = await offline(board);
  for (const member of ["dev1", "dev3"]) {
    const sign = ["tx", "sign-batch", batch, "--from", member, "--multisig", "board", ...keyring(), ...away];
    await hanzodOk([...sign, "--output-document", file(`${member}.sigs`)]);
  }
  const join = ["tx", "multisign-batch", batch, "board", file("dev3.sigs"), file("dev1.sigs"), ...keyring()];
  const joined = (await hanzodOk([...join, ...away])).trim().split("\n");
  assert.deepEqual(
    joined.map((line) => (JSON.parse(line) as { auth_info: { signer_infos: Numbers[] } }).auth_info.signer_infos[0]?.sequence),
    ["0", "1", "2"],
  );
  const alone = JSON.parse((await hanzodOk([...join, ...node(), "--signature-only"])).split("\n")[1] ?? "") as {
    signatures: { sequence: string; data: { multi: { signatures: unknown[] } } }[];
  };
  assert.deepEqual([alone.signatures[0]?.sequence, alone.signatures[0]?.data.multi.signatures.length], ["1", 2]);
  const still = await hanzod([...join, ...away, "--no-auto-increment"]);
  assert.match(still.stderr, /a member's signature is wrong[\s\S]*sequence 0/, "the members signed consecutive sequences");
  const before = await balanceOf(to);
  for (const line of joined) await hanzodOk(["tx", "broadcast", "-", ...node(), "--wait"], { input: line });
  assert.equal(await balanceOf(to), before + 6n);

  await writeFile(file("short.sigs"), (await readFile(file("dev1.sigs"), "utf8")).split("\n").slice(1).join("\n"));
  const short = await hanzod(["tx", "multisign-batch", batch, "board", file("dev3.sigs"), file("short.sigs"), ...keyring(), ...away]);
  assert.match(short.stderr, /short\.sigs has 2 signatures for 3 transactions/);
});

test("files of transactions are signed together, one by one or as one transaction", async () => {
  const [from, to] = [await addressOf("dev2"), await addressOf("dev3")];
  const files = [await batchOf("one.json", from, to, [1, 2]), await batchOf("two.json", from, to, [3])];
  const sign = ["tx", "sign-batch", ...files, "--from", "dev2", ...keyring(), ...node()];
  assert.equal((await hanzodOk(sign)).trim().split("\n").length, 3);
  await hanzodOk([...sign, "--append", "--output-document", file("appended.json")]);
  const { body, auth_info: info } = JSON.parse(await readFile(file("appended.json"), "utf8")) as {
    body: { messages: unknown[] };
    auth_info: { fee: unknown };
  };
  assert.equal(body.messages.length, 3);
  assert.deepEqual(info.fee, { amount: [{ denom: "aai", amount: "15000000000000" }], gas_limit: "600000", payer: "", granter: "" });
  const before = await balanceOf(to);
  await hanzodOk(["tx", "broadcast", file("appended.json"), ...node(), "--wait"]);
  assert.equal(await balanceOf(to), before + 6n);
  const signed = await hanzod(["tx", "sign-batch", file("appended.json"), "--append", "--from", "dev2", ...keyring(), ...node()]);
  assert.notEqual(signed.code, 0);
});

test("unordered transactions of one account are taken beside each other and leave its sequence alone", async () => {
  const [from, to] = [await addressOf("dev3"), await addressOf("dev0")];
  const { sequence } = await numbersOf(from);
  const send = ["tx", "bank", "send", to, "1aai", "--from", "dev3", ...keyring(), ...node(), "--unordered", "--wait"];
  for (const time of ["60s", "1m1s"]) await hanzodOk([...send, "--timeout-duration", time]);
  assert.equal((await numbersOf(from)).sequence, sequence);
  const alone = await hanzod(send);
  assert.match(alone.stderr, /--unordered and --timeout-duration belong together/);
  assert.match((await hanzod([...send, "--timeout-duration", "11m"])).stderr, /at most 10m is expected/);
});

test("a fee payer of the same keyring signs, too; one elsewhere signs a file in amino JSON, in any order", async () => {
  const [payer, from] = [await addressOf("dev1"), await addressOf("dev0")];
  const before = [await balanceOf(payer), await balanceOf(from)] as const;
  const make = [
    "tx",
    "bank",
    "send",
    payer,
    "0aai".replace("0", "1"),
    "--from",
    "dev0",
    "--fee-payer",
    "dev1",
    "--fees",
    "9000000000000aai",
  ];
  await hanzodOk([...make, ...keyring(), ...node(), "--wait"]);
  assert.deepEqual([await balanceOf(payer), await balanceOf(from)], [before[0] - 9_000_000_000_000n + 1n, before[1] - 1n]);
  await hanzodOk([...make, ...keyring(), ...node(), "--generate-only", "--output-document", file("paid.json")]);
  const direct = await hanzod(["tx", "sign", file("paid.json"), "--from", "dev1", ...keyring(), ...node()]);
  assert.match(direct.stderr, /2 accounts sign this transaction[\s\S]*--sign-mode amino-json/);
  const sign = ["--sign-mode", "amino-json", ...keyring(), ...node(), "--output-document"];
  await hanzodOk(["tx", "sign", file("paid.json"), "--from", "dev1", ...sign, file("half.json")]);
  const half = await hanzod(["tx", "validate-signatures", file("half.json"), ...keyring(), ...node()]);
  assert.equal(half.code, 1);
  await hanzodOk(["tx", "sign", file("half.json"), "--from", "dev0", ...sign, file("whole.json")]);
  await hanzodOk(["tx", "validate-signatures", file("whole.json"), ...keyring(), ...node()]);
  await hanzodOk(["tx", "broadcast", file("whole.json"), ...node(), "--wait"]);
});

test("the SDK's spellings of scripts mean the same: --output json, --broadcast-mode sync, --yes", async () => {
  const send = ["tx", "bank", "send", await addressOf("dev1"), "1aai", "--from", "dev0", ...keyring(), ...node(), "-y", "-b", "sync"];
  for (const format of [["--output", "json"], ["-o", "json"], ["--output=json"]]) {
    const { code } = JSON.parse(await hanzodOk([...send, ...format, "--wait"])) as { code: number };
    assert.equal(code, 0);
  }
  assert.match(await hanzodOk([...send, "--output", "text", "--wait"]), /^tx +[0-9A-F]{64}$/m);
  const block = await hanzod([...send.slice(0, -1), "block", "--output", "json"]);
  assert.match((JSON.parse(block.stderr) as { error: string }).error, /Allowed choices are sync/);
});

test("what cannot be done is refused with what is missing", async () => {
  const to = await addressOf("dev1");
  const send = ["tx", "bank", "send", to, "1aai", "--from", "dev0", ...keyring()];
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[...send, "--offline"], /gas cannot be simulated offline/],
    [[...send, "--offline", "--gas", "1000"], /--offline needs --chain-id, --account-number, --sequence/],
    [[...send, ...node(), "--output-document", file("x")], /--output-document has nothing to write/],
    [[...send, ...node(), "--note", "a", "--memo", "b"], /--note and --memo say different things/],
    [[...send, ...node(), "--sign-mode", "textual"], /direct or amino-json is expected/],
    [["tx", "sign", file("joint.json"), "--from", "dev0", ...keyring(), ...node()], /does not sign this transaction/],
    [["tx", "broadcast", file("unsigned.json"), ...node()], /is not signed/],
    [["tx", "decode", "%%"], /base64 is expected/],
    [["tx", "decode", "AAAA"], /these bytes are no transaction/],
    [["tx", "encode", "/nonexistent.json"], /cannot read \/nonexistent\.json/],
  ];
  for (const [words, expected] of cases) {
    const refused = await hanzod(words);
    assert.notEqual(refused.code, 0, words.join(" "));
    assert.match(refused.stderr, expected);
  }
  const odd = await hanzod(["tx", "encode", "-"], { input: '{"body":{"colour":"red"}}' });
  assert.match(odd.stderr, /holds no transaction[\s\S]*colour/);
});
