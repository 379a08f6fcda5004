import type { IncomingMessage, Server } from "node:http";
import { ApiError, STATUS } from "./grpcStatus.ts";

/** Bytes of a body that are always taken, so that large ones never keep small requests out. */
const FREE_BYTES = 64 * 1024;
/** Bodies of the largest size that may be held at a time. */
const LARGE_BODIES = 16;

/** Room for the bodies of all requests that a server has under way. */
export class BodyRoom {
  readonly #maxBytes: number;
  readonly #held = new WeakMap<IncomingMessage, number>();
  #taken = 0;

  /** @param maxBytes of one body */
  constructor(server: Server, maxBytes: number) {
    this.#maxBytes = maxBytes;
    // Not when it has come in: until the answer somebody works with it.
    server.on("request", (request, response) => {
      response.once("close", () => {
        this.#taken -= this.#held.get(request) ?? 0;
        this.#held.delete(request);
      });
    });
  }

  /** Takes in a body. @throws ApiError InvalidArgument, ResourceExhausted; the rest is not read, the connection is to be closed */
  read(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        const refused = this.#refusal(request, size);
        if (refused === undefined) {
          chunks.push(chunk);
          return;
        }
        request.off("data", take);
        chunks.length = 0;
        reject(refused);
      };
      request.on("data", take);
      request.once("end", () => resolve(Buffer.concat(chunks)));
      request.once("error", () => reject(new ApiError(STATUS.InvalidArgument, "a well-formed HTTP request expected")));
    });
  }

  #refusal(request: IncomingMessage, size: number): ApiError | undefined {
    if (size > this.#maxBytes) return new ApiError(STATUS.InvalidArgument, `a body of at most ${this.#maxBytes} bytes expected`);
    const wanted = Math.max(0, size - FREE_BYTES);
    const taken = this.#taken - (this.#held.get(request) ?? 0) + wanted;
    if (taken > this.#maxBytes * LARGE_BODIES)
      return new ApiError(STATUS.ResourceExhausted, "too many large requests at a time; try again later");
    this.#taken = taken;
    this.#held.set(request, wanted);
    return undefined;
  }
}
