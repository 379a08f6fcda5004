// The dashboards are whole, and ask for nothing that a node does not measure.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { metricNames, queriedMetrics } from "./promql.ts";

const folder = join(import.meta.dirname, "../../../../deploy/grafana");
/** Grafana's name of the source that the user chose; dashboards name none of their own. */
const DATASOURCE = ["$", "{datasource}"].join("");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string | { readonly query: string } }[] };
}

const read = (file: string): Dashboard => JSON.parse(readFileSync(join(folder, file), "utf8")) as Dashboard;
const charts = (dashboard: Dashboard): readonly Panel[] => dashboard.panels.filter(({ type }) => type !== "row");

describe("the dashboards", () => {
  it("are there, each with an id and a title of its own", () => {
    assert.ok(files.length >= 3);
    for (const field of ["uid", "title"] as const) assert.equal(new Set(files.map((file) => read(file)[field])).size, files.length);
  });

  it("show every metric of hanzod", async () => {
    const shown = new Set(
      files.flatMap((file) => charts(read(file)).flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => queriedMetrics(expr)))),
    );
    const base = new Set([...shown].map((name) => name.replace(/_(bucket|sum|count)$/, "")));
    const measured = [...(await metricNames("base"))].filter((name) => name.startsWith("hanzo_") && name !== "hanzo_build_info");
    assert.deepEqual(
      measured.filter((name) => !base.has(name)),
      [],
    );
  });

  for (const file of files) {
    it(`${file} asks only for metrics that /metrics has`, async () => {
      const names = await metricNames("samples");
      for (const { title, targets = [] } of charts(read(file)))
        for (const { expr } of targets) {
          const asked = queriedMetrics(expr);
          assert.ok(asked.length > 0, `${title}: ${expr}`);
          for (const name of asked) assert.ok(names.has(name), `${title}: no metric ${name}`);
        }
    });

    it(`${file} has panels with title, description, unit and source, that do not overlap`, () => {
      const { panels, schemaVersion, templating, description } = read(file);
      assert.ok(description.length > 10 && schemaVersion >= 39);
      assert.deepEqual(
        templating.list.map(({ name }) => name),
        ["datasource", "instance"],
      );
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      const taken = new Set<string>();
      for (const { title, type, gridPos, ...panel } of panels) {
        assert.ok(title !== "");
        assert.ok(gridPos.x >= 0 && gridPos.x + gridPos.w <= 24, title);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            assert.ok(!taken.has(`${x}/${y}`), `${title} overlaps`);
            taken.add(`${x}/${y}`);
          }
        if (type === "row") continue;

        assert.ok(
          (panel.description ?? "").length > 10 && panel.fieldConfig?.defaults.unit !== undefined && panel.datasource?.uid === DATASOURCE,
          title,
        );
        for (const { expr, legendFormat } of panel.targets ?? []) {
          assert.ok(expr.includes('instance=~"$instance"'), `${title}: the node's choice counts`);
          assert.ok(legendFormat !== "");
          for (const [, label = ""] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
            const grouped = /\bby \(([^)]*)\)/.exec(expr)?.[1];
            assert.ok(grouped === undefined || grouped.split(", ").includes(label), `${title}: {{${label}}} is lost by ${expr}`);
          }
        }
      }
    });
  }
});
