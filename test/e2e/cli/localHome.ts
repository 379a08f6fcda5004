import { join } from "node:path";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { hanzodOk } from "./hanzod.ts";

/** A home of `hanzod init --local`, and where its node's RPC will answer. */
export interface LocalHome {
  readonly root: string;
  readonly rpc: string;
}

/** Makes a home with ports of its own in a folder. */
export async function makeLocalHome(folder: string, name: string): Promise<LocalHome> {
  const root = join(folder, name);
  const [rpc = 0, p2p = 0, rest = 0, grpc = 0] = await findFreePorts(4);
  const ports = ["--rpc-port", String(rpc), "--p2p-port", String(p2p), "--rest-port", String(rest), "--grpc-port", String(grpc)];
  await hanzodOk(["init", name, "--local", "--home", root, ...ports]);
  return { root, rpc: `http://127.0.0.1:${rpc}` };
}
