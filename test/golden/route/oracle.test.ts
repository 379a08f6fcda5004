import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { solveRoute } from "../../../app/route/solveRoute.ts";
import type { RoutePool } from "../../../modules/hmm/route/problem.ts";

// Costs and duals of independent convex solvers; tools/oracle/route.py makes the files and says how.

type Texts<T> = { readonly [K in keyof T]: T[K] extends bigint ? string : T[K] extends object ? Texts<T[K]> : T[K] };

interface Instance {
  readonly name: string;
  readonly bundle: {
    readonly needs: { resourceClass: string; resource: string }[];
    readonly sla: {
      readonly maxLatencyUs: string;
      readonly meanLatencyUs: string;
      readonly meanJitterUs: string;
      readonly regions: string[];
      readonly nearRegions: string[];
      readonly maxRemotePpm: number;
      readonly minTier: number;
    };
    readonly colocated: string[];
  };
  readonly pools: readonly Texts<RoutePool>[];
  readonly expected: { readonly cost: string; readonly mu: Record<string, string>; readonly nu: Record<string, string> };
}

const root = resolve(import.meta.dirname, "../../../..");

function readInstances(file: string): Instance[] {
  return JSON.parse(readFileSync(`${root}/test/golden/route/${file}`, "utf8")).instances;
}

function readPool({ id, resourceClass, service, ...numbers }: Texts<RoutePool>): RoutePool {
  const read = (text: string): bigint => BigInt(text);
  return {
    id,
    resourceClass,
    service: { ...service, latencyUs: read(service.latencyUs), jitterUs: read(service.jitterUs) },
    psi: read(numbers.psi),
    theta: read(numbers.theta),
    centreE18: read(numbers.centreE18),
    wE18: read(numbers.wE18),
    lambdaE18: read(numbers.lambdaE18),
    marketFeeE18: read(numbers.marketFeeE18),
    riskE18: read(numbers.riskE18),
    psiRef: read(numbers.psiRef),
    cap: read(numbers.cap),
  };
}

/** Distance relative to the expected value; values that are nothing next to `scale` count as nothing. */
function distance(value: bigint | string, expected: string, unit: number, scale: number): number {
  return Math.abs(Number(value) / unit - Number(expected)) / Math.max(Math.abs(Number(expected)), scale);
}

/** Tangent cuts pin down costs better than prices: their prices are those of the last linear program. */
const FILES = [
  { file: "socp.json", prices: 1e-4 },
  { file: "kelley.json", prices: 1e-3 },
];

for (const { file, prices } of FILES) {
  const instances = readInstances(file);
  test(`${file}: routes cost what an independent solver says, to one millionth, and prices agree to ${prices}`, () => {
    assert.ok(instances.length >= 8);
    for (const { name, bundle, pools, expected } of instances) {
      const { sla } = bundle;
      const route = solveRoute({
        bundle: {
          ...bundle,
          sla: {
            ...sla,
            maxLatencyUs: BigInt(sla.maxLatencyUs),
            meanLatencyUs: BigInt(sla.meanLatencyUs),
            meanJitterUs: BigInt(sla.meanJitterUs),
          },
        },
        pools: pools.map(readPool),
      });
      const cost = Number(expected.cost);
      assert.ok(distance(route.cost, expected.cost, 1, 1) < 1e-6, `${name}: cost ${route.cost}, expected ${expected.cost}`);
      assert.ok(route.gapPpm <= 1n, `${name}: gap ${route.gapPpm}`);
      for (const { resourceClass, muE18 } of route.certificate.prices) {
        const mu = expected.mu[resourceClass] ?? "";
        assert.ok(distance(muE18, mu, 1e18, cost * 1e-6) < prices, `${name}: mu of ${resourceClass} ${muE18}, expected ${mu}`);
      }
      for (const limit of route.shadowPrices) {
        const nu = expected.nu[limit.name] ?? "";
        const scale = (cost * 1e-6) / Number(limit.bound);
        assert.ok(distance(limit.nuE18, nu, 1e18, scale) < prices, `${name}: nu of ${limit.name} ${limit.nuE18}, expected ${nu}`);
      }
    }
  });
}
