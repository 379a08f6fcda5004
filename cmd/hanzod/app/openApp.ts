import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { createCometRpc } from "../../../app/api/cometRpc.ts";
import type { KernelFigures } from "../../../app/experience/kernelThread.ts";
import { createHanzoApp } from "../../../app/hanzo.ts";
import { spawnSolver } from "../../../app/route/routeWorker.ts";
import type { App } from "../../../app/runtime/app.ts";
import type { LogPort } from "../../../app/runtime/ports.ts";
import { withSnapshots } from "../../../app/statesync/withSnapshots.ts";
import { type CommitStoreOptions, type DurableCommitStore, defaultKeepVersions, openCommitStore } from "../../../app/store/commitStore.ts";
import type { FailpointHook } from "../../../app/store/failpoint.ts";
import { everyVersion } from "../../../app/store/recovery.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { QueryPool } from "../../../app/threads/queryPool.ts";
import { SignatureThread } from "../../../app/threads/signatureThread.ts";
import { withQueryThreads } from "../../../app/threads/withQueryThreads.ts";
import { chainOf } from "../config/chainOf.ts";
import type { AppConfig } from "../config/settings.ts";
import { txIndexOf } from "../config/txIndexOf.ts";
import { findInitialHeight, requireValidGenesis } from "../genesis/requireValidGenesis.ts";
import type { NodeLog } from "../node/comet.ts";
import { getCometListener } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { EXIT, NodeError } from "../node/nodeError.ts";
import { reachableHost } from "../node/reachableHost.ts";
import type { OpenedApp } from "../node/supervisor.ts";
import { readFailTest } from "./failTest.ts";
import { openNodeKernels } from "./nodeKernels.ts";
import { openSnapshots } from "./openSnapshots.ts";
import { QUERY_THREAD_FILE, type QueryThreadSettings } from "./queryThread.ts";

/** The state machine of a home, on its store. */
export interface OpenedHanzo extends OpenedApp {
  readonly app: App;
  readonly store: DurableCommitStore;
  /** Threads that answer queries; undefined when the settings want none. */
  readonly queries: QueryPool | undefined;
  /** What computes aggregates, and how many it has. */
  kernels(): KernelFigures;
}

/** Who watches the parts of an application from outside. */
export interface AppWatch {
  /** Told of the moments of every commit. */
  readonly moment?: FailpointHook;
  /** Told of every thread that is started, by what it does: `query`, `signature`, `route`, `snapshot`, `kernels`. */
  readonly workerStarted?: (worker: string) => void;
  /** Told when the state that the node began with turns out to be wrong. Where nobody is, it is proven before anything else. */
  readonly refuted?: (error: NodeError) => void;
}

interface Closable {
  close(): Promise<void>;
}

/** Opens store and state machine of a home. The caller holds the home's lock. */
export async function openApp(home: Home, config: AppConfig, log: NodeLog, watch: AppWatch = {}): Promise<OpenedHanzo> {
  // Before the store is made: it keeps the height of its first block for good, so a mistake in the file could not be mended any more.
  const fresh = !existsSync(home.data.app);
  const chain = chainOf(config);
  if (fresh) await requireValidGenesis(home.config.genesis, chain);
  const store = await openHomeStore(home, config, log, watch);
  const threads: Closable[] = [];
  const close = async (): Promise<void> => {
    // The store is closed also when a thread stays: it reads what this thread hands it, and memory that it keeps.
    const failures: unknown[] = [];
    for (const thread of threads.splice(0).reverse()) await thread.close().catch((error: unknown) => failures.push(error));
    await store.close();
    if (failures.length > 0) throw failures[0];
  };
  try {
    log("info", `the store is open at height ${store.version}`, "store");
    const appLog = logPort(log);
    const started = watch.workerStarted ?? (() => {});
    const settings = await threadSettings(home, config);
    const { cometUrl, chain: _choice, ...choices } = settings;
    const signatures = config["signature-worker"] ? new SignatureThread({ log: appLog, started }) : undefined;
    if (signatures !== undefined) threads.push(signatures);
    const kernels = openNodeKernels(home, config, log, started);
    threads.push(kernels);
    const app = await createHanzoApp({
      store,
      kernels: kernels.port,
      ...chain.app,
      ...choices,
      skippedUpgrades: new Set(config["unsafe-skip-upgrades"].map(BigInt)),
      retainBlocks: BigInt(config["min-retain-blocks"]),
      invariantInterval: BigInt(config["inv-check-period"]),
      comet: createCometRpc(cometUrl),
      log: appLog,
      pause: () => setImmediate(),
      ...(signatures === undefined ? {} : { signatureAid: signatures }),
      spawnSolver(events) {
        started("route");
        return spawnSolver(events);
      },
    });
    if (app.height === 0n && !fresh) await requireValidGenesis(home.config.genesis, chain);
    const snapshots = openSnapshots({ folder: home.data.snapshots, config, store, stores: chain.stores, log: appLog, started });
    threads.push(snapshots.taker);
    const whole = kernels.startWith(withSnapshots(app, snapshots));
    if (config["query-workers"] === 0) return { app: whole, store, queries: undefined, kernels: kernels.figures, close };
    const queries = new QueryPool({
      source: { app, store },
      script: QUERY_THREAD_FILE,
      settings,
      threads: config["query-workers"],
      deadlineMs: config["query-deadline-ms"],
      log: appLog,
      started,
    });
    threads.push(queries);
    return { app: withQueryThreads(whole, queries), store, queries, kernels: kernels.figures, close };
  } catch (thrown) {
    await close();
    throw storeRefusal(home.data.app, thrown);
  }
}

