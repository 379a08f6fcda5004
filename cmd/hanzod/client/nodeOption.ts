import { CliError } from "../../shared/cliError.ts";
import { type CommonOptions, homeOf } from "../command/options.ts";
import { endpointsOf } from "../command/status.ts";
import { createNodeClient, type NodeClient } from "./nodeClient.ts";

/** Options of commands that talk to a node. */
export interface NodeOptions extends CommonOptions {
  readonly node?: string;
  /** Asks no node. */
  readonly offline?: boolean;
}

/** A node that is never asked. */
function offlineClient(): NodeClient {
  const refuse = (): never => {
    throw new CliError("a node would have to be asked", {
      why: "--offline is given",
      next: "give what is missing by options, or leave --offline out",
    });
  };
  return { rpc: "", chainId: refuse, caughtUp: refuse, query: refuse, broadcast: refuse, findTx: refuse, call: refuse };
}

/** The node that `--node` names, else the one of the home. @throws CliError when neither names one */
export async function nodeClientOf(options: NodeOptions): Promise<NodeClient> {
  if (options.offline === true) return offlineClient();
  if (options.node === undefined) return createNodeClient((await endpointsOf(homeOf(options))).rpc);
  const url = URL.canParse(options.node) ? new URL(options.node.replace(/^tcp:/, "http:")) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CliError(`"${options.node}" is no node`, {
      why: "http://host:port of a node's RPC is expected",
      next: "--node http://127.0.0.1:26657",
    });
  }
  return createNodeClient(url.href.replace(/\/$/, ""));
}
