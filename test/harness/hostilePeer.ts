import assert from "node:assert/strict";
import { createConnection, type Socket } from "node:net";

/** A TCP client without manners. */
export interface HostilePeer {
  readonly socket: Socket;
  /** What came back so far. */
  received(): string;
  /** Sends the same again and again until the other side ends it. @param pauseMs between two, 0 for as fast as the socket takes it */
  repeat(bytes: string | Uint8Array, pauseMs: number): void;
  /** Resolves when the connection is gone. @throws Error when it is not, in time */
  closed(withinMs?: number): Promise<void>;
}

/** Time in which a server must be rid of a caller, in milliseconds: far more than any limit of the tests. */
const PATIENCE_MS = 60_000;

/** Connects to a port of this machine. @param start sent at once */
export async function openPeer(port: number, start: string | Uint8Array = ""): Promise<HostilePeer> {
  const socket = createConnection({ host: "127.0.0.1", port });
  let text = "";
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      isGone = true;
      resolve();
    };
    socket.once("close", end);
    socket.once("end", end);
  });
  socket.on("error", () => undefined);
  socket.on("data", (part: Buffer) => {
    if (text.length < 100_000) text += part.toString("latin1");
  });
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve);
    socket.once("close", () => resolve());
  });
  if (start.length > 0) socket.write(start);
  return {
    socket,
    received: () => text,
    repeat(bytes, pauseMs) {
      const send = (): void => {
        if (isGone || socket.destroyed) return;
        const isTaken = socket.write(bytes);
        if (pauseMs > 0) setTimeout(send, pauseMs);
        else if (isTaken) setImmediate(send);
        else socket.once("drain", send);
      };
      send();
    },
    async closed(withinMs = PATIENCE_MS) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`still open after ${withinMs} ms, got ${JSON.stringify(text.slice(0, 300))}`)), withinMs);
      });
      try {
        await Promise.race([gone, late]);
      } finally {
        clearTimeout(timer);
        socket.destroy();
      }
    },
  };
}

/** Runs of an attack that a slow machine may make undecided. */
const MOST_TRIES = 10;

/**
 * Opens three times as many connections as there may be, which say nothing: what is too much must be closed at once. Where that took as long as the server
 * waits for a first word, nobody knows why they were closed, and it is tried again.
 * @throws AssertionError when too many were open that long, again and again
 */
export async function crowd(port: number, maxConnections: number, readTimeoutMs: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const began = performance.now();
    const peers = await Promise.all(Array.from({ length: maxConnections * 3 }, () => openPeer(port)));
    const countOpen = (): number => peers.filter(({ socket }) => !socket.destroyed && !socket.readableEnded).length;
    const isLate = (): boolean => performance.now() - began >= readTimeoutMs;
    let open = countOpen();
    for (; open > maxConnections && !isLate(); open = countOpen()) await new Promise((wake) => setTimeout(wake, 5));
    const isDecided = !isLate();
    await Promise.all(peers.map((peer) => peer.closed()));
    if (isDecided) return;
    assert.ok(tries < MOST_TRIES, `${open} were open for ${readTimeoutMs} ms`);
  }
}

/** The beginning of a TLS connection, as browsers and scanners send it to any port. */
export const TLS_HELLO = Uint8Array.from([
  0x16,
  0x03,
  0x01,
  0x00,
  0x2f,
  0x01,
  0x00,
  0x00,
  0x2b,
  0x03,
  0x03,
  ...new Uint8Array(32).fill(7),
  0,
  0,
  2,
  0x13,
  0x01,
  1,
  0,
  0,
  0,
]);

/** Bytes that are no protocol: fixed, so that a failure can be repeated. @param length in bytes */
export function noise(length: number): Uint8Array {
  let state = 0x2545f491;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}
