import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Makes a server closable at once: the returned function ends every connection without a request under way, and the others with their
 * answer. Node's own idle list misses connections that were opened and never used, as browsers open them in advance.
 */
export function createDrain(server: Server): () => void {
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
  };
}