/** Versions that stay readable and provable. */
export function keptVersions(config: AppConfig): bigint {
  switch (config.pruning) {
    case "default":
      return defaultKeepVersions;
    case "nothing":
      return everyVersion;
    case "everything":
      return 2n;
    case "custom":
      return BigInt(config["pruning-keep-recent"]);
  }
}

async function openHomeStore(home: Home, config: AppConfig, log: NodeLog, watch: AppWatch): Promise<DurableCommitStore> {
  const { refuted } = watch;
  const { failpoint, proof, ...tuning } = readFailTest(process.env);
  return openStore({
    path: home.data.app,
    stores: chainOf(config).stores,
    initialVersion: () => findInitialHeight(home.config.genesis),
    keepVersions: keptVersions(config),
    report: ({ kind, detail }) => log("warn", `store ${kind}: ${detail}`, "store"),
    ...tuning,
    ...(refuted && { proveBehind: { ...proof, refuted: (error: StoreError) => refuted(wrongState(home.data.app, error)) } }),
    failpoint: (name) => {
      watch.moment?.(name);
      failpoint?.(name);
    },
  });
}

/** @throws NodeError HZN-STORE */
async function openStore(options: CommitStoreOptions): Promise<DurableCommitStore> {
  try {
    return await openCommitStore(options);
  } catch (thrown) {
    throw storeRefusal(options.path, thrown);
  }
}

/** A store that refuses is told with its code and what exactly is damaged, as NodeError HZN-STORE; anything else stays what it is. @param path of the store */
export function storeRefusal(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof StoreError)) return thrown;
  const { codespace, code, message, detail } = thrown;
  const next = `look up ${codespace}/${code} in docs/ERRORS.md; the blocks are CometBFT's and untouched`;
  return new NodeError("HZN-STORE", `${path} cannot be opened: ${codespace}/${code} ${message}: ${detail}`, next, EXIT.failed);
}

/** The state that a node began with is not what its hashes say. */
function wrongState(path: string, { codespace, code, message, detail }: StoreError): NodeError {
  return new NodeError(
    "HZN-STATE",
    `the state that the node began with is wrong: ${codespace}/${code} ${message}: ${detail}`,
    `start again: the checkpoint is set aside as ${path}/checkpoints/refuted, and the one before is proven before anything is served. Test memory and disk of the machine`,
    EXIT.failed,
  );
}

/** What the state machine of the node and those of its query threads have in common. */
async function threadSettings(home: Home, config: AppConfig): Promise<QueryThreadSettings> {
  const { host, port } = await getCometListener(home, "rpc.laddr");
  return {
    cometUrl: `http://${reachableHost(host)}:${port}`,
    chain: chainOf(config).choice,
    minGasPrices: config["minimum-gas-prices"],
    queryGasLimit: BigInt(config["query-gas-limit"]),
    node: { keepVersions: keptVersions(config), haltHeight: BigInt(config["halt-height"]) },
    txIndex: txIndexOf(config),
  };
}

function logPort(log: NodeLog): LogPort {
  return {
    info: (message, fields) => log("info", message, "state", fields),
    error: (message, fields) => log("error", message, "state", fields),
  };
}
