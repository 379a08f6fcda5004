import type { Socket } from "node:net";
import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from "@grpc/grpc-js";
import type { GrpcLimits } from "./grpcLimits.ts";
import { STATUS } from "./grpcStatus.ts";
import { MAX_OPEN_STREAMS } from "./limits.ts";

/** Requests of the largest size that may be half here at a time. */
const LARGE_REQUESTS = 16;
/** Time between two looks at how much is half here, in milliseconds. */
const LOOK_MS = 100;
/** Time for a caller to read why it is refused before its connection is closed, in milliseconds. */
const LAST_WORD_MS = 1_000;

/** A connection as the guard sees it. */
interface Connection {
  readonly socket: Socket;
  /** Calls whose request is not whole. */
  unfinished: number;
  /** Bytes that had been read when the first of them began, and those of requests that became whole since. */
  settledBytes: number;
  /** Whether a call was ever begun. */
  used: boolean;
  /** Calls that are not answered. */
  open: number;
  /** When the last of them was, by `performance.now()`. */
  idleSince: number;
}

/** Keeps the limits that the gRPC library does not: of connections, of requests that come in slowly and of answers that nobody takes. */
export class GrpcGuard {
  readonly #limits: GrpcLimits;
  /** By the caller's address, which is all that a call says of its connection. */
  readonly #connections = new Map<string, Connection>();
  readonly #timer: NodeJS.Timeout;
  #streams = 0;

  constructor(limits: GrpcLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#makeRoom(), LOOK_MS);
    this.#timer.unref();
  }

  /** Watches a new connection. */
  add(socket: Socket): void {
    const peer = peerOf(socket);
    const connection: Connection = { socket, unfinished: 0, settledBytes: 0, used: false, open: 0, idleSince: 0 };
    this.#connections.set(peer, connection);
    const patience = setTimeout(() => {
      if (!connection.used) socket.destroy();
    }, this.#limits.readTimeoutMs);
    patience.unref();
    socket.once("close", () => {
      clearTimeout(patience);
      this.#connections.delete(peer);
    });
  }

  /** Ends all connections and the watch. */
  close(): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#connections.values()) socket.destroy();
  }

  /** Watches every call of the server. */
  readonly interceptor: ServerInterceptor = ({ requestStream }, call) => {
    const connection = this.#connections.get(peerOf(call.getConnectionInfo()));
    return new WatchedCall(call, {
      begun: (refuse) => this.#begin(connection, requestStream, refuse),
      sending: () => this.#send(connection),
    });
  };

  #begin(connection: Connection | undefined, isStream: boolean, refuse: Refuse): Arrival {
    this.#streams += 1;
    if (connection !== undefined) {
      connection.used = true;
      connection.open += 1;
      if (connection.unfinished === 0) connection.settledBytes = connection.socket.bytesRead;
      connection.unfinished += 1;
    }
    const { readTimeoutMs } = this.#limits;
    // A stream of requests has the time of its own service.
    const late = isStream
      ? undefined
      : setTimeout(() => {
          refuse(STATUS.DeadlineExceeded, `a whole request within ${readTimeoutMs} ms expected`);
          setTimeout(() => connection?.socket.destroy(), LAST_WORD_MS).unref();
        }, readTimeoutMs);
    if (this.#streams > MAX_OPEN_STREAMS) refuse(STATUS.ResourceExhausted, "too many calls at a time; try again later");
    let isOpen = true;
    let isAnswered = false;
    return {
      answered() {
        if (isAnswered || connection === undefined) return;
        isAnswered = true;
        connection.open -= 1;
        connection.idleSince = performance.now();
      },
      message(bytes) {
        if (connection !== undefined) connection.settledBytes += bytes;
      },
      end: (isWhole) => {
        if (!isOpen) return;
        if (!isWhole && connection !== undefined) this.#watchRefused(connection);
        isOpen = false;
        clearTimeout(late);
        this.#streams -= 1;
        if (connection !== undefined) connection.unfinished -= 1;
      },
    };
  }

