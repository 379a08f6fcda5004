import assert from "node:assert/strict";
import { test } from "node:test";
import { QuoteBundleRequest, QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import { Bundle } from "#proto/hanzo/hmm/v1/types";
import { setupHmmExtension } from "../../../app/client/extensions.ts";
import { routeMessage } from "../../../app/client/route.ts";

const BUNDLE = Bundle.fromPartial({
  needs: [{ resourceClass: "gpu", resource: "7" }],
  sla: { meanLatencyUs: 50_000n, nearRegions: ["eu"], maxRemotePpm: 200_000 },
});
const ROUTE = QuoteBundleResponse.fromPartial({
  legs: [
    { leg: { poolId: "gpu", resource: "4" }, resourceClass: "gpu" },
    { leg: { poolId: "gpu-eu", resource: "3" }, resourceClass: "gpu" },
  ],
  cost: "1000001",
  certificate: { prices: [{ resourceClass: "gpu", muE18: "5" }], latencyNuE18: "3" },
});

test("a bundle is quoted by the route service, with the most legs that were asked for", async () => {
  const asked: [string, Uint8Array][] = [];
  const queryAbci = (path: string, data: Uint8Array) => {
    asked.push([path, data]);
    return Promise.resolve({ value: QuoteBundleResponse.encode(ROUTE).finish(), height: 1 });
  };
  const { hmm } = setupHmmExtension({ queryAbci });
  assert.deepEqual(await hmm.quoteBundle(BUNDLE, 8), ROUTE);
  await hmm.quoteBundle(BUNDLE);
  assert.deepEqual(
    asked.map(([path, data]) => [path, QuoteBundleRequest.decode(data)]),
    [8, 0].map((maxLegs) => ["/hanzo.hmm.v1.RouteService/QuoteBundle", QuoteBundleRequest.fromPartial({ bundle: BUNDLE, maxLegs })]),
  );
});

test("a quoted route becomes a message with its legs, its certificate and a most that is rounded up", () => {
  const message = routeMessage(BUNDLE, ROUTE, { sender: "hanzo1me", slippagePpm: 5000n });
  assert.deepEqual(message.legs, [
    { poolId: "gpu", resource: "4" },
    { poolId: "gpu-eu", resource: "3" },
  ]);
  // 1000001 · 1.005 = 1005001.005
  assert.equal(message.maxCost, "1005002");
  assert.deepEqual([message.sender, message.owner, message.bundle, message.certificate], ["hanzo1me", "", BUNDLE, ROUTE.certificate]);
  assert.equal(routeMessage(BUNDLE, ROUTE, { sender: "hanzo1me", owner: "hanzo1them", slippagePpm: 0n }).maxCost, "1000001");
  assert.equal(routeMessage(BUNDLE, ROUTE, { sender: "hanzo1me", owner: "hanzo1them", slippagePpm: 0n }).owner, "hanzo1them");
});
