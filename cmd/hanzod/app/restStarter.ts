import type { BlobSource } from "../../../app/api/blobs.ts";
import type { HttpPages } from "../../../app/api/httpPage.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { openApiJson } from "../../../app/hanzoServices.ts";
import type { Application } from "../../../app/runtime/application.ts";
import type { QueryPool } from "../../../app/threads/queryPool.ts";
import { httpLimitsOf } from "../config/apiLimits.ts";
import { chainOf } from "../config/chainOf.ts";
import type { AppConfig } from "../config/settings.ts";
import { getCometListener } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { reachableHost } from "../node/reachableHost.ts";
import type { ApiStarter } from "../node/supervisor.ts";
import { browserPages } from "./browserPages.ts";

/** Who answers the API's queries. */
export interface QueryAnswerer {
  readonly app: Pick<Application, "query">;
  /** Threads that answer instead and write the JSON, too; undefined when there are none. */
  readonly queries: Pick<QueryPool, "ask"> | undefined;
  /** Empty before the chain has begun. */
  readonly chainId: string;
}

/**
 * Starts the REST API on what app.toml says. A chain that any web page may call is a local one: its node serves the test wallet, too.
 * @param find the running state machine; undefined until it is open
 * @param probes health and metrics, where they stand on this port
 * @param blobs content blocks, where the node keeps them
 */
export function restStarter(
  home: Home,
  config: AppConfig,
  find: () => QueryAnswerer | undefined,
  probes: HttpPages = new Map(),
  blobs?: BlobSource,
): ApiStarter {
  const { host, port } = config["api.address"];
  const chain = chainOf(config);
  const isLocal = config["api.enabled-unsafe-cors"];
  const open = (): QueryAnswerer => {
    const opened = find();
    if (opened === undefined) throw new Error("the application is not open");
    return opened;
  };
  return {
    name: "REST API",
    ports: [{ name: "the REST API", host, port, option: "api.address in config/app.toml" }],
    async start() {
      // Loaded when CometBFT runs: a node makes blocks before it answers questions.
      const { createRestServer } = await import("../../../app/api/rest.ts");
      const server = await createRestServer({
        descriptors: descriptors(),
        services: chain.services,
        chain: chain.facts(() => find()?.chainId ?? ""),
        allowAnyOrigin: isLocal,
        limits: httpLimitsOf(config),
        probes,
        ...(blobs === undefined ? {} : { blobs }),
        pages: browserPages({
          walletRpc: isLocal ? await rpcOf(home) : undefined,
          apiPage: config["api.swagger"],
          probes: probes.keys(),
        }),
        openApi: openApiJson,
        query: (request) => open().app.query(request),
        async ask(request, typeName) {
          const { app, queries } = open();
          return queries === undefined ? { answer: await app.query(request), shown: undefined } : queries.ask(request, typeName);
        },
      });
      await server.listen({ host, port });
      return { stop: () => server.close() };
    },
  };
}

async function rpcOf(home: Home): Promise<string> {
  const { host, port } = await getCometListener(home, "rpc.laddr");
  return `http://${reachableHost(host)}:${port}`;
}
