import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import WebSocket from "ws";
import type { DevBlock } from "./devBlock.ts";
import { eventsOf } from "./devEvents.ts";
import { DevSubscriber } from "./devSubscriber.ts";
import type { RpcMethods } from "./jsonRpc.ts";

/** Clients at a time; CometBFT's default. */
export const MAX_CLIENTS = 100;
/** Between two pings, in milliseconds; who did not answer the last one is gone. */
const PING_MS = 30_000;

/** The WebSocket of a development chain. */
export interface DevSocket {
  /** Tells everybody who wants to hear of it. */
  publish(block: DevBlock): void;
  /** Ends all connections. */
  close(): void;
}

/**
 * Serves `/websocket` as CometBFT does: every method of the RPC, and subscriptions to NewBlock, NewBlockHeader and Tx by a query.
 * @param maxMessageBytes largest message of a client
 */
export function serveDevSocket(server: Server, methods: RpcMethods, maxMessageBytes: number): DevSocket {
  const sockets = new WebSocket.Server({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false, clientTracking: true });
  const subscribers = new Map<WebSocket, DevSubscriber>();
  const silent = new WeakSet<WebSocket>();
  server.on("upgrade", (request, stream: Duplex, head: Buffer) => {
    stream.on("error", () => undefined);
    if (new URL(request.url ?? "/", "http://localhost").pathname !== "/websocket")
      return refuse(stream, "404 Not Found", "WebSockets are at /websocket");
    if (subscribers.size >= MAX_CLIENTS) return refuse(stream, "503 Service Unavailable", `at most ${MAX_CLIENTS} clients expected`);
    sockets.handleUpgrade(request, stream as Parameters<typeof sockets.handleUpgrade>[1], head, (socket) => {
      subscribers.set(socket, new DevSubscriber(socket, methods));
      socket.on("pong", () => silent.delete(socket));
      socket.once("close", () => subscribers.delete(socket));
    });
  });
  const pings = setInterval(() => {
    for (const socket of subscribers.keys()) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      socket.ping();
    }
  }, PING_MS);
  pings.unref();
  return {
    publish(block) {
      if (subscribers.size === 0) return;
      for (const event of eventsOf(block)) for (const subscriber of subscribers.values()) subscriber.hear(event);
    },
    close() {
      clearInterval(pings);
      for (const socket of subscribers.keys()) socket.terminate();
    },
  };
}

function refuse(stream: Duplex, status: string, why: string): void {
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: ${why.length}\r\n\r\n`;
  // Nobody reads from it, so it would never see that the other side has gone.
  stream.end(head + why, () => stream.destroy());
}
