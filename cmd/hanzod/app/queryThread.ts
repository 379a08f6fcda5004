// The file of the node's query threads: the same state machine as the node's, on the state that the node shares.
import { createCometRpc } from "../../../app/api/cometRpc.ts";
import { type ChainChoice, chainProfile } from "../../../app/chainProfile.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { createHanzoApp } from "../../../app/hanzo.ts";
import { spawnSolver } from "../../../app/route/routeWorker.ts";
import type { NodeConfig } from "../../../app/runtime/query/nodeService.ts";
import type { TxIndexOptions } from "../../../app/runtime/txIndex.ts";
import { serveQueries } from "../../../app/threads/queryThread.ts";

/** What a query thread must know of the node's settings; cloned into it. */
export interface QueryThreadSettings {
  /** The chain that the node runs. */
  readonly chain: ChainChoice;
  /** `http://host:port` of CometBFT's RPC. */
  readonly cometUrl: string;
  readonly minGasPrices: string;
  /** 0 for no limit. */
  readonly queryGasLimit: bigint;
  readonly node: NodeConfig;
  /** What the node's own thread indexes: searches here rely on it. */
  readonly txIndex: TxIndexOptions;
}

/** Where this file is, for whoever starts threads. */
export const QUERY_THREAD_FILE = new URL(import.meta.url);

// No await at the top level: the file is also part of bundles that know none.
void serveQueries<QueryThreadSettings>(async ({ store, settings, log, started }) => {
  const { cometUrl, chain, ...choices } = settings;
  const app = await createHanzoApp({
    store,
    ...chainProfile(chain).app,
    ...choices,
    comet: createCometRpc(cometUrl),
    log,
    spawnSolver(events) {
      started("route");
      return spawnSolver(events);
    },
  });
  return { app, descriptors: descriptors() };
});
