import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bundle, Sla } from "#proto/hanzo/hmm/v1/types";
import { certificateOf, parseCertificate } from "../../../modules/hmm/route/certificate.ts";
import { checkRoute, parseLegs, reachedMeans } from "../../../modules/hmm/route/checkRoute.ts";
import { parseBundle } from "../../../modules/hmm/route/parseBundle.ts";
import { createProblem, optionCap, type RoutePool } from "../../../modules/hmm/route/problem.ts";

const E18 = 10n ** 18n;

const NO_SLA: Sla = {
  maxLatencyUs: 0n,
  meanLatencyUs: 0n,
  meanJitterUs: 0n,
  regions: [],
  nearRegions: [],
  maxRemotePpm: 0,
  minTier: 0,
};

function pool(id: string, resourceClass: string, given: Partial<RoutePool["service"]> = {}, cap = 100n): RoutePool {
  return {
    id,
    resourceClass,
    psi: 1_000n,
    theta: 10n ** 12n,
    centreE18: 10n ** 27n,
    wE18: E18,
    lambdaE18: E18 / 20n,
    marketFeeE18: 3n * 10n ** 15n,
    riskE18: 10n ** 17n,
    psiRef: 1_000n,
    cap,
    service: { group: id.split("-")[1] ?? "", region: "eu", tier: 1, latencyUs: 10_000n, jitterUs: 1_000n, ...given },
  };
}

function bundle(needs: Record<string, string>, sla: Partial<Sla> = {}, colocated: string[] = []): Bundle {
  return {
    needs: Object.entries(needs).map(([resourceClass, resource]) => ({ resourceClass, resource })),
    sla: { ...NO_SLA, ...sla },
    colocated,
  };
}

const refuses = (code: number, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Error && "code" in error);
  assert.equal(error.code, code);
  assert.match(error.message, text);
  return true;
};

test("a malformed bundle is refused with the field, what was expected and what came", () => {
  const rows: readonly (readonly [Bundle, RegExp])[] = [
    [bundle({}), /needs: expected 1 to 16 classes, got 0/],
    [bundle({ gpu: "0" }), /needs\[0\].resource: expected at least 1 base unit, got 0/],
    [bundle({ gpu: "-1" }), /needs\[0\].resource: expected a decimal integer/],
    [bundle({ gpu: (1n << 112n).toString() }), /expected 0 to 2\^112 - 1/],
    [bundle({ "": "1" }), /resource_class: expected 1 to 32 characters, got 0/],
    [bundle({ ram: "1", gpu: "1" }), /expected rising names, each once, got "gpu" after "ram"/],
    [bundle({ gpu: "1" }, {}, ["gpu"]), /colocated: expected no class or at least 2, got 1/],
    [bundle({ gpu: "1" }, {}, ["gpu", "ram"]), /"ram" is not among the needs/],
    [bundle({ gpu: "1", ram: "1" }, {}, ["ram", "gpu"]), /colocated: expected rising names/],
    [bundle({ gpu: "1" }, { maxRemotePpm: 1_000_001 }), /max_remote_ppm: expected 0 to 1000000, got 1000001/],
    [bundle({ gpu: "1" }, { regions: ["eu", "eu"] }), /sla.regions: expected each region once/],
    [bundle({ gpu: "1" }, { nearRegions: [""] }), /near_regions\[0\]: expected 1 to 32 characters/],
    [bundle({ gpu: "1" }, { regions: Array.from({ length: 65 }, (_, i) => `r${i}`) }), /regions: expected at most 64, got 65/],
  ];
  for (const [bad, text] of rows) assert.throws(() => parseBundle(bad), refuses(26, text));
  assert.equal(parseBundle({ needs: [{ resourceClass: "gpu", resource: "5" }], sla: undefined, colocated: [] }).needs[0]?.psi, 5n);
});

test("hard limits leave pools out, and pools without anything to sell", () => {
  const pools = [
    pool("gpu-a", "gpu"),
    pool("gpu-slow", "gpu", { latencyUs: 90_000n }),
    pool("gpu-low", "gpu", { tier: 0 }),
    pool("gpu-us", "gpu", { region: "us" }),
    pool("gpu-empty", "gpu", {}, 0n),
    pool("ram-a", "ram"),
  ];
  const names = (sla: Partial<Sla>): string[] =>
    createProblem(bundle({ gpu: "5" }, sla), pools).components[0]?.options.map(({ name }) => name) ?? [];
  assert.deepEqual(names({}), ["gpu-a", "gpu-slow", "gpu-low", "gpu-us"]);
  assert.deepEqual(names({ maxLatencyUs: 10_000n }), ["gpu-a", "gpu-low", "gpu-us"]);
  assert.deepEqual(names({ minTier: 1 }), ["gpu-a", "gpu-slow", "gpu-us"]);
  assert.deepEqual(names({ regions: ["us"] }), ["gpu-us"]);
  assert.deepEqual(names({ nearRegions: ["us"] }), ["gpu-us"], "no remote part at all: the job is pinned");
  assert.deepEqual(names({ nearRegions: ["us"], maxRemotePpm: 1 }).length, 4);
});

