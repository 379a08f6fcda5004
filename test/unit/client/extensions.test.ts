import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QueryClient } from "@cosmjs/stargate";
import { ConfigResponse } from "#proto/cosmos/base/node/v1beta1/query";
import { QueryDefinition, QueryPoolResponse } from "#proto/hanzo/hmm/v1/query";
import { RouteServiceDefinition } from "#proto/hanzo/hmm/v1/route";
import { setupEvidenceExtension, setupHmmExtension, setupNodeExtension, setupSlashingExtension } from "../../../app/client/extensions.ts";

/** A query client that answers everything alike and keeps what it was asked. */
function answering(value: Uint8Array): { readonly base: QueryClient; readonly asked: [path: string, data: Uint8Array][] } {
  const asked: [string, Uint8Array][] = [];
  const queryAbci = (path: string, data: Uint8Array) => {
    asked.push([path, data]);
    return Promise.resolve({ value, height: 1 });
  };
  return { base: { queryAbci } as unknown as QueryClient, asked };
}

const KEY = Uint8Array.of(1, 2);
const ASKED: readonly [method: keyof typeof QueryDefinition.methods, parameters: readonly unknown[], request: object][] = [
  ["params", [], {}],
  ["pool", ["gpu"], { poolId: "gpu" }],
  ["pools", [KEY], { pagination: { key: KEY } }],
  ["quoteBuy", ["gpu", "5"], { poolId: "gpu", creditIn: "5" }],
  ["quoteBuyExactOut", ["gpu", "6"], { poolId: "gpu", amountOut: "6" }],
  ["quoteSell", ["gpu", "7"], { poolId: "gpu", amountIn: "7" }],
  ["quoteSellExactOut", ["gpu", "8"], { poolId: "gpu", creditOut: "8" }],
  ["twap", ["gpu", 9n], { poolId: "gpu", blocks: 9n }],
  ["batch", ["gpu"], { poolId: "gpu" }],
  ["order", [10n], { orderId: 10n }],
  ["orders", ["gpu", KEY], { poolId: "gpu", pagination: { key: KEY } }],
  ["ordersByOwner", ["hanzo1x", KEY], { owner: "hanzo1x", pagination: { key: KEY } }],
  ["round", [], {}],
  ["sealedOrders", ["hanzo1x", KEY], { sender: "hanzo1x", pagination: { key: KEY } }],
  ["commitment", [11n], { commitmentId: 11n }],
  ["commitments", ["gpu", KEY], { poolId: "gpu", pagination: { key: KEY } }],
  ["commitmentsByWorker", ["hanzo1x", KEY], { worker: "hanzo1x", pagination: { key: KEY } }],
  ["routerAllowances", ["hanzo1x", KEY], { owner: "hanzo1x", pagination: { key: KEY } }],
  ["invariants", [], {}],
  ["position", ["hanzo1x", "gpu"], { owner: "hanzo1x", poolId: "gpu" }],
  ["positions", ["hanzo1x", KEY], { owner: "hanzo1x", pagination: { key: KEY } }],
  ["vault", [], {}],
];

describe("the market's queries", () => {
  it("are all there", () => {
    const { hmm } = setupHmmExtension(answering(new Uint8Array()).base);
    const services = [...Object.keys(QueryDefinition.methods), ...Object.keys(RouteServiceDefinition.methods)];
    assert.deepEqual(Object.keys(hmm).sort(), services.sort());
    assert.deepEqual(ASKED.map(([method]) => method).sort(), Object.keys(QueryDefinition.methods).sort());
  });

  for (const [method, parameters, request] of ASKED) {
    it(`${method} asks its method with what it was given`, async () => {
      const { base, asked } = answering(new Uint8Array());
      const { hmm } = setupHmmExtension(base);
      await (hmm[method] as (...parameters: readonly unknown[]) => Promise<unknown>)(...parameters);
      const { name, requestType } = QueryDefinition.methods[method] as { name: string; requestType: Codec };
      assert.deepEqual(asked, [[`/hanzo.hmm.v1.Query/${name}`, requestType.encode(requestType.fromPartial(request)).finish()]]);
    });
  }

  it("give back what the node answers", async () => {
    const answer = QueryPoolResponse.fromPartial({ pool: { priceE18: "5", pool: { id: "gpu" } } });
    const { hmm } = setupHmmExtension(answering(QueryPoolResponse.encode(answer).finish()).base);
    assert.deepEqual(await hmm.pool("gpu"), answer);
  });
});

it("signatures of validators and evidence against them are asked of their services", async () => {
  const { base, asked } = answering(new Uint8Array());
  const { slashing } = setupSlashingExtension(base);
  const { evidence } = setupEvidenceExtension(base);
  await slashing.params();
  await slashing.signingInfo("x");
  await slashing.signingInfos(KEY);
  await evidence.evidence("00");
  await evidence.allEvidence(KEY);
  const text = (...bytes: readonly number[]): string => Buffer.from(bytes).toString("hex");
  assert.deepEqual(
    asked.map(([path, data]) => [path, Buffer.from(data).toString("hex")]),
    [
      ["/cosmos.slashing.v1beta1.Query/Params", ""],
      ["/cosmos.slashing.v1beta1.Query/SigningInfo", text(0x0a, 1, 0x78)],
      ["/cosmos.slashing.v1beta1.Query/SigningInfos", text(0x0a, 4, 0x0a, 2, 1, 2)],
      ["/cosmos.evidence.v1beta1.Query/Evidence", text(0x12, 2, 0x30, 0x30)],
      ["/cosmos.evidence.v1beta1.Query/AllEvidence", text(0x0a, 4, 0x0a, 2, 1, 2)],
    ],
  );
});

it("the node's settings are asked of its own service", async () => {
  const { base, asked } = answering(ConfigResponse.encode(ConfigResponse.fromPartial({ minimumGasPrice: "1aai" })).finish());
  assert.equal((await setupNodeExtension(base).node.config()).minimumGasPrice, "1aai");
  assert.equal(asked[0]?.[0], "/cosmos.base.node.v1beta1.Service/Config");
});

interface Codec {
  encode(message: object): { finish(): Uint8Array };
  fromPartial(partial: object): object;
}
