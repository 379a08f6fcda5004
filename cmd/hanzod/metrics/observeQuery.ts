import type { NodeMetrics } from "./nodeMetrics.ts";
import { queryClass } from "./queryClass.ts";

/** Counts and times one query, wherever it is answered. @param path of the request */
export async function observeQuery<T extends { readonly answer: { readonly code: number } }>(
  metrics: NodeMetrics,
  path: string,
  ask: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const result = await ask();
  const group = queryClass(path);
  metrics.querySeconds.observe({ class: group }, (performance.now() - started) / 1000);
  metrics.queries.inc({ class: group, code: result.answer.code });
  return result;
}
