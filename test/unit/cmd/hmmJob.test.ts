import assert from "node:assert/strict";
import { test } from "node:test";
import { QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import type { Bundle } from "#proto/hanzo/hmm/v1/types";
import { routeWithin } from "../../../cmd/hanzod/job/buyBundle.ts";
import { gpuView } from "./hmmFake.ts";

const POOLS = [gpuView(), gpuView("gpu-eu", "eu", 25_000n)];

/** A route service on which the cheapest route reaches a latency. */
function reaching(cheapest: bigint): { readonly asked: Bundle[]; readonly quoteBundle: (bundle: Bundle) => Promise<QuoteBundleResponse> } {
  const asked: Bundle[] = [];
  const quoteBundle = async (bundle: Bundle): Promise<QuoteBundleResponse> => {
    asked.push(bundle);
    const bound = bundle.sla?.meanLatencyUs ?? 0n;
    const reached = bound < cheapest ? bound : cheapest;
    return QuoteBundleResponse.fromPartial({
      shadowPrices: [{ limit: "mean_latency", nuE18: bound < cheapest ? "7" : "0", reached: reached.toString(), bound: bound.toString() }],
    });
  };
  return { asked, quoteBundle };
}

test("the demonstration's bundle has the classes that the market has, and a latency limit that costs something", async () => {
  const market = reaching(95_000n);
  const { bundle, route } = await routeWithin(market, POOLS);
  assert.deepEqual(bundle.needs, [{ resourceClass: "gpu", resource: (3600n * 10n ** 9n).toString() }]);
  // First as slow as the slowest pool, then halfway between the fastest pool and what the cheapest route reached.
  assert.deepEqual(
    market.asked.map(({ sla }) => sla?.meanLatencyUs),
    [95_000n, 60_000n],
  );
  assert.equal(route.shadowPrices[0]?.nuE18, "7");
});

test("where the cheapest route is the fastest, its limit stays as wide as it was", async () => {
  const market = reaching(25_000n);
  const { bundle } = await routeWithin(market, POOLS);
  assert.equal(bundle.sla?.meanLatencyUs, 95_000n);
  assert.equal(market.asked.length, 1);
});
