import { descriptorImage, descriptors } from "../../../app/descriptorImage.ts";
import { grpcLimitsOf } from "../config/apiLimits.ts";
import { chainOf } from "../config/chainOf.ts";
import type { AppConfig } from "../config/settings.ts";
import type { ApiStarter } from "../node/supervisor.ts";
import type { QueryAnswerer } from "./restStarter.ts";

/** Starts the gRPC API on what app.toml says. @param find the running state machine; undefined until it is open */
export function grpcStarter(config: AppConfig, find: () => Omit<QueryAnswerer, "queries"> | undefined): ApiStarter {
  const { host: name, port } = config["grpc.address"];
  const chain = chainOf(config);
  // One listener, and the one whose port was checked: the name may stand for two addresses.
  const host = name === "localhost" ? "127.0.0.1" : name;
  return {
    name: "gRPC API",
    ports: [{ name: "the gRPC API", host, port, option: "grpc.address in config/app.toml" }],
    async start() {
      // Loaded when CometBFT runs: a node makes blocks before it answers questions.
      const { createGrpcServer } = await import("../../../app/api/grpcServer.ts");
      const server = createGrpcServer({
        descriptors: descriptors(),
        image: descriptorImage(),
        services: chain.services,
        chain: chain.facts(() => find()?.chainId ?? ""),
        limits: grpcLimitsOf(config),
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
