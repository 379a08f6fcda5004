import assert from "node:assert/strict";
import { test } from "node:test";
import type { QuoteBundleRequest, QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import { Trade } from "#proto/hanzo/hmm/v1/types";
import { RouteQueue, type SolverAnswer, type SolverEvents, type SolverTask } from "../../../app/route/routeQueue.ts";
import { type MarketView, routeService } from "../../../app/route/routeService.ts";
import { spawnSolver } from "../../../app/route/routeWorker.ts";
import { solveRoute } from "../../../app/route/solveRoute.ts";
import type { QueryScene } from "../../../app/runtime/query/service.ts";
import { QueryError } from "../../../app/sdk/index.ts";
import { bundleOf, randomPools } from "../../bench/routePools.ts";

const pools = randomPools({ classes: 2, pools: 8, seed: 3, capBps: 3000n, riskE18: 10n ** 17n });
const bundle = bundleOf(pools, 10_000n, { meanLatencyUs: 90_000n });
const snapshot = { pools };
const route = solveRoute({ bundle, pools });

/** A solver thread whose answers the test gives. */
function createFakeThreads() {
  const threads: { readonly events: SolverEvents; readonly tasks: SolverTask[]; ended: boolean }[] = [];
  const spawn = (events: SolverEvents) => {
    const thread = { events, tasks: [] as SolverTask[], ended: false };
    threads.push(thread);
    return {
      send: (task: SolverTask) => void thread.tasks.push(task),
      end: () => {
        thread.ended = true;
      },
    };
  };
  const answer = (thread: number, given: SolverAnswer): void => threads[thread]?.events.answered(given);
  return { threads, spawn, answer };
}

test("tasks run one at a time on one thread, and pools travel once per snapshot", async () => {
  const { threads, spawn, answer } = createFakeThreads();
  const queue = new RouteQueue(spawn);
  assert.equal(threads.length, 0, "no thread before the first task");
  const first = queue.solve(bundle, 3, snapshot);
  const second = queue.solve(bundle, 4, snapshot);
  const third = queue.solve(bundle, 5, { pools: [] });
  assert.equal(threads.length, 1);
  assert.equal(threads[0]?.tasks.length, 1);
  answer(0, { route });
  answer(0, { route });
  answer(0, { route });
  await Promise.all([first, second, third]);
  assert.deepEqual(
    threads[0]?.tasks.map((task) => [task.maxLegs, task.pools?.length]),
    [
      [3, pools.length],
      [4, undefined],
      [5, 0],
    ],
  );
  queue.close();
  assert.equal(threads[0]?.ended, true);
});

test("a full queue refuses, an error of the market reaches its caller, a closed queue fails what waits", async () => {
  const { spawn, answer } = createFakeThreads();
  const queue = new RouteQueue(spawn, { waiting: 2, timeoutMs: 1_000 });
  const first = queue.solve(bundle, 0, snapshot);
  const second = queue.solve(bundle, 0, snapshot);
  await assert.rejects(queue.solve(bundle, 0, snapshot), /2 routes are waiting/);
  answer(0, { refused: { codespace: "hmm", code: 27, text: "too much" } });
  await assert.rejects(first, (error: Error & { code?: number }) => error.code === 27 && error.message === "too much");
  queue.close();
  await assert.rejects(second, /the node is stopping/);
  await assert.rejects(queue.solve(bundle, 0, snapshot), /the node is stopping/);
});

test("a thread that dies or takes too long loses its task, and the next task gets a new thread with all pools", async () => {
  const { threads, spawn, answer } = createFakeThreads();
  const queue = new RouteQueue(spawn, { waiting: 9, timeoutMs: 30 });
  const crashed = queue.solve(bundle, 0, snapshot);
  const slow = queue.solve(bundle, 0, snapshot);
  const good = queue.solve(bundle, 0, snapshot);
  threads[0]?.events.failed("out of memory");
  threads[0]?.events.failed("exit after error: says the same twice");
  await assert.rejects(crashed, /the solver stopped: out of memory/);
  assert.equal(threads.length, 2);
  assert.equal(threads[1]?.tasks[0]?.pools?.length, pools.length);
  // The timer does not keep a node alive; here something else must.
  const alive = setInterval(() => undefined, 5);
  await assert.rejects(slow, /not found within 30 ms/);
  clearInterval(alive);
  assert.equal(threads[1]?.ended, true);
  answer(1, { route });
  answer(2, { route });
  assert.equal(await good, route);
  queue.close();
});

function quoteMethod(
  view: () => MarketView,
  queue: RouteQueue,
): (request: QuoteBundleRequest, height: bigint) => Promise<QuoteBundleResponse> {
  const [method] = routeService(view, queue);
  assert.equal(method?.path, "/hanzo.hmm.v1.RouteService/QuoteBundle");
  return async (request, height) => (await method.handle(request, { height, timeNs: 0n, ctx: {} } as QueryScene)) as QuoteBundleResponse;
}

test("the service answers from a real thread what the solver answers in place", async () => {
  const queue = new RouteQueue(spawnSolver, { waiting: 4, timeoutMs: 180_000 });
  // Neither thread nor timer keeps a process alive; here something else must.
  const alive = setInterval(() => undefined, 50);
  let reads = 0;
  const view = (): MarketView => {
    reads++;
    return { pools, maxLegs: 64, trade: (poolId, psi) => Trade.fromPartial({ resource: psi.toString(), credit: poolId }) };
  };
  const quote = quoteMethod(view, queue);
  const response = await quote({ bundle, maxLegs: 0 }, 7n);
  assert.equal(response.cost, route.cost.toString());
  assert.equal(response.height, 7n);
  assert.equal(response.gapPpm, route.gapPpm.toString());
  assert.deepEqual(response.certificate, route.certificate);
  assert.deepEqual(
    response.legs.map(({ leg, trade }) => [leg?.poolId, leg?.resource, trade?.resource, trade?.credit]),
    route.legs.map(({ poolId, psi }) => [poolId, psi.toString(), psi.toString(), poolId]),
  );
  assert.equal(response.shadowPrices[0]?.limit, "mean_latency");
  await quote({ bundle, maxLegs: 5 }, 7n);
  assert.equal(reads, 1, "the market is read once per height");
  assert.equal((await quote({ bundle, maxLegs: 5 }, 8n)).height, 8n);
  assert.equal(reads, 2, "and again at the next one");
  const status = (wanted: number, text: RegExp) => (error: unknown) =>
    error instanceof QueryError && error.status === wanted && text.test(error.message);
  await assert.rejects(quote({ bundle: undefined, maxLegs: 0 }, 7n), status(3, /expected a bundle/));
  await assert.rejects(quote({ bundle, maxLegs: 65 }, 7n), status(3, /max_legs: expected 0 to 64, got 65/));
  await assert.rejects(quote({ bundle: { ...bundle, needs: [] }, maxLegs: 0 }, 7n), status(3, /expected 1 to 16 classes/));
  await assert.rejects(quote({ bundle: bundleOf(pools, 900_000n, undefined), maxLegs: 0 }, 8n), status(9, /can be bought at once/));
  queue.close();
  clearInterval(alive);
  await assert.rejects(quote({ bundle, maxLegs: 0 }, 8n), status(13, /the node is stopping/));
});

test("a busy service says so with the status that clients back off on", async () => {
  const { spawn } = createFakeThreads();
  const queue = new RouteQueue(spawn, { waiting: 1, timeoutMs: 1_000 });
  const quote = quoteMethod(() => ({ pools, maxLegs: 64, trade: () => Trade.create() }), queue);
  const waiting = quote({ bundle, maxLegs: 0 }, 7n);
  await assert.rejects(quote({ bundle, maxLegs: 0 }, 7n), (error) => error instanceof QueryError && error.status === 8);
  queue.close();
  await assert.rejects(waiting);
});
