import { connect } from "node:http2";
import { crowd, type HostilePeer, noise, openPeer, TLS_HELLO } from "./hostilePeer.ts";
import { FLAG, FRAME, frame, grpcHeaders, header, PREFACE } from "./http2Frames.ts";

/** A gRPC port that is attacked, with short limits. */
export interface GrpcTarget {
  readonly port: number;
  /** A unary method that is answered. */
  readonly path: string;
  readonly maxConnections: number;
  readonly readTimeoutMs: number;
}

const EMPTY_MESSAGE = new Uint8Array(5);
/** The head of a message of half a megabyte, and of one beyond every limit. */
const LARGE_HEAD = Uint8Array.from([0, 0, 0x08, 0, 0]);
const HUGE_HEAD = Uint8Array.from([0, 0xff, 0, 0, 0]);
/** Room for more than a gigabyte. */
const WIDE_WINDOW = Uint8Array.of(0x40, 0, 0, 0);

/** What callers do to gRPC servers. Each ends when the server has got rid of it. @throws Error when it does not */
export const GRPC_ATTACKS: Readonly<Record<string, (target: GrpcTarget) => Promise<void>>> = {
  async "a connection that says nothing"({ port }) {
    await (await openPeer(port)).closed();
  },

  async "a connection that greets and asks nothing"({ port }) {
    await (await openPeer(port, PREFACE)).closed();
  },

  async "a TLS greeting"({ port }) {
    await (await openPeer(port, TLS_HELLO)).closed();
  },

  async noise({ port }) {
    await (await openPeer(port, noise(10_000))).closed();
  },

  async "noise behind the greeting"({ port }) {
    await (await openPeer(port, Buffer.concat([PREFACE, noise(10_000)]))).closed();
  },

  async "an HTTP/1 request"({ port, path }) {
    await (await openPeer(port, `POST ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).closed();
  },

  async "more connections than there may be"({ port, maxConnections, readTimeoutMs }) {
    await crowd(port, maxConnections, readTimeoutMs);
  },

  async "streams that are opened and reset"({ port, path }) {
    const peer = await openPeer(port, PREFACE);
    let stream = 1;
    const send = (): void => {
      if (peer.socket.destroyed || stream > 400_000) return;
      const burst: Buffer[] = [];
      for (let i = 0; i < 500; i++, stream += 2) {
        burst.push(
          frame(FRAME.headers, FLAG.endHeaders, stream, grpcHeaders(path)),
          frame(FRAME.data, FLAG.endStream, stream, EMPTY_MESSAGE),
          frame(FRAME.resetStream, FLAG.none, stream, Uint8Array.of(0, 0, 0, 8)),
        );
      }
      if (peer.socket.write(Buffer.concat(burst))) setImmediate(send);
      else peer.socket.once("drain", send);
    };
    send();
    await peer.closed();
  },

  async "headers that go on without end"({ port, path }) {
    const peer = await openPeer(port, Buffer.concat([PREFACE, frame(FRAME.headers, FLAG.none, 1, grpcHeaders(path))]));
    peer.repeat(frame(FRAME.continuation, FLAG.none, 1, header("x", "a".repeat(4_000))), 0);
    await peer.closed();
  },

  async "headers that do not end"({ port, path }) {
    await (await openPeer(port, Buffer.concat([PREFACE, frame(FRAME.headers, FLAG.none, 1, grpcHeaders(path))]))).closed();
  },

  async "half a message"({ port, path }) {
    const peer = await openPeer(
      port,
      Buffer.concat([PREFACE, frame(FRAME.headers, FLAG.endHeaders, 1, grpcHeaders(path)), frame(FRAME.data, FLAG.none, 1, LARGE_HEAD)]),
    );
    peer.repeat(frame(FRAME.data, FLAG.none, 1, Uint8Array.of(1)), 50);
    await peer.closed();
  },

  async "a message beyond the limit that goes on after its refusal"({ port, path }) {
    const peer = await openPeer(
      port,
      Buffer.concat([
        PREFACE,
        frame(FRAME.windowUpdate, FLAG.none, 0, WIDE_WINDOW),
        frame(FRAME.headers, FLAG.endHeaders, 1, grpcHeaders(path)),
        frame(FRAME.data, FLAG.none, 1, HUGE_HEAD),
      ]),
    );
    peer.repeat(frame(FRAME.data, FLAG.none, 1, new Uint8Array(10_000)), 1);
    await peer.closed();
  },

  async "calls without a message, as many as there may be"({ port, path }) {
    const peer = await openPeer(port, PREFACE);
    for (let stream = 1; stream < 2_000; stream += 2) peer.socket.write(frame(FRAME.headers, FLAG.endHeaders, stream, grpcHeaders(path)));
    await peer.closed();
  },

  async "pings without end"({ port }) {
    const peer = await openPeer(port, PREFACE);
    peer.socket.pause();
    peer.repeat(Buffer.concat(Array.from({ length: 500 }, () => frame(FRAME.ping, FLAG.none, 0, new Uint8Array(8)))), 0);
    await endedUnread(peer);
  },

  async "settings without end"({ port }) {
    const peer = await openPeer(port, PREFACE);
    peer.socket.pause();
    peer.repeat(
      Buffer.concat(Array.from({ length: 500 }, () => frame(FRAME.settings, FLAG.none, 0, Uint8Array.of(0, 4, 0, 0, 255, 255)))),
      0,
    );
    await endedUnread(peer);
  },
};

/** A caller that does not read sees the end of its connection when it writes. */
async function endedUnread(peer: HostilePeer): Promise<void> {
  await peer.closed();
}

/** Asks for an answer and never makes room for it. @returns resolves when the server has closed the connection */
export function starve(port: number, path: string): Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 0 } });
  session.on("error", () => undefined);
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" });
  stream.on("error", () => undefined);
  stream.end(EMPTY_MESSAGE);
  return new Promise((resolve) => session.once("close", resolve));
}
