// HTTP/2 by hand (RFC 9113), for what no client library would send.

/** Frame types. */
export const FRAME = { data: 0, headers: 1, resetStream: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 } as const;
/** Frame flags. */
export const FLAG = { none: 0, endStream: 1, endHeaders: 4 } as const;

/** What a client says first: the preface and empty settings. */
export const PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  frame(FRAME.settings, FLAG.none, 0, new Uint8Array(0)),
]);

/** One frame. @param stream 0 for the connection */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Header block of a gRPC call: static names where HPACK has them, everything else in clear. */
export function grpcHeaders(path: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x83, 0x86, 0x01]),
    text("localhost"),
    Buffer.from([0x04]),
    text(path),
    Buffer.from([0x00]),
    text("content-type"),
    text("application/grpc"),
    Buffer.from([0x00]),
    text("te"),
    text("trailers"),
  ]);
}

/** A header that is not remembered. */
export function header(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x00]), text(name), text(value)]);
}

/** HPACK text without Huffman coding; the length is a number with a 7-bit prefix. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length: number[] = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
