import { createNodeMetrics } from "../../../cmd/hanzod/metrics/nodeMetrics.ts";

/** Metrics that a PromQL expression asks for: its words that begin like one. Labels and texts are left out. */
export function queriedMetrics(expression: string): string[] {
  const bare = expression.replaceAll(/"[^"]*"/g, "").replaceAll(/\{[^}]*\}/g, "");
  return [...bare.matchAll(/\b(?:hanzo|process|nodejs|cometbft)_[a-z0-9_]+\b/g)].map(([name]) => name);
}

/** Names that a node's /metrics has. @param form `base`: of the metrics; `samples`: of what is stored, with `_bucket`, `_sum` and `_count` */
export async function metricNames(form: "base" | "samples"): Promise<ReadonlySet<string>> {
  const text = await createNodeMetrics().registry.metrics();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = "", type]) =>
      form === "samples" && type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}
