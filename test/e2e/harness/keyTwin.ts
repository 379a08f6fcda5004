// A second node with a copy of a validator's key: what an operator must never start.
import { type ChildProcess, spawn } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { cometBinary } from "../../../cmd/hanzod/command/cometBinary.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { getCometSetting, initCometHome, writeCometConfig } from "../../../cmd/hanzod/node/cometConfig.ts";
import { type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { HANZOD, spawnNode } from "./nodeProcess.ts";
import type { Validator } from "./validatorNet.ts";

/** The second node. */
export interface KeyTwin {
  /** Starts it as nodes are started. @returns what it said when it ended by itself */
  startGuarded(): Promise<string>;
  /** Starts it with a CometBFT beside it, over which the node does not watch. */
  startUnguarded(): void;
  stop(): Promise<void>;
}

/** Makes the home of a second node of a validator. @param root of the new home */
export async function makeTwin(of: Validator, root: string): Promise<KeyTwin> {
  const home = homeLayout(root);
  const binary = await cometBinary();
  await initCometHome(binary, home);
  await copyFile(of.home.config.privValidatorKey, home.config.privValidatorKey);
  await copyFile(of.home.config.genesis, home.config.genesis);
  const rpc = await configure(home, await getCometSetting(of.home, "p2p.persistent_peers"));
  const children: ChildProcess[] = [];
  const run = (file: string, ...words: readonly string[]): void => void children.push(spawn(file, words, { stdio: "ignore" }));
  return {
    async startGuarded() {
      const node = spawnNode({ home, rpc });
      await node.exited;
      return node.output();
    },
    startUnguarded() {
      const socket = `unix://${home.run.abciSocket}`;
      run(process.execPath, HANZOD, "start", "--home", root, "--quiet", "--comet", "external", "--abci", socket);
      run(binary, "start", "--home", root, "--abci", "socket", "--proxy_app", socket);
    },
    async stop() {
      for (const child of children.reverse()) {
        const ended = new Promise((done) => child.once("exit", done));
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGTERM");
        await ended;
      }
    },
  };
}

async function configure(home: Home, peers: string): Promise<string> {
  const host = "127.0.0.1";
  const [rpc = 0, p2p = 0, rest = 0, grpc = 0] = await findFreePorts(4);
  await writeCometConfig(home, {
    moniker: "twin",
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { host, port: rpc, corsAllowedOrigins: [] },
    p2p: { host, port: p2p, localNetwork: true, persistentPeers: peers.split(",") },
    timeoutCommitMs: 250,
  });
  writeAppConfig(home, { ...DEFAULT_APP_CONFIG, "api.address": { host, port: rest }, "grpc.address": { host, port: grpc } });
  return `http://${host}:${rpc}`;
}
