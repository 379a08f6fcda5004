import { chmod, lstat, unlink } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { Application } from "../runtime/application.ts";
import { type AbciAddress, AbciAddressError, formatAbciAddress, parseAbciAddress } from "./address.ts";
import { type CallObserver, Connection, type ConnectionHost } from "./connection.ts";
import { MAX_MESSAGE_BYTES } from "./framing.ts";
import type { AbciMethod } from "./methods.ts";
import { ProposalPause } from "./proposalPause.ts";
import { Turns } from "./turns.ts";

/** A call that failed in a way the node must not survive. */
export interface AbciFailure {
  readonly method: AbciMethod;
  readonly error: unknown;
}

/** What an ABCI server needs. */
export interface AbciServerOptions {
  /** The application; one that is still being opened is called when it is there. */
  readonly app: Application | Promise<Application>;
  /** `unix:///path` or `tcp://host:port`; port 0 takes any free one. */
  readonly address: string;
  /** Called once, after the exception has been sent: whoever started the server stops the node. */
  readonly onFatal: (failure: AbciFailure) => void;
  readonly log?: (level: "info" | "warn" | "error", text: string) => void;
  /** Sees every call; tests put the grammar checker here. */
  readonly observer?: CallObserver;
  /** Default MAX_MESSAGE_BYTES. */
  readonly maxMessageBytes?: number;
  /** Milliseconds after which half a message is told, and a connection that never made a call closed. Default HALF_MESSAGE_MS. */
  readonly halfMessageMs?: number;
}

/** A listening ABCI server. */
export interface AbciServer {
  /** The address to write into CometBFT's `proxy_app`, with the real port. */
  readonly address: string;
  /** Connections open now; CometBFT holds four. */
  readonly connections: number;
  /** Closes every connection and the listener. CometBFT stops itself when that happens, so stop it first. */
  close(): Promise<void>;
}

/** CometBFT writes a message in one go, on this machine or its network. */
const HALF_MESSAGE_MS = 10_000;

/** Longest time for the last answers to be taken, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

/** CometBFT opens four connections and tools one; the rest is room for a restart that overlaps. */
const MAX_CONNECTIONS = 16;

/**
 * Listens for CometBFT and hands its calls to the application (ABCI 2.0.0, socket protocol).
 *
 * @throws AbciAddressError when the address is malformed, held by another process, or a file that is no socket.
 */
export async function startAbciServer(options: AbciServerOptions): Promise<AbciServer> {
  const host = new Host(options);
  const server = createServer((socket) => host.accept(socket));
  server.maxConnections = MAX_CONNECTIONS;
  server.on("drop", () => host.log("error", `abci: connection refused: ${MAX_CONNECTIONS} are open already`));
  const address = parseAbciAddress(options.address);
  if (address.transport === "unix") await removeStaleSocket(address.path);
  const bound = await listen(server, address);
  return {
    address: formatAbciAddress(bound),
    get connections() {
      return host.connections;
    },
    close: () => host.close(server),
  };
}

class Host implements ConnectionHost {
  app: Application | Promise<Application>;
  readonly turns = new Turns();
  readonly pause = new ProposalPause();
  readonly maxMessageBytes: number;
  readonly halfMessageMs: number;
  readonly observer: CallObserver | undefined;
  readonly #options: AbciServerOptions;
  readonly #sockets = new Set<Socket>();
  #accepted = 0;
  #stopped = false;

  constructor(options: AbciServerOptions) {
    this.#options = options;
    this.app = options.app;
    if (options.app instanceof Promise)
      void options.app.then((opened) => {
        this.app = opened;
      });
    this.maxMessageBytes = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
    this.halfMessageMs = options.halfMessageMs ?? HALF_MESSAGE_MS;
    this.observer = options.observer;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  accept(socket: Socket): void {
    if (this.#sockets.size === 0) this.observer?.session();
    this.#accepted++;
    const name = `connection ${this.#accepted}`;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => this.#sockets.delete(socket));
    // The connection lives as long as its socket, which holds its listeners.
    new Connection(socket, this, name);
  }

  log(level: "info" | "warn" | "error", text: string): void {
    this.#options.log?.(level, text);
  }

  fail(method: AbciMethod, error: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.log(
      "error",
      `abci: ${method} failed and the node must stop: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    this.#options.onFatal({ method, error });
  }

  close(server: Server): Promise<void> {
    this.#stopped = true;
    return new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroySoon();
      // One whose other end reads nothing is never written to its end.
      setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, CLOSE_GRACE_MS).unref();
    });
  }
}

/** A socket file outlives a killed process. It is removed only if nobody answers on it. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) throw new AbciAddressError(`ABCI socket ${path}: a file that is no socket is in the way; remove it`);
  const alive = await new Promise<boolean>((resolve) => {
    const probe = createConnection({ path });
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
  if (alive) throw new AbciAddressError(`ABCI socket ${path}: another process is listening on it; stop that node first`);
  await unlink(path);
}

async function listen(server: Server, address: AbciAddress): Promise<AbciAddress> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      const done = (): void => {
        server.off("error", reject);
        resolve();
      };
      if (address.transport === "tcp") {
        server.listen({ host: address.host, port: address.port }, done);
        return;
      }
      // The file is made inside this call. The mask keeps it from being open to others until the chmod below, and must not
      // outlive the call: other files are written meanwhile.
      const mask = process.umask(0o177);
      try {
        server.listen({ path: address.path }, done);
      } finally {
        process.umask(mask);
      }
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AbciAddressError(`cannot listen on ${formatAbciAddress(address)}: ${reason}`);
  }
  if (address.transport === "unix") {
    await chmod(address.path, 0o600);
    return address;
  }
  const bound = server.address();
  if (bound === null || typeof bound === "string") return address;
  return { transport: "tcp", host: address.host, port: bound.port };
}