test("a limit that asks nothing is none: no bound, a remote part of everything, no near regions", () => {
  const limits = (sla: Partial<Sla>): string[] => createProblem(bundle({ gpu: "5" }, sla), []).limits.map(({ name }) => name);
  assert.deepEqual(limits({}), []);
  assert.deepEqual(limits({ nearRegions: ["eu"], maxRemotePpm: 1_000_000 }), []);
  assert.deepEqual(limits({ maxRemotePpm: 5 }), []);
  assert.deepEqual(limits({ meanLatencyUs: 1n, meanJitterUs: 1n, nearRegions: ["eu"], maxRemotePpm: 5 }), [
    "mean_latency",
    "mean_jitter",
    "remote",
  ]);
});

test("classes placed together are served by groups that have a pool of each; the group is as slow and as far as its worst pool", () => {
  const pools = [
    pool("gpu-a", "gpu", { latencyUs: 5n, region: "us" }),
    pool("gpu-b", "gpu"),
    pool("ram-a", "ram", { latencyUs: 9n }),
    pool("ram-a2", "ram", { group: "a", latencyUs: 99n }, 40n),
    pool("ram-c", "ram"),
    pool("net-a", "net"),
  ];
  const asked = bundle({ gpu: "10", net: "7", ram: "30" }, { meanLatencyUs: 50n, nearRegions: ["eu"], maxRemotePpm: 9 }, ["gpu", "ram"]);
  const { components } = createProblem(asked, pools);
  assert.deepEqual(
    components.map(({ needs, lead }) => [needs.map(({ resourceClass }) => resourceClass).join("+"), lead]),
    [
      ["gpu+ram", 1],
      ["net", 0],
    ],
  );
  const [group] = components[0]?.options ?? [];
  assert.equal(components[0]?.options.length, 1, "pools without group or without partner serve nothing together");
  assert.deepEqual(
    group?.pools.map(({ id }) => id),
    ["gpu-a", "ram-a"],
    "of two pools of a class the one that can give more",
  );
  assert.deepEqual(group?.load, [9n, 1_000_000n]);
  assert.equal(optionCap(components[0]!, group!), 30n, "100 ram, or 100 gpu worth 300 ram, but no more than the need");
});

test("a route is checked to the base unit: needs, caps, means, proportions", () => {
  const pools = [
    pool("gpu-a", "gpu", { latencyUs: 100n }),
    pool("gpu-b", "gpu", { latencyUs: 10n }),
    pool("ram-a", "ram", { latencyUs: 100n }),
    pool("ram-b", "ram", { latencyUs: 10n }),
  ];
  const alone = createProblem(bundle({ gpu: "9" }, { meanLatencyUs: 50n }), pools);
  assert.deepEqual(
    reachedMeans(
      alone,
      checkRoute(alone, [
        { poolId: "gpu-a", psi: 4n },
        { poolId: "gpu-b", psi: 5n },
      ]),
    ),
    [50n],
  );
  const together = createProblem(bundle({ gpu: "10", ram: "33" }, {}, ["gpu", "ram"]), pools);
  const legs = (a: bigint, b: bigint, c: bigint, d: bigint) => [
    { poolId: "gpu-a", psi: a },
    { poolId: "gpu-b", psi: b },
    { poolId: "ram-a", psi: c },
    { poolId: "ram-b", psi: d },
  ];
  assert.equal(checkRoute(together, legs(3n, 7n, 10n, 23n))[0]?.length, 2);
  assert.equal(checkRoute(together, legs(3n, 7n, 11n, 22n))[0]?.length, 2, "22/33 of 10 is 6.67, up");
  const rows: readonly (readonly [() => void, RegExp])[] = [
    [
      () =>
        checkRoute(alone, [
          { poolId: "gpu-a", psi: 5n },
          { poolId: "gpu-b", psi: 4n },
        ]),
      /mean_latency: expected a mean of at most 50, got 60/,
    ],
    [() => checkRoute(alone, [{ poolId: "gpu-b", psi: 8n }]), /gpu: expected legs of 9 resource base units together, got 8/],
    [() => checkRoute(alone, [{ poolId: "gpu-b", psi: 10n }]), /together, got 10/],
    [() => checkRoute(alone, [{ poolId: "gpu-b", psi: 101n }]), /expected at most 100 resource base units, got 101/],
    [() => checkRoute(alone, [{ poolId: "ram-a", psi: 9n }]), /pool "ram-a" cannot serve the bundle/],
    [() => checkRoute(together, legs(2n, 8n, 10n, 23n)), /group "a": expected 3 or one more resource base units of gpu, got 2/],
  ];
  for (const [run, text] of rows) assert.throws(run, refuses(27, text));
});

