import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_SOCKET_PATH_BYTES } from "../../../app/abci/address.ts";
import type { CallObserver } from "../../../app/abci/connection.ts";
import { type AbciFailure, type AbciServer, startAbciServer } from "../../../app/abci/server.ts";
import type { Application } from "../../../app/runtime/application.ts";
import { within } from "../../../app/threads/within.ts";
import { type CometOptions, CometProcess, type NodeLog } from "./comet.ts";
import { type CometBuild, recordCometBuild } from "./cometBuild.ts";
import { getCometListener } from "./cometConfig.ts";
import { recordGenesis, requireSameGenesis } from "./genesisGuard.ts";
import { type Home, requireHome } from "./home.ts";
import { acquireLock } from "./lock.ts";
import { EXIT, NodeError } from "./nodeError.ts";
import { endOrphan } from "./orphan.ts";
import { type PortNeed, requirePorts } from "./ports.ts";
import { requireAbciVersion, requireCometVersion } from "./versionCheck.ts";

/** The application with the store it runs on. */
export interface OpenedApp {
  readonly app: Application;
  /** Closes the store; called last, when nothing can call the application any more. */
  close(): Promise<void>;
}

/** Where the running node can be reached. */
export interface NodeEndpoints {
  /** `unix:///…` or `tcp://…` */
  readonly abci: string;
  /** CometBFT's RPC, `http://host:port`. */
  readonly rpc: string;
  /** CometBFT's peer address, `host:port`. */
  readonly p2p: string;
}

/** A server that shows the node to the world: REST, gRPC, metrics. */
export interface ApiStarter {
  /** For the log and for errors. */
  readonly name: string;
  /** Ports it will listen on, checked before anything starts. */
  readonly ports?: readonly PortNeed[];
  /** Called when CometBFT answers. */
  start(endpoints: NodeEndpoints): Promise<{ stop(): Promise<void> }>;
}

/** A CometBFT that the node runs itself. */
export interface CometChild extends Pick<CometOptions, "binary" | "policy" | "onStart"> {
  /** Its build, where the binary is checked already. */
  readonly build?: CometBuild;
}

/** What a node is made of. */
export interface NodeOptions {
  readonly home: Home;
  /** Opens store and application. Called when this process holds the home; `fail` stops the node for what shows later. */
  readonly openApp: (fail: (error: NodeError) => void) => Promise<OpenedApp>;
  /** Path of the binary, or "external" when somebody else runs CometBFT against `abciAddress`. */
  readonly comet: CometChild | "external";
  /** Default: a unix socket in the home. */
  readonly abciAddress?: string;
  /** Started in this order, stopped in the reverse one. */
  readonly apis?: readonly ApiStarter[];
  readonly log: NodeLog;
  /** Sees every ABCI call; tests attach the grammar checker. */
  readonly observer?: CallObserver;
  /** Aborting it stops the node in order, also while it is still starting. */
  readonly signal?: AbortSignal;
  /** Longest time of one step of a stop, in milliseconds; left out, 40,000: longer than CometBFT is given before it is killed. */
  readonly stepMs?: number;
}

/** How a node ended. */
export interface NodeExit {
  /** For `process.exit`. 0 after a stop that was asked for. */
  readonly exitCode: number;
  /** Why, unless it was asked to. */
  readonly error: NodeError | undefined;
}

/** A node that makes or follows blocks. */
export interface RunningNode {
  readonly endpoints: NodeEndpoints;
  /** CometBFT's process id; undefined while it is being restarted and when it is external. */
  readonly cometPid: number | undefined;
  /** Which build of CometBFT runs. */
  readonly cometBuild: CometBuild | "external";
  /** Resolves when everything is closed, whoever asked for it; never rejects. */
  readonly exited: Promise<NodeExit>;
  /** Stops everything in order and returns how it went; may be called any number of times. */
  stop(): Promise<NodeExit>;
}

