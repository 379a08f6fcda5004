import { existsSync } from "node:fs";
import { createCometRpc } from "../../../app/api/cometRpc.ts";
import { createHanzoApp, type HanzoOptions, hanzoStores } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import { type CommitStoreOptions, type DurableCommitStore, defaultKeepVersions, openCommitStore } from "../../../app/store/commitStore.ts";
import type { FailpointHook } from "../../../app/store/failpoint.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import type { AppConfig } from "../config/settings.ts";
import { findInitialHeight, requireValidGenesis } from "../genesis/requireValidGenesis.ts";
import type { NodeLog } from "../node/comet.ts";
import { getCometListener } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { EXIT, NodeError } from "../node/nodeError.ts";
import type { OpenedApp } from "../node/supervisor.ts";
import { readFailTest } from "./failTest.ts";

/** The state machine of a home, on its store. */
export interface OpenedHanzo extends OpenedApp {
  readonly app: App;
  readonly store: DurableCommitStore;
}

/** Who watches the parts of an application from outside. */
export interface AppWatch {
  /** Told of the moments of every commit. */
  readonly moment?: FailpointHook;
  readonly spawnSolver?: NonNullable<HanzoOptions["spawnSolver"]>;
}

/** Opens store and state machine of a home. The caller holds the home's lock. */
export async function openApp(home: Home, config: AppConfig, log: NodeLog, watch: AppWatch = {}): Promise<OpenedHanzo> {
  // Before the store is made: it keeps the height of its first block for good, so a mistake in the file could not be mended any more.
  const fresh = !existsSync(home.data.app);
  if (fresh) await requireValidGenesis(home.config.genesis);
  const { failpoint, ...tuning } = readFailTest(process.env);
  const store = await openStore({
    path: home.data.app,
    stores: hanzoStores,
    initialVersion: await findInitialHeight(home.config.genesis),
    keepVersions: keptVersions(config),
    report: ({ kind, detail }) => log("warn", `store ${kind}: ${detail}`, "store"),
    ...tuning,
    failpoint: (name) => {
      watch.moment?.(name);
      failpoint?.(name);
    },
  });
  try {
    log("info", `the store is open at height ${store.version}`, "store");
    const { host, port } = await getCometListener(home, "rpc.laddr");
    const app = await createHanzoApp({
      store,
      minGasPrices: config["minimum-gas-prices"],
      retainBlocks: BigInt(config["min-retain-blocks"]),
      invariantInterval: BigInt(config["inv-check-period"]),
      comet: createCometRpc(`http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`),
      log: {
        info: (message, fields) => log("info", message, "state", fields),
        error: (message, fields) => log("error", message, "state", fields),
      },
      ...(watch.spawnSolver === undefined ? {} : { spawnSolver: watch.spawnSolver }),
    });
    if (app.height === 0n && !fresh) await requireValidGenesis(home.config.genesis);
    return { app, store, close: () => store.close() };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** Versions that stay readable and provable. */
export function keptVersions(config: AppConfig): bigint {
  switch (config.pruning) {
    case "default":
      return defaultKeepVersions;
    case "everything":
      return 2n;
    case "custom":
      return BigInt(config["pruning-keep-recent"]);
  }
}

/** A store that refuses is told with its code and what exactly is damaged. @throws NodeError HZN-STORE */
async function openStore(options: CommitStoreOptions): Promise<DurableCommitStore> {
  try {
    return await openCommitStore(options);
  } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown;
    const { codespace, code, message, detail } = thrown;
    const next = `look up ${codespace}/${code} in docs/ERRORS.md; the blocks are CometBFT's and untouched`;
    throw new NodeError("HZN-STORE", `${options.path} cannot be opened: ${codespace}/${code} ${message}: ${detail}`, next, EXIT.failed);
  }
}
