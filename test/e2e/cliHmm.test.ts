// `hanzod hmm …` on a development chain: what people type, from prices to a bundle bought and a sealed order cleared.
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { QueryRoundRequest, QueryRoundResponse } from "#proto/hanzo/hmm/v1/query";
import { CHAIN, LOCAL_CHAIN_ID } from "../../app/hanzo.ts";
import { LOCAL_MNEMONIC } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { message } from "../harness/signTx.ts";
import { hanzod, hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { abciQuery, appHead, broadcast, waitForTx } from "./harness/rpc.ts";
import { devAccounts, signAs } from "./harness/wallet.ts";

const AI = 10n ** 18n;
let folder = "";
let dev: RunningCommand;
let rpc = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-hmm-"));
  // A block for every transaction and no other: rounds of sealed orders are counted in blocks, and commands take their time.
  dev = startHanzod(["dev", "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0", "--quiet"]);
  rpc = (await dev.waitFor(/^RPC\s+(\S+)/m))[1] ?? "";
  await hanzodOk(["keys", "import", "dev0", "--home", folder, "--keyring-backend", "test"], { input: LOCAL_MNEMONIC });
  await hanzodOk(["tx", "hmm", "mint-credit", (5000n * AI).toString(), ...key(), "--wait"]);
});
after(async () => {
  await dev?.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Makes a block with a transfer of an account that nobody else uses. */
async function makeBlock(): Promise<void> {
  const account = (await devAccounts())[5] ?? assert.fail("an account");
  const amount = [{ denom: CHAIN.baseDenom, amount: "1" }];
  const transfer = message(MsgSend, { fromAddress: account.address, toAddress: account.address, amount });
  const { code, hash, log } = await broadcast(rpc, await signAs({ rpc, chainId: LOCAL_CHAIN_ID }, account, [transfer]));
  assert.equal(code, 0, log);
  await waitForTx(rpc, hash);
}

/** Makes blocks until the last one and the next one take reveals, or commits. */
async function enterPhase(revealing: boolean): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    const answer = await abciQuery(rpc, "/hanzo.hmm.v1.Query/Round", QueryRoundRequest.encode({}).finish());
    return QueryRoundResponse.decode(answer).revealing === revealing;
  };
  while (!(await isThere())) await makeBlock();
  // A simulation runs on the last block.
  await makeBlock();
}

const key = (): readonly string[] => ["--from", "dev0", "--home", folder, "--keyring-backend", "test", "--node", rpc];
const hmm = (...words: readonly string[]): Promise<string> => hanzodOk(["hmm", ...words, "--node", rpc]);
const hmmJson = async <T>(...words: readonly string[]): Promise<T> => JSON.parse(await hmm(...words, "--json")) as T;

test("pools show prices per hour and per GiB, for people and for machines", async () => {
  const table = await hmm("pools");
  assert.match(table, /^gpu +gpu +GPU-hour +1\.8 /m);
  assert.match(table, /^net +net +GiB +0\.01 /m);
  const pools = await hmmJson<readonly { id: string; unit: string; price: string; maxImmediate: string }[]>("pools");
  const gpu = pools.find(({ id }) => id === "gpu");
  assert.deepEqual([gpu?.unit, gpu?.price], ["GPU-hour", "1.8"]);
  assert.match(await hmm("pool", "gpu"), /^workers {4}\w+, tier \d+, latency/m);
});

test("a quote's next command does what was quoted", async () => {
  const text = await hmm("quote", "gpu", "1AI");
  assert.match(text, /^executes {2}at once/m);
  const quote = await hmmJson<{ next: string; resource: string }>("quote", "gpu", "1AI");
  const words = quote.next.replace("--from KEY", "--from dev0").split(" ").slice(1);
  const bought = await hanzodOk([...words, "--home", folder, "--keyring-backend", "test"]);
  assert.match(bought, /^code {6}0$/m);
  for (const amounts of [["1h"], ["--buy", "1h"], ["--sell", "10m"], ["--sell", "0.1AI"]])
    assert.match(await hmm("quote", "gpu", ...amounts), /^you get/m);
  assert.match(await hmm("quote", "gpu", "100h"), /next: hanzod hmm seal gpu --buy 100GPU-h --limit /);
});

