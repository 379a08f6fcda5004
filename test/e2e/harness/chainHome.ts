import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initHome } from "../../../cmd/hanzod/command/init.ts";
import { type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { makePatient } from "./patientNode.ts";

/** A throw-away home of a one-validator chain with the ten development accounts. */
export interface ChainHome {
  readonly home: Home;
  readonly chainId: string;
  /** CometBFT's RPC, `http://host:port`. */
  readonly rpc: string;
  /** REST API, `http://host:port`. */
  readonly rest: string;
  /** gRPC API, `host:port`. */
  readonly grpc: string;
  remove(): Promise<void>;
}

/** Makes a home on free ports as `hanzod init --local` does. @param blockMs wait after each block, in milliseconds @param folder where it is made */
export async function createChainHome(blockMs = 100, chainId = "hanzo-test-1", folder = tmpdir()): Promise<ChainHome> {
  const home = homeLayout(await mkdtemp(join(folder, "hz-")));
  const [rpc = 0, p2p = 0, rest = 0, grpc = 0] = await findFreePorts(4);
  await initHome(home, { chainId, moniker: "test", local: true, ports: { rpc, p2p, rest, grpc }, timeoutCommitMs: blockMs });
  await makePatient(home);
  return {
    home,
    chainId,
    rpc: `http://127.0.0.1:${rpc}`,
    rest: `http://127.0.0.1:${rest}`,
    grpc: `127.0.0.1:${grpc}`,
    remove: () => rm(home.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
