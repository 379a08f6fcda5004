// A node that joins a running network with a snapshot of its peers instead of all its blocks.
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { cometBinary } from "../../../cmd/hanzod/command/cometBinary.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { getCometSetting, initCometHome, setStateSync, writeCometConfig } from "../../../cmd/hanzod/node/cometConfig.ts";
import { homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { hanzodOk } from "../cli/hanzod.ts";
import { spawnNode } from "./nodeProcess.ts";
import { callRpc } from "./rpc.ts";
import { type Validator, waitUntil } from "./validatorNet.ts";

/** A node that has joined. */
export interface Joiner {
  readonly rpc: string;
  /** The first block that it has: those before came with the snapshot. */
  readonly firstBlock: number;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Starts a new node on the snapshots of two validators and waits until it has caught up. @param root of its home @param program the nodes' own */
export async function joinFromSnapshot([first, second]: readonly Validator[], root: string, program: string): Promise<Joiner> {
  assert.ok(first !== undefined && second !== undefined);
  const home = homeLayout(root);
  await initCometHome(await cometBinary(), home);
  await copyFile(first.home.config.genesis, home.config.genesis);
  const [rpcPort = 0, p2p = 0, rest = 0, grpc = 0] = await findFreePorts(4);
  const peers = await Promise.all([first, second].map((one) => getCometSetting(one.home, "p2p.persistent_peers")));
  await writeCometConfig(home, {
    moniker: "joiner",
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { host: HOST, port: rpcPort, corsAllowedOrigins: [] },
    p2p: { host: HOST, port: p2p, localNetwork: true, persistentPeers: [...new Set(peers.join(",").split(","))] },
    timeoutCommitMs: 250,
  });
  writeAppConfig(home, { ...DEFAULT_APP_CONFIG, "api.address": { host: HOST, port: rest }, "grpc.address": { host: HOST, port: grpc } });
  const trusted = await hanzodOk(["statesync", "enable", "--rpc", first.rpc, "--home", root, "--json"]);
  const { trust_height, trust_hash: trustHash } = JSON.parse(trusted) as { readonly trust_height: string; readonly trust_hash: string };
  // The same, with less waiting.
  await setStateSync(home, { rpcServers: [first.rpc, second.rpc], trustHeight: BigInt(trust_height), trustHash, discoveryTime: "5s" });
  const rpc = `http://${HOST}:${rpcPort}`;
  const node = spawnNode({ home, rpc }, [], {}, program);
  const stop = async (): Promise<void> => void (await node.end("SIGTERM"));
  try {
    await node.ready();
    const firstBlock = await waitUntil("a node that has caught up", () => firstBlockOf(rpc));
    return { rpc, firstBlock, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first block that a node has; undefined while it fetches: the application has the state of a snapshot before CometBFT has a block. */
export async function firstBlockOf(rpc: string): Promise<number | undefined> {
  const { sync_info: sync } = await callRpc<{ sync_info: { earliest_block_height: string; catching_up: boolean } }>(rpc, "status");
  return sync.catching_up || sync.earliest_block_height === "0" ? undefined : Number(sync.earliest_block_height);
}
