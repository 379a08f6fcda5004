import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, beforeEach, describe, it } from "node:test";
import { createCometRpc } from "../../../app/api/cometRpc.ts";
import type { CometPort } from "../../../app/runtime/query/cometPort.ts";
import { QueryError } from "../../../app/sdk/index.ts";

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