test("legs of a message rise by pool and are not empty", () => {
  const leg = (poolId: string, resource: string) => ({ poolId, resource });
  assert.deepEqual(parseLegs([leg("a", "1"), leg("b", "2")], 2), [
    { poolId: "a", psi: 1n },
    { poolId: "b", psi: 2n },
  ]);
  assert.throws(() => parseLegs([], 2), refuses(26, /expected 1 to 2, got 0/));
  assert.throws(() => parseLegs([leg("a", "1"), leg("b", "1"), leg("c", "1")], 2), refuses(26, /expected 1 to 2, got 3/));
  assert.throws(() => parseLegs([leg("a", "1"), leg("a", "1")], 2), refuses(26, /expected rising pool identifiers, got "a" after "a"/));
  assert.throws(() => parseLegs([leg("a", "0")], 2), refuses(26, /legs\[0\].resource: expected at least 1 base unit/));
});

test("a certificate has one price per component in their order, and none for limits that were not asked for", () => {
  const problem = createProblem(bundle({ gpu: "5", ram: "5" }, { meanJitterUs: 10n }), []);
  const duals = { muE18: [7n, 8n], nuE18: [9n] };
  const message = certificateOf(problem, duals);
  assert.deepEqual(parseCertificate(problem, message), duals);
  assert.deepEqual(parseCertificate(problem, { ...message, latencyNuE18: "", remoteNuE18: "" }), duals);
  const prices = (...names: string[]) => ({ ...message, prices: names.map((resourceClass) => ({ resourceClass, muE18: "1" })) });
  const rows = [
    [prices("gpu"), /prices: expected 2 components, got 1/],
    [prices("ram", "gpu"), /prices\[0\]: expected "gpu", got "ram"/],
    [{ ...message, latencyNuE18: "1" }, /latency_nu_e18: expected 0 for a limit that the bundle does not set, got 1/],
    [{ ...message, jitterNuE18: "-1" }, /jitter_nu_e18: expected a decimal integer without sign/],
    [{ ...message, jitterNuE18: (1n << 192n).toString() }, /jitter_nu_e18: expected 0 to 2\^192 - 1/],
  ] as const;
  for (const [bad, text] of rows) assert.throws(() => parseCertificate(problem, bad), refuses(28, text));
});

test("a list of pools that is met again keeps its options while the limits are of the same kind, and never another bundle's loads", () => {
  const pools = [pool("gpu-a", "gpu"), pool("gpu-b", "gpu", { region: "us", latencyUs: 20_000n }), pool("gpu-c", "gpu", { region: "ap" })];
  const near = (nearRegions: string[]): Bundle => bundle({ gpu: "10" }, { nearRegions, maxRemotePpm: 100_000 });
  const asked: readonly Bundle[] = [
    bundle({ gpu: "10" }),
    bundle({ gpu: "10" }, { meanLatencyUs: 15_000n }),
    bundle({ gpu: "10" }, { meanJitterUs: 15_000n }),
    near(["eu", "us"]),
    near(["eu,us"]),
    near(["ap"]),
  ];
  for (const first of asked) {
    for (const then of asked) {
      const list = [...pools];
      createProblem(first, list);
      assert.deepEqual(createProblem(then, list), createProblem(then, [...pools]));
    }
  }
  const options = (limit: bigint) =>
    createProblem(bundle({ gpu: "10" }, { meanLatencyUs: limit, maxLatencyUs: limit }), pools).components[0]?.options;
  const [strict, loose] = [options(15_000n), options(30_000n)];
  assert.deepEqual([strict?.length, loose?.length], [2, 3]);
  assert.ok(
    strict?.every((option) => loose?.includes(option)),
    "options were made anew",
  );
});
