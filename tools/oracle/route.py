"""Makes test/golden/route/*.json: routing problems with costs and duals from solvers that share no code with this project.

socp.json    without risk fee: the second-order cone program of the market's geometry, solved by CLARABEL through CVXPY
kelley.json  with risk fee: tangent cuts of the exact convex costs (50 digits), solved as linear programs by HiGHS through SciPy until upper
             and lower bound meet

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install cvxpy==1.9.3 clarabel==0.11.1 scipy mpmath
    /tmp/oracle/bin/python tools/oracle/route.py test/golden/route
"""

import json
import random
import sys
from pathlib import Path

import clarabel
import cvxpy as cp
import mpmath as mp
import numpy as np
import scipy
from scipy.optimize import linprog

E18 = 10**18
mp.mp.dps = 50
REGIONS = ["eu", "us", "ap"]


def make_instance(name, seed, classes, pools, share, cap_bps, lam, risk, sla, colocated=(), fee=3 * 10**15):
    """Pools as integers, a bundle that needs `share` of every class's reserves."""
    rnd = random.Random(seed)
    made = []
    needs = []
    for i, cls in enumerate(classes):
        total = 0
        for j in range(pools):
            psi = rnd.randrange(10**14, 10**16)
            centre = int(10 ** rnd.uniform(7, 7.3)) * 10 ** (18 - i)
            theta = psi * centre // E18 * rnd.randrange(800, 1250) // 1000
            ref = psi if risk == 0 or rnd.random() < 0.4 else psi * rnd.randrange(900, 1100) // 1000
            total += psi
            made.append(
                {
                    "id": f"{cls}-{j:03d}",
                    "resourceClass": cls,
                    "psi": str(psi),
                    "theta": str(theta),
                    "centreE18": str(centre),
                    "wE18": str(E18),
                    "lambdaE18": str(lam),
                    "marketFeeE18": str(fee),
                    "riskE18": str(risk),
                    "psiRef": str(ref),
                    "cap": str(psi * cap_bps // 10_000),
                    "service": {
                        "group": f"g{j}",
                        "region": REGIONS[j % 3],
                        "tier": j % 4,
                        "latencyUs": str(rnd.randrange(5_000, 200_000)),
                        "jitterUs": str(rnd.randrange(500, 20_000)),
                    },
                }
            )
        needs.append({"resourceClass": cls, "resource": str(int(total * share))})
    return {"name": name, "bundle": {"needs": needs, "sla": sla, "colocated": list(colocated)}, "pools": made}


class Leg:
    """One pool's part in one option, in credit: X = c*psi, T = theta, beta = c*need."""

    def __init__(self, pool, need):
        c = mp.mpf(int(pool["centreE18"])) / E18
        self.x = c * int(pool["psi"])
        self.t = mp.mpf(int(pool["theta"]))
        self.lam = mp.mpf(int(pool["lambdaE18"])) / int(pool["wE18"])
        self.beta = c * need
        self.fee = mp.mpf(int(pool["marketFeeE18"])) / E18
        self.rho = mp.mpf(int(pool["riskE18"])) / E18
        self.xref = c * int(pool["psiRef"])
        self.tref = self.curve(self.xref)

    def invariant(self):
        return 2 * self.x * self.t + self.lam * (self.x**2 + self.t**2)

    def curve(self, x):
        """Credit reserve of the curve at x: the positive root of lam*T^2 + 2*x*T + lam*x^2 = invariant."""
        rest = self.invariant() - self.lam * x * x
        if self.lam == 0:
            return rest / (2 * x)
        return (-x + mp.sqrt(x * x + self.lam * rest)) / self.lam

    def cost(self, y):
        x = self.x - self.beta * y
        t = self.curve(x)
        return ((t - self.t) + self.risk(x, t) - self.risk(self.x, self.t)) / (1 - self.fee)

    def risk(self, x, t):
        return self.rho * (self.xref - x) / self.xref * (t - self.tref) if x < self.xref else mp.mpf(0)

    def slope(self, y):
        x = self.x - self.beta * y
        t = self.curve(x)
        p = (t + self.lam * x) / (x + self.lam * t)
        f = self.rho / self.xref * ((t - self.tref) + (self.xref - x) * p) if x < self.xref else 0
        return self.beta * (p + f) / (1 - self.fee)


def normal_form(instance):
    """Components, options and limits as the specification of the market defines them."""
    bundle = instance["bundle"]
    sla = bundle["sla"]
    need = {n["resourceClass"]: int(n["resource"]) for n in bundle["needs"]}
    near = set(sla["nearRegions"])
    limits = []
    if int(sla["meanLatencyUs"]):
        limits.append(("mean_latency", int(sla["meanLatencyUs"])))
    if int(sla["meanJitterUs"]):
        limits.append(("mean_jitter", int(sla["meanJitterUs"])))
    if near and sla["maxRemotePpm"]:
        limits.append(("remote", sla["maxRemotePpm"]))

    def load(pool, name):
        service = pool["service"]
        if name == "mean_latency":
            return int(service["latencyUs"])
        if name == "mean_jitter":
            return int(service["jitterUs"])
        return 0 if service["region"] in near else 10**6

    def allowed(pool):
        service = pool["service"]
        if service["tier"] < sla["minTier"]:
            return False
        return not int(sla["maxLatencyUs"]) or int(service["latencyUs"]) <= int(sla["maxLatencyUs"])

    pools = [p for p in instance["pools"] if allowed(p)]
    components = []
    together = bundle["colocated"]
    for cls in need:
        if cls in together and cls != together[0]:
            continue
        members = together if cls in together else [cls]
        options = []
        for first in (p for p in pools if p["resourceClass"] == members[0]):
            group = first["service"]["group"]
            parts = [next((p for p in pools if p["resourceClass"] == m and p["service"]["group"] == group), None) for m in members]
            if len(members) == 1:
                parts = [first]
            if any(p is None for p in parts):
                continue
            cap = min([1.0] + [int(p["cap"]) / need[p["resourceClass"]] for p in parts])
            options.append(
                {
                    "legs": [Leg(p, need[p["resourceClass"]]) for p in parts],
                    "loads": [max(load(p, name) for p in parts) for name, _ in limits],
                    "cap": cap,
                }
            )
        components.append((members[0], options))
    return components, limits


def solve_socp(instance):
    components, limits = normal_form(instance)
    count = len(components)
    scale = float(sum(min(sum(leg.slope(0) for leg in o["legs"]) for o in options) for _, options in components))
    objective = 0
    constraints = []
    sums = []
    loads = [0 for _ in limits]
    for _, options in components:
        y = cp.Variable(len(options), nonneg=True)
        constraints.append(y <= np.array([o["cap"] for o in options]))
        sums.append(cp.sum(y) == 1)
        for g, option in enumerate(options):
            for leg in option["legs"]:
                lam = float(leg.lam)
                # The pool in units of its own credit reserve; delta in units of what the whole need costs at its first price.
                unit = float(leg.t)
                x, t, beta = float(leg.x) / unit, 1.0, float(leg.beta) / unit
                size = float(leg.slope(0) * (1 - leg.fee)) / unit
                delta = cp.Variable(nonneg=True)
                a = (x - beta * y[g] + t + size * delta) / np.sqrt(2)
                b = (x - beta * y[g] - t - size * delta) / np.sqrt(2)
                kappa2 = float(leg.invariant()) / unit**2
                constraints.append(cp.SOC(np.sqrt(1 + lam) * a, cp.hstack([np.sqrt(1 - lam) * b, np.sqrt(kappa2)])))
                objective += delta * (size * unit / float(1 - leg.fee) / scale)
            for k in range(len(limits)):
                loads[k] += y[g] * (option["loads"][k] / (limits[k][1] * count))
    bounds = [total <= 1 for total in loads]
    problem = cp.Problem(cp.Minimize(objective), constraints + sums + bounds)
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    assert problem.status in ("optimal", "optimal_inaccurate"), problem.status
    return {
        "status": problem.status,
        "cost": repr(float(problem.value) * scale),
        "mu": {name: repr(float(abs(s.dual_value)) * scale) for (name, _), s in zip(components, sums)},
        "nu": {name: repr(float(b.dual_value) * scale / bound) for (name, bound), b in zip(limits, bounds)},
    }


def solve_kelley(instance):
    """Cutting planes: z_g >= C(y') + C'(y')(y - y') for ever more points y'."""
    components, limits = normal_form(instance)
    count = len(components)
    flat = [(m, o) for m, (_, options) in enumerate(components) for o in options]
    n = len(flat)
    scale = float(sum(min(sum(leg.slope(0) for leg in o["legs"]) for o in options) for _, options in components))

    def point(option, y):
        y = mp.mpf(y)
        return float(sum(leg.cost(y) for leg in option["legs"]) / scale), float(sum(leg.slope(y) for leg in option["legs"]) / scale)

    rows, rhs = [], []

    def cut(g, y):
        value, slope = point(flat[g][1], y)
        row = np.zeros(2 * n)
        row[g], row[n + g] = slope, -1
        rows.append(row)
        rhs.append(slope * y - value)

    for g in range(n):
        for y in np.linspace(0, min(1.0, flat[g][1]["cap"]), 6):
            cut(g, float(y))
    equal = np.zeros((count, 2 * n))
    for g, (m, _) in enumerate(flat):
        equal[m, g] = 1
    limit_rows = np.zeros((len(limits), 2 * n))
    for k, (_, bound) in enumerate(limits):
        for g, (_, o) in enumerate(flat):
            limit_rows[k, g] = o["loads"][k] / (bound * count)
    bounds = [(0, o["cap"]) for _, o in flat] + [(None, None)] * n
    for _ in range(200):
        result = linprog(
            np.concatenate([np.zeros(n), np.ones(n)]),
            A_ub=np.vstack([limit_rows, np.array(rows)]),
            b_ub=np.concatenate([np.ones(len(limits)), rhs]),
            A_eq=equal,
            b_eq=np.ones(count),
            bounds=bounds,
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        assert result.status == 0, result.message
        upper = sum(point(flat[g][1], result.x[g])[0] for g in range(n))
        gap = upper - result.fun
        if gap < 1e-11:
            break
        for g in range(n):
            if 0 < result.x[g] and point(flat[g][1], result.x[g])[0] - result.x[n + g] > 1e-14:
                cut(g, float(result.x[g]))
    return {
        "status": f"gap {gap:.1e}",
        "cost": repr(float(result.fun) * scale),
        "mu": {name: repr(float(mu) * scale) for (name, _), mu in zip(components, result.eqlin.marginals)},
        "nu": {name: repr(-float(nu) * scale / bound) for (name, bound), nu in zip(limits, result.ineqlin.marginals)},
    }


def sla(**given):
    base = {
        "maxLatencyUs": "0",
        "meanLatencyUs": "0",
        "meanJitterUs": "0",
        "regions": [],
        "nearRegions": [],
        "maxRemotePpm": 0,
        "minTier": 0,
    }
    return {**base, **given}


TIGHT = sla(meanLatencyUs="70000", meanJitterUs="8000", nearRegions=["eu", "us"], maxRemotePpm=150000)
CLASSES = ["cpu", "disk", "gpu", "net", "vram"]


def instances(risk):
    lam = E18 // 20
    wide, narrow = 3000, 25
    return [
        make_instance("one class, no limits", 1, ["gpu"], 12, 0.02, wide, lam, risk, sla()),
        make_instance("one class, mean latency", 2, ["gpu"], 12, 0.02, wide, lam, risk, sla(meanLatencyUs="60000")),
        make_instance("constant product, three classes, latency and jitter", 3, CLASSES[:3], 20, 0.03, wide, 0, risk, sla(meanLatencyUs="70000", meanJitterUs="8000")),
        make_instance("five classes, three limits", 4, CLASSES, 20, 0.02, wide, lam, risk, TIGHT),
        make_instance("five classes, three limits, half lambda", 5, CLASSES, 16, 0.05, wide, E18 // 2, risk, TIGHT),
        make_instance("gpu, vram and net together, cpu and disk apart", 6, CLASSES, 24, 0.02, wide, lam, risk, TIGHT, ("gpu", "net", "vram")),
        make_instance("small caps, most of them reached", 7, CLASSES[:3], 40, 0.0008, narrow, lam, risk, sla(meanLatencyUs="80000", meanJitterUs="9000")),
        make_instance("hard limits and tiers", 8, CLASSES[:3], 40, 0.01, wide, lam, risk, sla(maxLatencyUs="150000", meanLatencyUs="75000", minTier=1)),
    ]


def write(folder, name, about, solve, risk):
    done = []
    for instance in instances(risk):
        expected = solve(instance)
        print(name, instance["name"], expected["status"], expected["cost"], expected["nu"])
        done.append({**instance, "expected": expected})
    lines = []
    for instance in done:
        pools = ",\n".join("    " + json.dumps(pool) for pool in instance["pools"])
        head = {key: value for key, value in instance.items() if key != "pools"}
        lines.append("  " + json.dumps(head)[:-1] + ', "pools": [\n' + pools + "\n  ]}")
    text = '{"about": ' + json.dumps(about) + ', "instances": [\n' + ",\n".join(lines) + "\n]}\n"
    json.loads(text)
    Path(folder, name).write_text(text)


if __name__ == "__main__":
    out = sys.argv[1]
    units = "cost in credit base units; mu: price of a component's whole need; nu: price per microsecond or ppm of a limit's mean"
    write(out, "socp.json", f"CLARABEL {clarabel.__version__} through CVXPY {cp.__version__}; {units}", solve_socp, 0)
    write(out, "kelley.json", f"tangent cuts, HiGHS through SciPy {scipy.__version__}; {units}", solve_kelley, 10**17)
