import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LightProvider } from "../../../app/client/light/lightBlock.ts";
import { LightError, type LightErrorName } from "../../../app/client/light/lightError.ts";
import { createRpcProvider } from "../../../app/client/light/rpcProvider.ts";

const HASH = "AB".repeat(32);
const BLOCK_ID = { hash: HASH, parts: { total: 1, hash: HASH } };
const HEADER = {
  version: { block: "11" },
  chain_id: "c-1",
  height: "5",
  time: "2026-01-02T03:04:05.006Z",
  last_block_id: BLOCK_ID,
  last_commit_hash: HASH,
  data_hash: HASH,
  validators_hash: HASH,
  next_validators_hash: HASH,
  consensus_hash: HASH,
  app_hash: HASH,
  last_results_hash: HASH,
  evidence_hash: "",
  proposer_address: "01".repeat(20),
};
const VOTE = { block_id_flag: 2, validator_address: "01".repeat(20), timestamp: "2026-01-02T03:04:06Z", signature: "AQID" };
const ABSENT = { block_id_flag: 1, validator_address: "", timestamp: "0001-01-01T00:00:00Z", signature: null };
const COMMIT = { height: "5", round: 0, block_id: BLOCK_ID, signatures: [VOTE, ABSENT] };
const VALIDATOR = {
  address: "01".repeat(20),
  pub_key: { type: "tendermint/PubKeyEd25519", value: "AQID" },
  voting_power: "7",
  proposer_priority: "-3",
};

type Answers = Readonly<Record<string, unknown>>;
const good: Answers = {
  status: { sync_info: { latest_block_height: "9" } },
  commit: { signed_header: { header: HEADER, commit: COMMIT }, canonical: true },
  validators: { block_height: "5", validators: [VALIDATOR], count: "1", total: "1" },
  abci_query: {
    response: { code: 0, height: "5", key: "AQ==", value: "Ag==", proofOps: { ops: [{ type: "ics23:iavl", key: "AQ==", data: "Aw==" }] } },
  },
};

/** A provider whose node answers each method with a fixed result, or with an answer of its own making. */
function providerOf(answers: Answers, raw?: string): LightProvider {
  return createRpcProvider("http://node", {
    fetch: (_url, init) => {
      const { method } = JSON.parse(String(init?.body)) as { method: string };
      return Promise.resolve(new Response(raw ?? JSON.stringify({ jsonrpc: "2.0", id: 1, result: answers[method] })));
    },
  });
}

const refuses = (kind: LightErrorName, naming: RegExp, call: Promise<unknown>): Promise<void> =>
  assert.rejects(call, (error) => error instanceof LightError && error.kind === kind && naming.test(error.detail));

describe("a light client's provider on CometBFT's RPC", () => {
  it("reads a block as CometBFT writes it", async () => {
    const { header, commit, validators } = await providerOf(good).lightBlock(5n);
    assert.deepEqual(header.version, { block: 11n, app: 0n });
    assert.deepEqual(header.time, { seconds: 1_767_323_045n, nanos: 6_000_000 });
    assert.equal(header.evidenceHash.length, 0);
    assert.deepEqual(
      commit.signatures.map(({ signature }) => signature.length),
      [3, 0],
    );
    assert.deepEqual(validators[0]?.votingPower, 7n);
    assert.equal(await providerOf(good).latestHeight(), 9n);
  });

  it("reads an answer of the state", async () => {
    const { height, key, value, ops } = await providerOf(good).stateAnswer("bank", Uint8Array.of(1), 5n);
    assert.deepEqual(
      [height, key, value, ops],
      [5n, Uint8Array.of(1), Uint8Array.of(2), [{ type: "ics23:iavl", key: Uint8Array.of(1), data: Uint8Array.of(3) }]],
    );
  });

  it("asks for every page of a large set", async () => {
    const pages: string[] = [];
    const provider = createRpcProvider("http://node", {
      fetch: (_url, init) => {
        const { method, params } = JSON.parse(String(init?.body)) as { method: string; params: { page?: string } };
        const page = Number(params.page ?? 0);
        if (method === "validators") pages.push(params.page ?? "");
        const validators = Array.from({ length: page < 3 ? 100 : 50 }, () => VALIDATOR);
        const result = method === "validators" ? { validators, total: "250" } : good[method];
        return Promise.resolve(new Response(JSON.stringify({ result })));
      },
    });
    assert.equal((await provider.lightBlock(5n)).validators.length, 250);
    assert.deepEqual(pages, ["1", "2", "3"]);
  });

  const commitWith = (header: object, commit: object = {}): Answers => ({
    ...good,
    commit: { signed_header: { header: { ...HEADER, ...header }, commit: { ...COMMIT, ...commit } } },
  });
  const MALFORMED: readonly [name: string, naming: RegExp, answers: Answers][] = [
    ["no result", /commit\.result expected/, { ...good, commit: undefined }],
    ["no header", /signed_header\.header expected/, { ...good, commit: { signed_header: { commit: COMMIT } } }],
    ["a height that is a number", /header\.height: a decimal number/, commitWith({ height: 5 })],
    ["a height beyond 64 bits", /header\.height/, commitWith({ height: "9223372036854775808" })],
    ["a hash that is no hexadecimal", /app_hash/, commitWith({ app_hash: "xy" })],
    ["a time that does not exist", /header\.time/, commitWith({ time: "2026-02-30T00:00:00Z" })],
    ["a chain id that is a list", /chain_id/, commitWith({ chain_id: [] })],
    ["a round with a fraction", /commit\.round/, commitWith({}, { round: 0.5 })],
    ["votes that are no list", /commit\.signatures: a list/, commitWith({}, { signatures: {} })],
    ["a signature that is no base64", /signatures\[0\]\.signature/, commitWith({}, { signatures: [{ ...VOTE, signature: "A" }] })],
    ["more validators than any chain", /validators/, { ...good, validators: { validators: [VALIDATOR], total: "10001" } }],
  ];
  for (const [name, naming, answers] of MALFORMED)
    it(`refuses ${name}, by name`, () => refuses("malformed", naming, providerOf(answers).lightBlock(5n)));

  it("refuses what is no JSON", () => refuses("malformed", /JSON expected/, providerOf(good, "<html>").lightBlock(5n)));
  it("refuses keys that CometBFT does not sign with here", () =>
    refuses(
      "badValidators",
      /ed25519/,
      providerOf({ ...good, validators: { validators: [{ ...VALIDATOR, pub_key: { type: "other", value: "" } }], total: "1" } }).lightBlock(
        5n,
      ),
    ));
  it("tells a height to come from a node that fails", async () => {
    const error = (data: string): string => JSON.stringify({ error: { code: -32603, message: "Internal error", data } });
    await refuses(
      "notCommitted",
      /height/,
      providerOf(good, error("height 9 must be less than or equal to the current blockchain height 5")).lightBlock(9n),
    );
    await refuses("unavailable", /pruned/, providerOf(good, error("height 1 is pruned")).lightBlock(1n));
    const down = createRpcProvider("http://node", { fetch: () => Promise.reject(new Error("connection refused")) });
    await refuses("unavailable", /connection refused/, down.latestHeight());
  });
  it("tells the node's reason for refusing a query", () =>
    refuses(
      "refused",
      /sdk\/26 no such height/,
      providerOf({ abci_query: { response: { code: 26, codespace: "sdk", log: "no such height" } } }).stateAnswer(
        "bank",
        Uint8Array.of(1),
        5n,
      ),
    ));
});
