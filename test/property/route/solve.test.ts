import assert from "node:assert/strict";
import { test } from "node:test";
import { solveRoute } from "../../../app/route/solveRoute.ts";
import { ModuleError } from "../../../app/sdk/index.ts";
import { checkRoute, type PlacedRoute } from "../../../modules/hmm/route/checkRoute.ts";
import { createProblem, type RouteProblem, unitsOf } from "../../../modules/hmm/route/problem.ts";
import { fc } from "../../harness/fastCheck.ts";
import { allRoutes, anySmallCase } from "./smallMarkets.ts";

/** Whether every group is used for a part that fits its caps before rounding: the solver goes no further. */
function fitsExactly(problem: RouteProblem, placed: PlacedRoute): boolean {
  return placed.every((options, m) => {
    const component = problem.components[m]!;
    const all = unitsOf(component);
    return options.every(({ option, units }) => option.pools.every(({ cap }, i) => component.needs[i]!.psi * units <= cap * all));
  });
}

function isServable(problem: RouteProblem): boolean {
  for (const legs of allRoutes(problem)) {
    try {
      if (fitsExactly(problem, checkRoute(problem, legs))) return true;
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
    }
  }
  return false;
}

const RUNS = { seed: Number(process.env["SEED"] ?? 11), numRuns: Number(process.env["RUNS"] ?? 1500) };
/** How the solver says that parts would serve the bundle, but it found no whole units that do. */
const COARSE = /whole base units/;

test("a class or limit is called unreachable only when no route in whole units serves the bundle, and what is returned passes the check", () => {
  const seen = { solved: 0, refused: 0, coarse: 0 };
  fc.assert(
    fc.property(anySmallCase, ({ bundle, pools }) => {
      const problem = createProblem(bundle, pools);
      try {
        const { legs } = solveRoute({ bundle, pools });
        checkRoute(problem, legs);
        seen.solved++;
      } catch (error) {
        assert.ok(error instanceof ModuleError && error.code === 27, String(error));
        const servable = isServable(problem);
        if (servable && COARSE.test(error.message)) seen.coarse++;
        else {
          assert.ok(!servable, error.message);
          seen.refused++;
        }
      }
    }),
    RUNS,
  );
  assert.ok(seen.solved > 100 && seen.refused > 100, JSON.stringify(seen));
  // With needs below ten units a unit is more than a tenth of a mean: the search for whole units may then miss a route.
  assert.ok(seen.coarse * 100 <= seen.solved, JSON.stringify(seen));
  if (process.env["RUNS"]) console.log(seen);
});
