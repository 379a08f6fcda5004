import assert from "node:assert/strict";
import { crowd, noise, openPeer, TLS_HELLO } from "./hostilePeer.ts";

/** A port that is attacked, with short limits. */
export interface HttpTarget {
  readonly port: number;
  /** A path that is answered. */
  readonly path: string;
  /** Most connections at a time. */
  readonly maxConnections: number;
  /** After which a connection that says nothing is closed, in milliseconds. */
  readonly readTimeoutMs: number;
}

/** Which limit is reached first depends on the machine; a caller that still sends may never see why it was refused. */
const REFUSED = /^(HTTP\/1\.1 (431|408) |$)/;
const HEAD = "Host: x\r\nContent-Type: application/json\r\n";

/** What callers do to HTTP servers. Each ends when the server has got rid of it. @throws Error when it does not */
export const HTTP_ATTACKS: Readonly<Record<string, (target: HttpTarget) => Promise<void>>> = {
  async "a connection that says nothing"({ port }) {
    await (await openPeer(port)).closed();
  },

  async "headers a byte at a time"({ port, path }) {
    const peer = await openPeer(port, `GET ${path} HTTP/1.1\r\nX: `);
    peer.repeat("a", 50);
    await peer.closed();
    assert.match(peer.received(), /^(HTTP\/1\.1 408 |$)/);
  },

  async "a body a byte at a time"({ port, path }) {
    const peer = await openPeer(port, `POST ${path} HTTP/1.1\r\n${HEAD}Content-Length: 5000\r\n\r\n{`);
    peer.repeat(" ", 50);
    await peer.closed();
  },

  async "a body that never ends"({ port, path }) {
    const peer = await openPeer(port, `POST ${path} HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    peer.repeat(`10000\r\n${" ".repeat(65_536)}\r\n`, 0);
    await peer.closed();
  },

  async "a header of a megabyte"({ port, path }) {
    const peer = await openPeer(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nX: `);
    peer.repeat("a".repeat(65_536), 0);
    await peer.closed();
    assert.match(peer.received(), REFUSED);
  },

  async "headers without end"({ port, path }) {
    const peer = await openPeer(port, `GET ${path} HTTP/1.1\r\nHost: x\r\n`);
    peer.repeat("X-A: b\r\n".repeat(1000), 0);
    await peer.closed();
    assert.match(peer.received(), REFUSED);
  },

  async "a TLS greeting"({ port }) {
    const peer = await openPeer(port, TLS_HELLO);
    await peer.closed();
  },

  async noise({ port }) {
    const peer = await openPeer(port, noise(10_000));
    await peer.closed();
  },

  async "more connections than there may be"({ port, maxConnections, readTimeoutMs }) {
    await crowd(port, maxConnections, readTimeoutMs);
  },

  async "requests without waiting for answers, and without taking them"({ port, path }) {
    const peer = await openPeer(port);
    peer.socket.pause();
    const requests = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(500);
    let sent = 0;
    const send = (): void => {
      if (sent > 200_000 || peer.socket.destroyed) return;
      sent += 500;
      if (peer.socket.write(requests)) setImmediate(send);
      else peer.socket.once("drain", send);
    };
    send();
    await peer.closed();
  },
};
