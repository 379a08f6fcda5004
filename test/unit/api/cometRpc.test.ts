import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { after, before, beforeEach, describe, it } from "node:test";
import { createCometRpc } from "../../../app/api/cometRpc.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import type { CometPort } from "../../../app/runtime/query/cometPort.ts";
import { QueryError } from "../../../app/sdk/index.ts";
import { EvidenceList } from "../../../proto/gen/tendermint/types/evidence.ts";

interface EvidenceVectors {
  readonly json: {
    readonly evidence: readonly [
      { readonly value: { readonly vote_a: { readonly block_id: object } } },
      unknown,
      { readonly value: { readonly ConflictingBlock: { readonly signed_header: { readonly header: object } } } },
    ];
  };
  readonly proto: string;
}
const vectors = JSON.parse(readFileSync(new URL("../../../../test/unit/api/evidence.json", import.meta.url), "utf8")) as EvidenceVectors;

/** Answers by method, as CometBFT v0.38 writes them; a text is the `data` of an error. */
let answers: Record<string, (params: Readonly<Record<string, unknown>>) => object | string>;
let asked: (readonly [method: string, params: unknown])[];
let server: Server;
let comet: CometPort;

before(async () => {
  server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const { method, params } = JSON.parse(Buffer.concat(parts).toString()) as {
        readonly method: string;
        readonly params: Record<string, unknown>;
      };
      asked.push([method, params]);
      const result = answers[method]?.(params) ?? "no such method";
      outgoing.end(
        JSON.stringify(typeof result === "string" ? { error: { code: -32603, message: "Internal error", data: result } } : { result }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  comet = createCometRpc(`http://127.0.0.1:${address.port}`);
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answers = {};
  asked = [];
});

const isStatus = (status: number) => (error: unknown) => error instanceof QueryError && error.status === status;

describe("transactions handed to the mempool", () => {
  const tx = Uint8Array.of(1, 2);
  const outcomes: readonly (readonly [answer: object | string, code: number | undefined, codespace?: string])[] = [
    [{ code: 0, codespace: "", log: "", data: "", hash: "AB" }, undefined],
    [{ code: 32, codespace: "sdk", log: "account sequence mismatch", data: "", hash: "AB" }, 32, "sdk"],
    ["tx already exists in cache", 19, "sdk"],
    ["mempool is full: number of txs 5000 (max: 5000), total txs bytes 1 (max: 2)", 20, "sdk"],
    ["Tx too large. Max size is 1048576, but got 1100000", 21, "sdk"],
  ];
  for (const [answer, code, codespace] of outcomes) {
    it(`${JSON.stringify(answer).slice(0, 60)} is ${code ?? "accepted"}`, async () => {
      answers["broadcast_tx_sync"] = () => answer;
      const outcome = await comet.broadcastTx(tx);
      assert.deepEqual([outcome?.code, outcome?.codespace], [code, codespace]);
      assert.deepEqual(asked, [["broadcast_tx_sync", { tx: "AQI=" }]]);
    });
  }

  it("an answer that nobody foresaw is not taken for acceptance", async () => {
    answers["broadcast_tx_sync"] = () => "something else";
    await assert.rejects(comet.broadcastTx(tx), /something else/);
  });
});

describe("heights that the engine does not have are missing, not failures", () => {
  for (const text of [
    "height 999999 must be less than or equal to the current blockchain height 7",
    "height must be greater than 0, but got 0",
    "height 2 is not available, lowest height is 5",
  ]) {
    it(text, async () => {
      answers["block"] = () => text;
      answers["validators"] = () => text;
      assert.equal(await comet.findBlock(1n), undefined);
      assert.equal(await comet.validators(1n), undefined);
    });
  }
});

describe("evidence in a block", () => {
  /** A block without transactions, as CometBFT v0.38 writes one. */
  const blockWith = (evidence: unknown): object => ({
    block_id: vectors.json.evidence[0].value.vote_a.block_id,
    block: {
      header: vectors.json.evidence[2].value.ConflictingBlock.signed_header.header,
      data: { txs: [] },
      evidence: { evidence },
      last_commit: { height: "0", round: 0, block_id: { hash: "", parts: { total: 0, hash: "" } }, signatures: null },
    },
  });
  const evidenceOf = async (evidence: unknown): Promise<EvidenceList | undefined> => {
    answers["block"] = () => blockWith(evidence);
    return (await comet.findBlock(140n))?.block.evidence;
  };

  it("is what CometBFT's own code makes of it: duplicate votes, one for nothing, and an attack on light clients", async () => {
    const list = await evidenceOf(vectors.json.evidence);
    assert.ok(list);
    assert.equal(list.evidence.length, 3);
    const bytes = EvidenceList.encode(list).finish();
    assert.equal(Buffer.from(bytes).toString("base64"), vectors.proto);
    // REST names the kind that it is, and no other.
    const { evidence } = toProtoJson(descriptors(), EvidenceList.$type, bytes) as { readonly evidence: readonly object[] };
    assert.deepEqual(evidence.map(Object.keys), [
      ["duplicate_vote_evidence"],
      ["duplicate_vote_evidence"],
      ["light_client_attack_evidence"],
    ]);
  });

  it("is the recorded double sign of the recorded chain", async () => {
    const timestamp = "2026-11-23T07:20:06.381572885Z";
    const vote = (hash: string, parts: string, signature: string) => ({
      type: 2,
      height: "129",
      round: 0,
      block_id: { hash, parts: { total: 1, hash: parts } },
      timestamp,
      validator_address: "BF8F3DE2BB974C2E93C28BACD27F4D219DF0E017",
      validator_index: 1,
      signature,
      extension: null,
      extension_signature: null,
    });
    const value = {
      vote_a: vote(
        "6628DF31BD3868CD08A17E9E8930D0397944C12ABC3968AE2B7F7E2A2F88C6FD",
        "09842D582CFE51865800BA3B2A5326C375D1EC31CDF59AAE7CAB2CFCDE1DFDE1",
        "/O0R2WNQOli7+fT/G6NIjw2RyBtAGxGHy1sTwPoFqLTPeEjktFOpNEc4rZAUVRXv2kA1t/ZjuaZlTmCg2TyhAg==",
      ),
      vote_b: vote(
        "FB7DF45C3057643F03861C0041584FD98F5B4B6A1C7095D96D641D1C47B2A398",
        "7DD5CC19B80AAAF27C3D690407590031CEE7BC1CD5E3FB8D7DA85AD9E999ED37",
        "VMV4701Vu9qLj9hkrUWORiqiMoZXOHbPBaqsorAbEUxvEt9Hz4CGYGtXhGdpJppdSjDWrIKPD6qAYXE7vr9iCg==",
      ),
      TotalVotingPower: "14125",
      ValidatorPower: "3468",
      Timestamp: timestamp,
    };
    const list = await evidenceOf([{ type: "tendermint/DuplicateVoteEvidence", value }]);
    const found = list?.evidence[0]?.duplicateVoteEvidence;
    assert.deepEqual([found?.totalVotingPower, found?.validatorPower, found?.timestamp?.nanos], [14125n, 3468n, 381_572_885]);
    for (const [mine, theirs] of [
      [found?.voteA, value.vote_a],
      [found?.voteB, value.vote_b],
    ] as const) {
      assert.deepEqual([mine?.type, mine?.height, mine?.round, mine?.validatorIndex], [2, 129n, 0, 1]);
      assert.equal(
        Buffer.from(mine?.blockId?.hash ?? [])
          .toString("hex")
          .toUpperCase(),
        theirs.block_id.hash,
      );
      assert.equal(Buffer.from(mine?.signature ?? []).toString("base64"), theirs.signature);
      assert.equal(mine?.extension.length, 0);
    }
  });

  it("may be none", async () => {
    for (const none of [[], null]) assert.deepEqual(await evidenceOf(none), { evidence: [] });
  });

  it("of a kind that nobody knows is not left out", async () => {
    await assert.rejects(evidenceOf([{ type: "tendermint/Other", value: {} }]), /got \{"type":"tendermint\/Other"/);
  });
});

describe("validators", () => {
  it("are read page by page until all are there", async () => {
    const validator = (n: number) => ({
      address: n.toString(16).padStart(40, "0").toUpperCase(),
      pub_key: { type: n === 0 ? "tendermint/PubKeySecp256k1" : "tendermint/PubKeyEd25519", value: "AAAA" },
      voting_power: "10",
      proposer_priority: "-3",
    });
    answers["validators"] = ({ page }) => {
      const from = (Number(page) - 1) * 100;
      return {
        block_height: "8",
        validators: Array.from({ length: Math.min(100, 150 - from) }, (_, i) => validator(from + i)),
        count: "100",
        total: "150",
      };
    };
    const found = await comet.validators(8n);
    assert.equal(found?.validators.length, 150);
    assert.deepEqual(
      [found?.height, found?.validators[0]?.keyType, found?.validators[149]?.keyType, found?.validators[149]?.proposerPriority],
      [8n, "secp256k1", "ed25519", -3n],
    );
    assert.deepEqual(
      asked.map(([, params]) => params),
      [1, 2].map((page) => ({ height: "8", page: String(page), per_page: "100" })),
    );
  });
});

describe("searches in the engine's index", () => {
  const search = { query: "app.key='a'", page: 2, limit: 3, newestFirst: true };
  it("come back with places and outcomes", async () => {
    const tx_result = {
      code: 5,
      data: null,
      log: "l",
      info: "",
      gas_wanted: "7",
      gas_used: "6",
      codespace: "sdk",
      events: [
        {
          type: "app",
          attributes: [
            { key: "key", value: "a", index: true },
            { key: "k", value: "" },
          ],
        },
      ],
    };
    answers["tx_search"] = () => ({ txs: [{ hash: "AB", height: "6", index: 1, tx_result, tx: "YT1i" }], total_count: "4" });
    const found = await comet.searchTxs?.(search);
    assert.equal(found?.total, 4n);
    const events = [
      {
        type: "app",
        attributes: [
          { key: "key", value: "a", index: true },
          { key: "k", value: "", index: false },
        ],
      },
    ];
    assert.deepEqual(found?.txs[0]?.result, {
      code: 5,
      data: new Uint8Array(0),
      log: "l",
      info: "",
      gasWanted: 7n,
      gasUsed: 6n,
      codespace: "sdk",
      events,
    });
    assert.deepEqual([found?.txs[0]?.height, found?.txs[0]?.index, Buffer.from(found?.txs[0]?.tx ?? []).toString()], [6n, 1, "a=b"]);
    assert.deepEqual(asked, [["tx_search", { query: "app.key='a'", prove: false, page: "2", per_page: "3", order_by: "desc" }]]);
  });

  it("that it does not understand are the caller's mistake; an engine without index says so", async () => {
    answers["tx_search"] = () => "page should be within [1, 1] range, given 9";
    await assert.rejects(async () => comet.searchTxs?.(search), isStatus(3));
    answers["tx_search"] = () => "transaction indexing is disabled";
    await assert.rejects(async () => comet.searchTxs?.(search), isStatus(12));
  });
});

it("an engine that does not answer is Unavailable", async () => {
  await assert.rejects(createCometRpc("http://127.0.0.1:1").nodeInfo(), isStatus(14));
});
