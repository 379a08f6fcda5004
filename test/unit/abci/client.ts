import { createConnection, type Socket } from "node:net";
import { Request, Response } from "#proto/tendermint/abci/types";
import { encodeFrame, FrameReader } from "../../../app/abci/framing.ts";

/** CometBFT's side of a connection, as far as tests need it. */
export interface TestClient {
  readonly socket: Socket;
  send(request: Parameters<typeof Request.fromPartial>[0]): void;
  sendBytes(bytes: Uint8Array): void;
  /** Waits for the next `count` answers. Rejects when the connection closes first. */
  receive(count: number): Promise<Response[]>;
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>;
  end(): void;
}

/** Connects to an address of `startAbciServer`. */
export async function connectClient(address: string): Promise<TestClient> {
  const socket = address.startsWith("unix://")
    ? createConnection({ path: address.slice(7) })
    : createConnection({ host: "127.0.0.1", port: Number(address.slice(address.lastIndexOf(":") + 1)) });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const reader = new FrameReader();
  const answers: Response[] = [];
  let wake: () => void = () => undefined;
  let over = false;
  socket.on("data", (chunk: Uint8Array) => {
    for (const frame of reader.push(chunk)) answers.push(Response.decode(frame));
    wake();
  });
  const closed = new Promise<void>((resolve) => {
    socket.on("error", () => undefined);
    socket.once("close", () => {
      over = true;
      wake();
      resolve();
    });
  });
  return {
    socket,
    closed,
    send: (request) => socket.write(encodeFrame(Request.encode(Request.fromPartial(request)).finish())),
    sendBytes: (bytes) => socket.write(bytes),
    async receive(count) {
      while (answers.length < count) {
        if (over) throw new Error(`the connection closed after ${answers.length} of ${count} answers`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return answers.splice(0, count);
    },
    end: () => socket.destroy(),
  };
}
