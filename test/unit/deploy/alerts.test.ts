// Alert rules are whole, ask for metrics that exist, and are tested; promtool runs the tests where it is installed.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { headings } from "../../arch/markdown.ts";
import { metricNames, queriedMetrics } from "./promql.ts";

const root = join(import.meta.dirname, "../../../..");
const folder = join(root, "deploy", "prometheus");
const read = (name: string): unknown => parse(readFileSync(join(folder, name), "utf8"));

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
}
interface RuleTest {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  readonly input_series: readonly { readonly series: string }[];
}

const rules = (read("alerts.yml") as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const tests = (read("alerts.test.yml") as { readonly tests: readonly RuleTest[] }).tests;

describe("the alert rules", () => {
  it("have names of their own", () => assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length));

  for (const { alert, expr, for: wait, labels, annotations } of rules) {
    it(`${alert} asks only for metrics that /metrics has`, async () => {
      const names = await metricNames("samples");
      for (const name of queriedMetrics(expr)) assert.ok(names.has(name), `no metric ${name}`);
      assert.ok(queriedMetrics(expr).length > 0 || expr.startsWith("up{"));
    });

    it(`${alert} says how bad it is, what happened, and where to read on`, () => {
      assert.ok(["critical", "warning", "info"].includes(labels.severity));
      assert.match(wait, /^\d+[smh]$/);
      assert.ok(annotations.summary.length > 5 && annotations.description.length > 30);
      const [file = "", anchor = ""] = annotations.runbook.split("#");
      assert.ok(existsSync(join(root, file)));
      assert.ok(headings(readFileSync(join(root, file), "utf8"), 2).some((heading) => heading.toLowerCase() === anchor));
    });

    it(`${alert} is tested: once it fires, once it is quiet`, () => {
      const found = tests.flatMap((test) => test.alert_rule_test).filter(({ alertname }) => alertname === alert);
      assert.deepEqual(found.map(({ exp_alerts: expected }) => expected.length).sort(), [0, 1]);
    });
  }

  it("are tested on metrics that exist", async () => {
    const names = await metricNames("samples");
    for (const { input_series: series } of tests)
      for (const name of series.flatMap((entry) => queriedMetrics(entry.series.replace(/\{.*/, "")))) assert.ok(names.has(name), name);
  });

  it("pass promtool's check and their tests", (t) => {
    const found = spawnSync(join(root, "scripts", "promtool.sh"), { encoding: "utf8" });
    if (found.status !== 0) {
      t.diagnostic(found.stderr.trim());
      console.log(
        `promtool does not run here, the rules were checked by their structure alone (make alerts gets it): ${found.stderr.trim()}`,
      );
      return;
    }
    const promtool = found.stdout.trim();
    const run = (...words: string[]): string => execFileSync(promtool, words, { cwd: folder, encoding: "utf8" });
    assert.match(run("check", "config", "prometheus.yml"), new RegExp(`${rules.length} rules found`));
    assert.match(run("test", "rules", "alerts.test.yml"), /SUCCESS/);
  });
});
