import type { Server } from "node:http";
import type { Socket } from "node:net";

/** How long those may take that have a request under way, in milliseconds: more than a query's deadline. */
const GRACE_MS = 10_000;

/**
 * Makes a server closable: the returned function ends every connection without a request under way, the others with their answer, and after
 * `graceMs` also those whose caller does not take it. Node's own idle list misses connections that were opened and never used, as browsers open them in advance.
 */
export function createDrain(server: Server, graceMs = GRACE_MS): () => void {
  const requests = new Map<Socket, number>();
  let closing = false;
  server.on("connection", (socket: Socket) => {
    if (closing) {
      socket.destroy();
      return;
    }
    requests.set(socket, 0);
    socket.once("close", () => requests.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const left = (requests.get(socket) ?? 1) - 1;
      if (requests.has(socket)) requests.set(socket, left);
      if (closing && left === 0) socket.end();
    });
  });
  return () => {
    closing = true;
    for (const [socket, underWay] of requests) if (underWay === 0) socket.destroy();
    setTimeout(() => {
      for (const socket of requests.keys()) socket.destroy();
    }, graceMs).unref();
  };
}
