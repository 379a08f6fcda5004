import { PoolView, QueryPoolsResponse } from "#proto/hanzo/hmm/v1/query";
import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { RefusedQuery } from "../../../cmd/hanzod/client/nodeClient.ts";
import type { Market } from "../../../cmd/hanzod/hmm/market.ts";

const AI = 10n ** 18n;
const NANO = 10n ** 9n;

/** A pool of GPU time at 1.8 AI per hour, as a node shows it. */
export function gpuView(id = "gpu", region = "us", latencyUs = 95_000n): PoolView {
  const [psi, theta] = [10_000_000n * NANO, 5000n * AI];
  return PoolView.fromPartial({
    pool: {
      id,
      denom: `n${id}`,
      status: PoolStatus.POOL_STATUS_ACTIVE,
      psi: psi.toString(),
      theta: theta.toString(),
      centreE18: (500_000n * AI).toString(),
      resourceClass: "gpu",
      service: { group: `${region}-1`, region, tier: 1, latencyUs, jitterUs: 9000n },
    },
    priceE18: (500_000n * AI).toString(),
    maxOrder: (psi / 4n).toString(),
    maxImmediate: (psi / 400n).toString(),
    largeOrder: (psi / 100n).toString(),
  });
}

/** What a node answers when the market refuses a query. */
export function refusal(text: string, status = "InvalidArgument", code = 18): RefusedQuery {
  const end = code === 22 ? "key not found" : "invalid request";
  return new RefusedQuery("/hanzo.hmm.v1.Query/X", "sdk", code, `rpc error: code = ${status} desc = ${text}: ${end}`);
}

/** A market of these pools. Queries that are not among `answers` must not be asked. */
export function fakeMarket(views: readonly PoolView[], answers: Partial<Market> = {}): Market {
  const known: Partial<Market> = {
    pools: async (key) => {
      // One pool per page.
      const at = key?.[0] ?? 0;
      const nextKey = at + 1 < views.length ? Uint8Array.of(at + 1) : new Uint8Array(0);
      return QueryPoolsResponse.fromPartial({ pools: views.slice(at, at + 1), pagination: { nextKey } });
    },
    pool: async (poolId) => {
      const view = views.find(({ pool }) => pool?.id === poolId);
      if (view === undefined) throw refusal(`expected the identifier of a pool, got "${poolId}": unknown pool`, "NotFound", 22);
      return { pool: view };
    },
    twap: async (poolId) => {
      if (poolId !== "gpu") throw refusal("no observation yet: unknown pool");
      return { priceE18: (490_000n * AI).toString(), blocks: 900n, height: 7n };
    },
    ...answers,
  };
  return new Proxy(known, {
    get: (target, name) => Reflect.get(target, name) ?? (() => Promise.reject(new Error(`${String(name)} is not expected`))),
  }) as Market;
}