/**
 * Starts a node: lock, ports, store, ABCI, CometBFT, APIs. It stops in the reverse order, so that CometBFT never
 * sees its application vanish. If a part dies for good while it runs, the whole node stops: it never limps.
 *
 * @throws NodeError when it cannot be started; whatever was started is stopped again.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const node = new Node(options);
  try {
    return await node.start();
  } catch (error) {
    await node.unwind();
    throw node.failure ?? error;
  }
}

/** More than CometBFT's thirty seconds, all of which it may need before it is killed. */
const STEP_MS = 40_000;

/** A step that has to be undone: its name and how. */
type Undo = readonly [name: string, undo: () => Promise<void>];

/** Store and application, opened once; closed last, when nothing can call them any more. */
class Opening {
  readonly #open: () => Promise<OpenedApp>;
  #opened: Promise<OpenedApp> | undefined;
  #found: (app: Application) => void = () => undefined;
  /** One that cannot be opened is never called: the start fails with the reason, and CometBFT is stopped. */
  readonly app = new Promise<Application>((resolve) => {
    this.#found = resolve;
  });

  constructor(open: () => Promise<OpenedApp>) {
    this.#open = open;
  }

  /** Opens them; a second call waits for the first. */
  async begin(): Promise<void> {
    this.#opened ??= this.#open();
    this.#found((await this.#opened).app);
  }

  async close(): Promise<void> {
    await (await this.#opened?.catch(() => undefined))?.close();
  }
}

class Node {
  readonly #options: NodeOptions;
  readonly #undo: Undo[] = [];
  #comet: CometProcess | undefined;
  #cometBuild: CometBuild | "external" = "external";
  #failure: NodeError | undefined;
  #unwinding: Promise<void> | undefined;
  /** Set once the node runs: stops it. */
  #stopRunning: (() => void) | undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  get failure(): NodeError | undefined {
    return this.#failure;
  }

  async start(): Promise<RunningNode> {
    const { home, comet, log, apis = [], signal } = this.#options;
    signal?.addEventListener("abort", () => this.#abort(), { once: true });
    if (signal?.aborted === true) this.#abort();
    await requireHome(home);
    // On a thread, beside what follows: a genesis file may be large.
    const sameGenesis = requireSameGenesis(home);
    sameGenesis.catch(() => undefined);
    const lock = await acquireLock(home.run.lock);
    this.#undo.push(["lock", () => lock.release()]);
    const rpc = await getCometListener(home, "rpc.laddr");
    const p2p = await getCometListener(home, "p2p.laddr");
    if (comet !== "external") {
      this.#cometBuild = comet.build ?? (await requireCometVersion(comet.binary));
      await endOrphan(home, (text) => log("warn", text));
      await requirePorts([
        { name: "CometBFT RPC", ...rpc, option: "rpc.laddr in config/config.toml" },
        { name: "CometBFT peers", ...p2p, option: "p2p.laddr in config/config.toml" },
      ]);
    }
    await recordCometBuild(home, this.#cometBuild);
    await requirePorts(apis.flatMap((api) => api.ports ?? []));
    await sameGenesis;
    this.#throwFailure();
    // Of a chain that has begun, CometBFT is started first and gets ready beside the store: it waits for the answer to its first call. A chain
    // that has not may be refused for its genesis, which CometBFT must not see then.
    const opening = new Opening(() => this.#options.openApp((error) => this.#fail(error)));
    this.#undo.push(["store", () => opening.close()]);
    if (!existsSync(home.data.app)) await opening.begin();
    const abci = await this.#listen(opening.app);
    this.#throwFailure();
    const cometReady = comet === "external" ? undefined : this.#startComet(comet, abci.address, rpc);
    // Its failure is told below; a store that refuses is told first.
    cometReady?.catch(() => undefined);
    await opening.begin();
    await recordGenesis(home);
    await cometReady;
    const endpoints: NodeEndpoints = { abci: abci.address, rpc: `http://${rpc.host}:${rpc.port}`, p2p: `${p2p.host}:${p2p.port}` };
    for (const api of apis) {
      this.#throwFailure();
      const started = await api.start(endpoints);
      log("info", `${api.name} started`, "api");
      this.#undo.push([api.name, () => started.stop()]);
    }
    this.#throwFailure();
    return this.#running(endpoints);
  }

  /** Stops what was started, last first. An error in one step, or one that does not end, is logged and does not keep the others from being stopped. */
  unwind(): Promise<void> {
    const { log, stepMs = STEP_MS } = this.#options;
    this.#unwinding ??= (async () => {
      for (let step = this.#undo.pop(); step !== undefined; step = this.#undo.pop()) {
        const [name, undo] = step;
        await within(undo(), stepMs, name).catch((error: unknown) => log("error", `stopping ${name} failed: ${String(error)}`));
      }
    })();
    return this.#unwinding;
  }

  #running(endpoints: NodeEndpoints): RunningNode {
    let finish: (exit: NodeExit) => void = () => undefined;
    const exited = new Promise<NodeExit>((resolve) => {
      finish = resolve;
    });
    const stop = async (): Promise<NodeExit> => {
      await this.unwind();
      finish({ exitCode: this.#failure?.exitCode ?? EXIT.ok, error: this.#failure });
      return exited;
    };
    this.#stopRunning = () => void stop();
    const comet = (): number | undefined => this.#comet?.pid;
    return {
      endpoints,
      get cometPid() {
        return comet();
      },
      cometBuild: this.#cometBuild,
      exited,
      stop,
    };
  }

  async #listen(app: Promise<Application>): Promise<AbciServer> {
    const address = this.#options.abciAddress ?? (await this.#socketAddress());
    const { observer, log } = this.#options;
    const server = await startAbciServer({
      app,
      address,
      log: (level, text) => log(level, text, "abci"),
      onFatal: (failure) => this.#fail(appFailure(failure)),
      observer: guardVersion(observer),
    });
    this.#undo.push(["ABCI", () => server.close()]);
    return server;
  }

  /** A socket in the home; where its path would be too long for the system, in a private folder of its own. */
  async #socketAddress(): Promise<string> {
    const path = this.#options.home.run.abciSocket;
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return `unix://${path}`;
    const folder = await mkdtemp(join(tmpdir(), "hanzod-"));
    this.#undo.push(["socket folder", () => rm(folder, { recursive: true, force: true })]);
    return `unix://${join(folder, "abci.sock")}`;
  }

