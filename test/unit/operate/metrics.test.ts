import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  RequestCheckTx,
  RequestFinalizeBlock,
  RequestPrepareProposal,
  RequestQuery,
  ResponseFinalizeBlock,
  ResponseQuery,
} from "#proto/tendermint/abci/types";
import type { Application } from "../../../app/runtime/application.ts";
import { haltingApp } from "../../../cmd/hanzod/app/haltingApp.ts";
import { createNodeMetrics } from "../../../cmd/hanzod/metrics/nodeMetrics.ts";
import { type BlockReport, observeApplication } from "../../../cmd/hanzod/metrics/observeApplication.ts";
import { observeQuery } from "../../../cmd/hanzod/metrics/observeQuery.ts";
import { queryClass } from "../../../cmd/hanzod/metrics/queryClass.ts";
import { storeMoments } from "../../../cmd/hanzod/metrics/storeMoments.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const results = [
  { code: 0, gasUsed: 10n, gasWanted: 20n },
  { code: 5, codespace: "sdk", gasUsed: 3n, gasWanted: 20n },
  { code: 5, codespace: "sdk", gasUsed: 2n, gasWanted: -1n },
];

describe("metrics of the application", () => {
  it("count blocks, transactions, gas, checks and queries, and change no answer", async () => {
    const metrics = createNodeMetrics();
    const reports: BlockReport[] = [];
    const inner = fakeApplication({
      finalizeBlock: () => ResponseFinalizeBlock.fromPartial({ txResults: results }),
      query: async ({ path }) => ResponseQuery.fromPartial({ code: path === "/bad" ? 6 : 0, height: 1n }),
    });
    const app = observeApplication(inner, metrics, (block) => void reports.push(block));
    const request = RequestFinalizeBlock.fromPartial({ height: 8n, time: { seconds: 1_700_000_000n, nanos: 500_000_000 } });
    app.prepareProposal(RequestPrepareProposal.fromPartial({}));
    assert.deepEqual(await app.finalizeBlock(request), await inner.finalizeBlock(request));
    assert.deepEqual(await app.commit(), await inner.commit());
    assert.equal(app.checkTx(RequestCheckTx.fromPartial({ tx: Uint8Array.of(4) })).code, 4);
    assert.equal((await app.query(RequestQuery.fromPartial({ path: "/cosmos.bank.v1beta1.Query/Balance" }))).code, 0);
    await app.query(RequestQuery.fromPartial({ path: "/bad" }));
    const text = await metrics.registry.metrics();
    for (const line of [
      "hanzo_block_height 8",
      "hanzo_block_time_seconds 1700000000.5",
      'hanzo_txs_total{codespace="",code="0"} 1',
      'hanzo_txs_total{codespace="sdk",code="5"} 2',
      "hanzo_gas_used_total 15",
      "hanzo_gas_wanted_total 40",
      'hanzo_check_txs_total{kind="new",codespace="",code="4"} 1',
      'hanzo_check_tx_seconds_count{kind="new"} 1',
      'hanzo_queries_total{class="bank",code="0"} 1',
      'hanzo_queries_total{class="unknown",code="6"} 1',
      'hanzo_block_phase_seconds_count{phase="prepare"} 1',
      'hanzo_block_phase_seconds_count{phase="finalize"} 1',
      'hanzo_block_phase_seconds_count{phase="commit"} 1',
      "hanzo_block_txs_sum 3",
    ])
      assert.ok(text.includes(`${line}\n`), `${line} in\n${text}`);
    assert.deepEqual(
      reports.map(({ height, txs, failed, gasUsed }) => ({ height, txs, failed, gasUsed })),
      [{ height: 8n, txs: 3, failed: 2, gasUsed: 15n }],
    );
  });

  it("do not count a block again that is answered from the log", async () => {
    const metrics = createNodeMetrics();
    const app = observeApplication(
      fakeApplication({ finalizeBlock: async () => ResponseFinalizeBlock.fromPartial({ txResults: results }) }),
      metrics,
      () => assert.fail(),
    );
    await app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: 7n }));
    await app.commit();
    assert.ok(!(await metrics.registry.metrics()).includes("hanzo_txs_total{"));
  });

  it("count a block that is executed with pauses", async () => {
    const metrics = createNodeMetrics();
    const reports: BlockReport[] = [];
    const inner = fakeApplication({ finalizeBlock: async () => ResponseFinalizeBlock.fromPartial({ txResults: results }) });
    const app = observeApplication(inner, metrics, (block) => void reports.push(block));
    await app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: 8n }));
    await app.commit();
    assert.deepEqual(
      reports.map(({ height, txs, failed }) => ({ height, txs, failed })),
      [{ height: 8n, txs: 3, failed: 2 }],
    );
  });

  it("count a query that a thread answers by its module and code, with its time", async () => {
    const metrics = createNodeMetrics();
    const ask = (code: number) =>
      observeQuery(metrics, "/cosmos.bank.v1beta1.Query/Balance", async () => ({ answer: { code }, shown: code }));
    assert.deepEqual(
      [await ask(0), await ask(0), await ask(6)].map(({ shown }) => shown),
      [0, 0, 6],
    );
    await assert.rejects(
      observeQuery(metrics, "/app/version", () => Promise.reject(new Error("gone"))),
      /gone/,
    );
    const text = await metrics.registry.metrics();
    for (const line of [
      'hanzo_queries_total{class="bank",code="0"} 2',
      'hanzo_queries_total{class="bank",code="6"} 1',
      'hanzo_query_seconds_count{class="bank"} 3',
    ])
      assert.ok(text.includes(`${line}\n`), `${line} in\n${text}`);
  });

  it("leave the announcement of transactions where the application has one, halting or not", async () => {
    const told: (readonly Uint8Array[])[] = [];
    const around = (app: Application): readonly Application[] => {
      const observed = observeApplication(app, createNodeMetrics(), () => undefined);
      return [observed, haltingApp(observed, { height: 9, timeSeconds: 0 }, () => undefined)];
    };
    const announcing = fakeApplication({
      async expectTxs(txs) {
        told.push(txs);
      },
    });
    for (const app of around(announcing)) await app.expectTxs?.([Uint8Array.of(1)]);
    assert.deepEqual(told, [[Uint8Array.of(1)], [Uint8Array.of(1)]]);
    for (const app of around(fakeApplication())) assert.equal(app.expectTxs, undefined);
  });

  for (const [path, expected] of [
    ["/cosmos.bank.v1beta1.Query/Balance", "bank"],
    ["/hanzo.hmm.v1.Query/Pools", "hmm"],
    ["/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo", "base.tendermint"],
    ["/store/bank/key", "store"],
    ["/app/version", "app"],
    ["/p2p/filter/id/x", "p2p"],
    ["/cosmos.bank.v1beta1.Queer/Balance", "unknown"],
    ["", "unknown"],
    ["no path", "unknown"],
  ] as const)
    it(`call ${JSON.stringify(path)} ${expected}`, () => assert.equal(queryClass(path), expected));

  it("take the time between the moments of the store", async () => {
    const metrics = createNodeMetrics();
    const moment = storeMoments(metrics);
    for (const name of ["beforeApply", "afterApply", "beforeBatch", "afterBatch", "afterCommit", "beforeFlat"] as const) moment(name);
    const text = await metrics.registry.metrics();
    assert.ok(text.includes("hanzo_store_apply_seconds_count 1\n") && text.includes("hanzo_store_commit_seconds_count 1\n"));
  });

  it("have help, and the unit at the end of the name", async () => {
    const units = /_(seconds|bytes|blocks|total|height|info|up|peers|txs|keys|nodes|kept|power|validators|bonded|jailed|tombstoned)$/;
    for (const { name, help } of await createNodeMetrics().registry.getMetricsAsJSON())
      if (name.startsWith("hanzo_")) assert.ok(help.length > 10 && units.test(name), name);
  });

  it("are one node's: two nodes in a process count apart", async () => {
    const [first, second] = [createNodeMetrics(), createNodeMetrics()];
    first.height.set(3);
    assert.ok((await second.registry.metrics()).includes("hanzo_block_height 0\n"));
  });
});