test("a bundle is routed within a latency limit, kept, and bought for what was quoted", async () => {
  const path = join(folder, "route.json");
  const wish = ["--gpu", "1h", "--vram", "40GiB-h", "--net", "10GiB", "--mean-latency", "50ms"];
  const text = await hmm("route", ...wish, "--save", path);
  assert.match(text, /^limit {5}mean latency: limit 50 ms, reached .*; 1 ms more mean latency would save 0\.\d+ AI$/m);
  assert.match(text, /^proof {5}no route costs less by more than 1 ppm/m);
  const bought = JSON.parse(await hanzodOk(["hmm", "buy-route", path, ...key(), "--json"])) as Record<string, string>;
  assert.ok(BigInt(bought["cost"] ?? 0) <= BigInt(bought["maxCost"] ?? 0));
  assert.ok(BigInt(bought["cost"] ?? 0) * 1000n <= BigInt(bought["quoted"] ?? 0) * 1001n);
});

test("a bundle that cannot be met is refused with the limit in the way and by how much", async () => {
  const refused = await hanzod(["hmm", "route", "--gpu", "1h", "--mean-latency", "1ms", "--node", rpc, "--json"]);
  assert.equal(refused.code, 1);
  const error = JSON.parse(refused.stderr) as { codespace: string; code: number; why: string };
  assert.deepEqual([error.codespace, error.code], ["hmm", 27]);
  assert.match(error.why, /^mean_latency: .*25.*1/);
  const wrong = await hanzod(["hmm", "route", "--vram", "1h", "--node", rpc]);
  assert.match(wrong.stderr, /^error: vram: expected GiB-hours such as 40GiB-h, got 1h\n/);
});

test("a large order is sealed, kept where only its owner reads it, revealed, and clears", async () => {
  await enterPhase(true);
  const sealing = hanzodOk(["hmm", "seal", "gpu", "--buy", "50h", "--limit", "2.1AI/h", ...key(), "--patient", "--json"]);
  await enterPhase(false);
  const sealed = JSON.parse(await sealing) as { file: string; revealTo: string; salt?: string };
  assert.equal(sealed.salt, undefined, "the salt is in the file alone");
  assert.equal((await stat(sealed.file)).mode & 0o777, 0o600);
  assert.equal((await readdir(join(folder, "sealed"))).length, 1);
  const revealing = hanzodOk(["hmm", "reveal", sealed.file, ...key(), "--patient"]);
  await enterPhase(true);
  const revealed = await revealing;
  assert.match(revealed, new RegExp(`^clears {4}at height ${sealed.revealTo}`, "m"));
  while ((await appHead(rpc)).height < Number(sealed.revealTo)) await makeBlock();
  assert.equal((await hmmJson<{ batch: { height: string } | null }>("pool", "gpu")).batch?.height, sealed.revealTo);
  const late = await hanzod(["hmm", "reveal", sealed.file, ...key()]);
  assert.match(late.stderr, /cannot be revealed any more/);
});

test("waiting orders are listed, and every identity holds after all of it", async () => {
  const place = ["tx", "hmm", "place-order", "gpu", (3600n * 10n ** 9n).toString(), (AI * 400_000n).toString(), "0", "--side", "SIDE_BUY"];
  await hanzodOk([...place, ...key(), "--wait"]);
  assert.match(await hmm("orders"), /^\d+ +gpu +buy +trader +1 GPU-h +1\.44 AI\/GPU-h /m);
  assert.match(await hmm("invariants"), /^\d+ hold, 0 do not$/m);
});
