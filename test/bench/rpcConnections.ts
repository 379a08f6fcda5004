// Requests to a node's RPC over connections that stay: the load shares the machine with the chain that it measures, and `fetch` takes ten times
// the processor time for the same bytes.
import { connect, type Socket } from "node:net";

/** A line's end, and the end of an answer's head. */
const LINE = "\r\n";
const HEAD_END = "\r\n\r\n";
/** A connection that rested for longer is not used again: a server closes those that do nothing, CometBFT's after 10 s. */
const LONGEST_REST_MS = 4000;

/** An HTTP answer, and where it ends in what has come. */
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly end: number;
}

/** The body that comes in chunks from a place on; undefined while some are missing. */
function readChunks(text: string, start: number): Pick<Answer, "body" | "end"> | undefined {
  let body = "";
  for (let at = start; ; ) {
    const lineEnd = text.indexOf(LINE, at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const from = lineEnd + LINE.length;
    if (lineEnd < 0 || text.length < from + size + LINE.length) return undefined;
    at = from + size + LINE.length;
    if (size === 0) return { body, end: at };
    body += text.slice(from, from + size);
  }
}

/**
 * Reads the first answer of a server that says how long it is or sends chunks, as Go's does.
 *
 * @param text what has come, a character for each byte.
 * @returns undefined while something is missing. @throws Error for an answer of another kind
 */
export function readAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd).toLowerCase();
  const status = Number(head.slice("http/1.1 ".length, "http/1.1 200".length));
  const start = headEnd + HEAD_END.length;
  if (head.includes("transfer-encoding: chunked")) {
    const read = readChunks(text, start);
    return read === undefined ? undefined : { status, ...read };
  }
  const length = /content-length: (\d+)/.exec(head)?.[1];
  if (length === undefined) throw new Error(`expected an answer with its length, got ${head}`);
  const end = start + Number(length);
  return text.length < end ? undefined : { status, body: text.slice(start, end), end };
}

/** The bytes of a request, with which it can wait to be sent. @param body JSON without characters beyond ASCII */
export function requestBytes(body: string): Uint8Array {
  const head = `POST / HTTP/1.1${LINE}Host: bench${LINE}Content-Type: application/json${LINE}Content-Length: ${body.length}${HEAD_END}`;
  return Buffer.from(head + body, "latin1");
}

/** One connection, for one request after the other. */
class RpcConnection {
  readonly #socket: Socket;
  #came = "";
  #waiting: { readonly resolve: (body: string) => void; readonly reject: (error: Error) => void } | undefined;
  #restsSince = performance.now();

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#hear(text));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new Error("the RPC closed the connection")));
  }

  /** Whether it may take a request. */
  get usable(): boolean {
    return !this.#socket.destroyed && performance.now() - this.#restsSince < LONGEST_REST_MS;
  }

  post(request: Uint8Array): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    this.#came += text;
    try {
      const answer = readAnswer(this.#came);
      if (answer === undefined) return;
      this.#came = this.#came.slice(answer.end);
      if (answer.status !== 200) throw new Error(`the RPC answered ${answer.status}: ${answer.body}`);
      this.#restsSince = performance.now();
      this.#waiting?.resolve(answer.body);
      this.#waiting = undefined;
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    this.#socket.destroy();
  }
}

/** As many connections as requests are in flight at once. */
export class RpcConnections {
  readonly #host: string;
  readonly #port: number;
  #idle: RpcConnection[] = [];

  /** @param rpc `http://host:port` */
  constructor(rpc: string) {
    const { hostname, port } = new URL(rpc);
    this.#host = hostname;
    this.#port = Number(port);
  }

  /**
   * Sends a request.
   *
   * @param request as {@link requestBytes} makes it. @returns the answer's body, a character for each byte
   * @throws Error when the connection fails or the answer's status is another than 200
   */
  async post(request: Uint8Array): Promise<string> {
    let connection = this.#idle.pop();
    if (connection?.usable === false) {
      // All below have rested for longer.
      connection.close();
      this.close();
      connection = undefined;
    }
    connection ??= new RpcConnection(this.#host, this.#port);
    const answer = await connection.post(request);
    this.#idle.push(connection);
    return answer;
  }

  /** Closes the connections that wait for no answer. */
  close(): void {
    for (const connection of this.#idle) connection.close();
    this.#idle = [];
  }
}
