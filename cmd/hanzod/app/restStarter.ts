import { createRestServer } from "../../../app/api/rest.ts";
import { descriptors, hanzoServices } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import type { AppConfig } from "../config/appConfig.ts";
import type { ApiStarter } from "../node/supervisor.ts";

/** Starts the REST API on what app.toml says. @param find the running state machine; undefined until it is open */
export function restStarter(config: AppConfig, find: () => { readonly app: App } | undefined): ApiStarter {
  const { host, port, enabledUnsafeCors } = config.api;
  return {
    name: "REST API",
    ports: [{ name: "the REST API", host, port, option: "api.address in config/app.toml" }],
    async start() {
      const server = await createRestServer({
        descriptors: descriptors(),
        services: hanzoServices,
        allowAnyOrigin: enabledUnsafeCors,
        query(request) {
          const opened = find();
          if (opened === undefined) throw new Error("the application is not open");
          return opened.app.query(request);
        },
      });
      await server.listen({ host, port });
      return { stop: () => server.close() };
    },
  };
}
