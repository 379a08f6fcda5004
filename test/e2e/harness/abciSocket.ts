import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { Request, Response } from "#proto/tendermint/abci/types";
import { parseAbciAddress } from "../../../app/abci/address.ts";
import { encodeFrame, FrameReader } from "../../../app/abci/framing.ts";

const PATIENCE_MS = 60_000;

/** Opens a connection to an ABCI server beside CometBFT's four. @param address `unix:///path` or `tcp://host:port` */
export async function openAbci(address: string): Promise<Socket> {
  const to = parseAbciAddress(address);
  const socket = createConnection(to.transport === "unix" ? { path: to.path } : { host: to.host, port: to.port });
  // A connection that the node closes under our hands may end in an error.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Waits until the other side has closed. */
export async function untilClosed(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await once(socket, "close", { signal: AbortSignal.timeout(PATIENCE_MS) });
}

/** Makes one call on a connection of its own. */
export async function callAbci(address: string, request: Parameters<typeof Request.fromPartial>[0]): Promise<Response> {
  const socket = await openAbci(address);
  try {
    const reader = new FrameReader();
    socket.write(encodeFrame(Request.encode(Request.fromPartial(request)).finish()));
    socket.write(encodeFrame(Request.encode(Request.fromPartial({ flush: {} })).finish()));
    for (;;) {
      const [chunk] = (await once(socket, "data", { signal: AbortSignal.timeout(PATIENCE_MS) })) as [Uint8Array];
      const [frame] = reader.push(chunk);
      if (frame !== undefined) return Response.decode(frame);
    }
  } finally {
    socket.destroy();
  }
}