  async #startComet(comet: CometChild, abciAddress: string, rpc: { host: string; port: number }): Promise<void> {
    const { home, log } = this.#options;
    const child = new CometProcess({
      ...comet,
      ...(this.#cometBuild === "external" ? {} : { build: this.#cometBuild }),
      home,
      abciAddress,
      rpc,
      log: (level, text) => log(level, text, "comet"),
      onFatal: (error) => this.#fail(error),
    });
    this.#comet = child;
    this.#undo.push(["CometBFT", () => child.stop()]);
    await child.start();
  }

  #fail(error: NodeError): void {
    if (this.#failure !== undefined || this.#unwinding !== undefined) return;
    this.#failure = error;
    if (this.#stopRunning !== undefined) {
      this.#options.log("error", error.format());
      this.#stopRunning();
      return;
    }
    // Still starting: end the wait for CometBFT; the start then throws this error.
    void this.#comet?.stop();
  }

  #abort(): void {
    if (this.#stopRunning !== undefined) this.#stopRunning();
    else this.#fail(new NodeError("HZN-STOPPED", "the node was stopped while it was starting", "start again", EXIT.ok));
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Looks at who is calling before the application is asked. */
function guardVersion(observer: CallObserver | undefined): CallObserver {
  return {
    session: () => observer?.session(),
    call(method, request) {
      if (request.info !== undefined) requireAbciVersion(request.info);
      observer?.call(method, request);
    },
    answer: (method, answer) => observer?.answer(method, answer),
  };
}

function appFailure({ method, error }: AbciFailure): NodeError {
  if (error instanceof NodeError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const detail = error instanceof Error && "detail" in error ? `: ${String(error.detail)}` : "";
  return new NodeError(
    "HZN-APP",
    `the application failed in ${method}: ${reason}${detail}`,
    "keep the log for the report; the state on disk is the last committed block, so starting again is safe",
    EXIT.failed,
  );
}
