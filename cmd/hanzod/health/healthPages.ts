import type { HttpAnswer, HttpPages } from "../../../app/api/httpPage.ts";
import type { HealthCheck } from "./checkHealth.ts";
import { shareRecent } from "./shareRecent.ts";

const TEXT = "text/plain; charset=utf-8";
/** Fewest milliseconds between two looks: probes and load balancers ask often, and the answers hold that long. */
const FRESH_MS = 500;

/**
 * `/livez`: 200 as long as the process answers at all; restart it when it does not. `/readyz`: 200 when it can serve users, else 503 with what is
 * wrong. `/healthz`: the same, with `?verbose` as JSON part by part.
 *
 * @param look judges the node
 */
export function healthPages(look: () => Promise<readonly HealthCheck[]>): HttpPages {
  const checks = shareRecent(FRESH_MS, look);
  return new Map([
    ["/livez", async () => ({ status: 200, contentType: TEXT, body: "ok\n" })],
    ["/readyz", async () => shortAnswer(await checks())],
    ["/healthz", async (search: URLSearchParams) => (search.has("verbose") ? longAnswer(await checks()) : shortAnswer(await checks()))],
  ]);
}

function shortAnswer(checks: readonly HealthCheck[]): HttpAnswer {
  const wrong = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  return { status: wrong.length === 0 ? 200 : 503, contentType: TEXT, body: `${wrong.length === 0 ? "ok" : wrong.join("\n")}\n` };
}

function longAnswer(checks: readonly HealthCheck[]): HttpAnswer {
  const ready = checks.every(({ ok }) => ok);
  return { status: ready ? 200 : 503, contentType: "application/json", body: `${JSON.stringify({ ready, checks })}\n` };
}
