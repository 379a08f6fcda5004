import { resolveAppConfig } from "../config/appConfig.ts";
import { type DoctorCheck, error, type Finding } from "./finding.ts";

interface Used {
  readonly who: string;
  readonly host: string;
  readonly port: number;
  readonly where: string;
}

/** Ports: two of the node's own, or one that somebody else has. */
export const checkPorts: DoctorCheck = async (context) => {
  const used = usedPorts(context);
  const found: Finding[] = [];
  for (const [index, { who, port, where }] of used.entries()) {
    const other = used.slice(0, index).find((earlier) => earlier.port === port);
    if (other !== undefined)
      found.push(error("ports.twice", `${other.who} and ${who} both have port ${port}`, "only one of them can listen", `change ${where}`));
    else if (context.runningPid === undefined && !(await context.machine.isPortFree(port, used[index]?.host ?? ""))) {
      const owner = (await context.machine.findPortOwner(port)) ?? "another process";
      found.push(
        error(
          "ports.taken",
          `port ${port} for ${who} is in use by ${owner}`,
          "the node does not start (HZN-PORT)",
          `stop that process, or change ${where}`,
        ),
      );
    }
  }
  return found;
};

function usedPorts({ home, machine, comet }: Parameters<DoctorCheck>[0]): readonly Used[] {
  const used: Used[] = [];
  const add = (who: string, where: string, text: unknown): void => {
    const parts = typeof text === "string" ? /^(?:tcp:\/\/)?(.*):(\d{1,5})$/.exec(text) : null;
    if (parts !== null)
      used.push({ who, where, host: parts[1] === "" ? "0.0.0.0" : (parts[1] ?? "").replace(/^\[(.*)\]$/, "$1"), port: Number(parts[2]) });
  };
  add("CometBFT RPC", "rpc.laddr in config.toml", comet?.get("rpc.laddr"));
  add("CometBFT peers", "p2p.laddr in config.toml", comet?.get("p2p.laddr"));
  if (comet?.get("instrumentation.prometheus") === true)
    add("CometBFT metrics", "instrumentation.prometheus_listen_addr in config.toml", comet.get("instrumentation.prometheus_listen_addr"));
  try {
    const { config } = resolveAppConfig(home, { environment: machine.environment });
    if (config["api.enable"]) used.push({ who: "the REST API", where: "api.address in app.toml", ...config["api.address"] });
    if (config["grpc.enable"]) used.push({ who: "the gRPC API", where: "grpc.address in app.toml", ...config["grpc.address"] });
    const metrics = config["telemetry.address"];
    if (metrics !== "none") used.push({ who: "metrics and health", where: "telemetry.address in app.toml", ...metrics });
  } catch {
    // The file itself is told of elsewhere.
  }
  return used;
}
