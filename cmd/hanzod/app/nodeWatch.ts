import type { HttpPages } from "../../../app/api/httpPage.ts";
import { startPageServer } from "../../../app/api/pageServer.ts";
import type { Application } from "../../../app/runtime/application.ts";
import type { QueryPool } from "../../../app/threads/queryPool.ts";
import type { AppConfig } from "../config/settings.ts";
import { checkHealth } from "../health/checkHealth.ts";
import { createCometView } from "../health/cometView.ts";
import { healthPages } from "../health/healthPages.ts";
import { shareRecent } from "../health/shareRecent.ts";
import { createNodeMetrics } from "../metrics/nodeMetrics.ts";
import { type BlockReport, observeApplication } from "../metrics/observeApplication.ts";
import { observeQuery } from "../metrics/observeQuery.ts";
import { type GaugeSources, readGauges } from "../metrics/readGauges.ts";
import { storeMoments } from "../metrics/storeMoments.ts";
import { setValidatorGauges } from "../metrics/validatorGauges.ts";
import type { NodeLog } from "../node/comet.ts";
import { getCometListener, readCometIdentity } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { reachableHost } from "../node/reachableHost.ts";
import type { ApiStarter } from "../node/supervisor.ts";
import type { AppWatch, OpenedHanzo } from "./openApp.ts";
import { ownPower, tellPower } from "./ownPower.ts";

/** Metrics and health of one node. */
export interface NodeWatch {
  /** What the application is opened with. */
  readonly app: AppWatch;
  /** The application as it is then called. */
  observe(app: Application): Application;
  /** The threads as they are then asked, past the application. */
  observeThreads(queries: Pick<QueryPool, "ask">): Pick<QueryPool, "ask">;
  /** CometBFT's process was started. */
  cometStarted(): void;
  /** `/livez`, `/readyz`, `/healthz`, and `/metrics` where it is served. */
  readonly pages: HttpPages;
  /** Serves the pages where they have an address of their own. */
  readonly servers: readonly ApiStarter[];
}

/** Milliseconds for which a scrape holds. */
const FRESH_MS = 500;

/** Watches a node. @param opened the open application; undefined before and after @param content sizes of the content store, if there is one */
export async function createNodeWatch(
  home: Home,
  config: AppConfig,
  log: NodeLog,
  opened: () => OpenedHanzo | undefined,
  content: GaugeSources["content"],
): Promise<NodeWatch> {
  const metrics = createNodeMetrics();
  const { host, port } = await getCometListener(home, "rpc.laddr");
  const power = await ownPower(home, opened);
  const { validatorAddress } = await readCometIdentity(home);
  const validators = (): void => {
    const chain = opened();
    // Before genesis there is nothing to tell.
    if (chain !== undefined && chain.app.height > 0n) setValidatorGauges(metrics, chain, validatorAddress);
  };
  const tell = tellPower(power, log);
  const comet = createCometView(() => `http://${reachableHost(host)}:${port}`);
  const look = async (): Promise<ReturnType<typeof checkHealth>> =>
    checkHealth(
      { storeHeight: opened()?.store.version, comet: await comet.status(), nowMs: Date.now() },
      { maxBlockAge: config["health.max-block-age"], readyWhileCatchingUp: config["health.ready-while-catching-up"] },
    );
  const pages = new Map(healthPages(look));
  const scrape = shareRecent(FRESH_MS, async () => {
    const kernels = () => opened()?.kernels();
    await readGauges(metrics, { home, store: () => opened()?.store, comet, kernels, power, validators, content });
    return { status: 200, contentType: metrics.registry.contentType, body: await metrics.registry.metrics() };
  });
  if (config["telemetry.enabled"]) pages.set("/metrics", scrape);
  return {
    app: {
      moment: storeMoments(metrics),
      workerStarted: (worker) => metrics.workerStarts.inc({ worker }),
    },
    observeThreads: (queries) => ({ ask: (request, show) => observeQuery(metrics, request.path, () => queries.ask(request, show)) }),
    observe: (app) =>
      observeApplication(app, metrics, (block) => {
        log("debug", "block committed", "state", fieldsOf(block));
        tell();
      }),
    cometStarted: () => metrics.cometStarts.inc(),
    pages: config["telemetry.address"] === "none" ? pages : new Map(),
    servers: pageServers(config, pages),
  };
}

function pageServers(config: AppConfig, pages: HttpPages): readonly ApiStarter[] {
  const listener = config["telemetry.address"];
  if (listener === "none") return [];
  return [
    {
      name: "metrics and health",
      ports: [{ name: "metrics and health", ...listener, option: "telemetry.address in config/app.toml" }],
      start: () => startPageServer(pages, listener),
    },
  ];
}

function fieldsOf({ height, txs, failed, gasUsed, finalizeSeconds, commitSeconds }: BlockReport): Readonly<Record<string, unknown>> {
  const milliseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;
  return {
    height: Number(height),
    txs,
    failed,
    gasUsed: Number(gasUsed),
    finalizeMs: milliseconds(finalizeSeconds),
    commitMs: milliseconds(commitSeconds),
  };
}
