import type { Server, ServerOptions } from "node:http";
import type { Socket } from "node:net";
import { MAX_CALLS, MAX_PIPELINED } from "./limits.ts";

/** What an HTTP server grants its callers. */
export interface HttpLimits {
  /** Connections at a time; further ones are closed at once. */
  readonly maxConnections: number;
  /** Milliseconds within which a request must have come in whole, and after which a connection without one is closed. */
  readonly readTimeoutMs: number;
  /** Milliseconds that a caller has to take an answer that was begun, at most twice as many; 0 for no end. */
  readonly writeTimeoutMs: number;
  /** Largest body in bytes. */
  readonly maxBodyBytes: number;
  /** Queries under way at a time. */
  readonly maxCalls: number;
}

/** What servers grant unless they are told otherwise. A body holds a transaction of 4 MiB in base64. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxConnections: 1000,
  readTimeoutMs: 10_000,
  writeTimeoutMs: 60_000,
  maxBodyBytes: 6 * 1024 * 1024,
  maxCalls: MAX_CALLS,
};

/** Longest time between two looks at connections that are over their time, in milliseconds. */
const LOOK_MS = 1_000;

/** The limits that Node keeps by itself, for the server's constructor. Its own limit of 16 KiB for all headers of a request stays. */
export function httpServerOptions({ readTimeoutMs }: HttpLimits): ServerOptions {
  return {
    headersTimeout: readTimeoutMs,
    requestTimeout: readTimeoutMs,
    keepAliveTimeout: readTimeoutMs,
    connectionsCheckingInterval: Math.min(LOOK_MS, readTimeoutMs),
  };
}

/** Keeps the limits that Node does not: connections, pipelined requests and callers that do not take their answers. */
export function guardHttp(server: Server, { maxConnections, writeTimeoutMs }: HttpLimits): void {
  server.maxConnections = maxConnections;
  const underWay = new WeakMap<Socket, number>();
  server.on("request", ({ socket }, response) => {
    const count = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, count);
    // Each of them is at work already: only the end of the connection says that it is too much.
    if (count > MAX_PIPELINED) socket.destroy();
    const timer =
      writeTimeoutMs === 0
        ? undefined
        : setInterval(() => {
            // An answer that is still being made is no fault of whoever waits for it.
            if (response.headersSent) socket.destroy();
          }, writeTimeoutMs);
    timer?.unref();
    response.once("close", () => {
      clearInterval(timer);
      underWay.set(socket, (underWay.get(socket) ?? 1) - 1);
    });
  });
}