  /** Whoever goes on sending for as long as a request may take, and more than the largest, does not listen. */
  #watchRefused({ socket }: Connection): void {
    const { readTimeoutMs, maxReceiveBytes } = this.#limits;
    const before = socket.bytesRead;
    const timer = setTimeout(() => {
      if (socket.bytesRead - before > 2 * maxReceiveBytes) socket.destroy();
    }, readTimeoutMs);
    timer.unref();
  }

  #send(connection: Connection | undefined): () => void {
    const { writeTimeoutMs } = this.#limits;
    if (writeTimeoutMs === 0) return () => undefined;
    // The library cannot end one stream whose caller takes nothing.
    const timer = setTimeout(() => connection?.socket.destroy(), writeTimeoutMs);
    timer.unref();
    return () => clearTimeout(timer);
  }

  /** Closes those that were idle for too long, and those that send the most when more is half here than there is room for. */
  #makeRoom(): void {
    // The library lets idle connections go in order before that. What is left then hangs: it was told to go away and stays.
    const latest = performance.now() - idleMs(this.#limits) - this.#limits.readTimeoutMs;
    for (const { socket, used, open, idleSince } of this.#connections.values())
      if (used && open === 0 && idleSince < latest) socket.destroy();
    const held = [...this.#connections.values()]
      .filter(({ unfinished }) => unfinished > 0)
      .map(({ socket, settledBytes }) => ({ socket, bytes: socket.bytesRead - settledBytes }))
      .toSorted((a, b) => b.bytes - a.bytes);
    let sum = held.reduce((all, { bytes }) => all + bytes, 0);
    for (const { socket, bytes } of held) {
      if (sum <= this.#limits.maxReceiveBytes * LARGE_REQUESTS) return;
      sum -= bytes;
      socket.destroy();
    }
  }
}

/** Milliseconds after which a connection without calls is asked to go. */
export function idleMs({ readTimeoutMs }: GrpcLimits): number {
  return 6 * readTimeoutMs;
}

type Refuse = (code: number, details: string) => void;

/** A request on its way in. */
interface Arrival {
  /** One message is whole. */
  message(bytes: number): void;
  /** It is whole, or nobody waits for it any more. */
  end(isWhole: boolean): void;
  /** The call is over. */
  answered(): void;
}

interface CallWatch {
  begun(refuse: Refuse): Arrival;
  /** @returns to be called when the message is taken */
  sending(): () => void;
}

class WatchedCall extends ServerInterceptingCall {
  readonly #watch: CallWatch;
  #taken: () => void = () => undefined;
  #arrival: Arrival | undefined;

  constructor(call: ServerInterceptingCallInterface, watch: CallWatch) {
    super(call);
    this.#watch = watch;
  }

  override start(listener: Parameters<ServerInterceptingCallInterface["start"]>[0]): void {
    const arrival = this.#watch.begun((code, details) => this.sendStatus({ code, details }));
    this.#arrival = arrival;
    super.start({
      onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
      onReceiveMessage(message: Uint8Array) {
        arrival.message(message.length);
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose() {
        arrival.end(true);
        listener.onReceiveHalfClose();
      },
      onCancel: () => {
        arrival.end(false);
        arrival.answered();
        this.#taken();
        listener.onCancel();
      },
    });
  }

  override sendMessage(message: unknown, callback: () => void): void {
    this.#taken = this.#watch.sending();
    super.sendMessage(message, () => {
      this.#taken();
      callback();
    });
  }

  override sendStatus(status: Parameters<ServerInterceptingCallInterface["sendStatus"]>[0]): void {
    this.#arrival?.end(false);
    this.#arrival?.answered();
    super.sendStatus(status);
  }
}

function peerOf({
  remoteAddress = "",
  remotePort = 0,
}: {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}): string {
  return `${remoteAddress} ${remotePort}`;
}
