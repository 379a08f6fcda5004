import type { FastifyReply, FastifyRequest } from "fastify";
import type { CallGate } from "./callGate.ts";
import { ApiError, STATUS } from "./grpcStatus.ts";
import { MAX_URL_LENGTH } from "./limits.ts";

/** Bytes that are served under names which their content decides: what stands under a name never changes. */
export interface BlobSource {
  /** How their paths begin, with slashes at both ends; the name follows. */
  readonly prefix: string;
  /**
   * The bytes of a name, undefined when there are none.
   * @throws ApiError InvalidArgument when it is no name
   */
  find(name: string): Promise<Uint8Array | undefined>;
}

/** A year, in seconds: as long as caches keep anything. */
const FOREVER_S = 31_536_000;

/** What a browser may do with bytes of strangers: save them. */
function blobHeaders(name: string): Readonly<Record<string, string>> {
  return {
    "content-type": "application/vnd.ipld.raw",
    "cache-control": `public, max-age=${FOREVER_S}, immutable`,
    etag: `"${name}"`,
    "content-disposition": `attachment; filename="${name}.bin"`,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
  };
}

/**
 * True when the path is that of a blob, which is then answered: 200, 304 for who has it, 400 for what is no name, 404.
 * @throws ApiError
 */
export async function answerBlob(
  blobs: BlobSource | undefined,
  gate: CallGate,
  { method, originalUrl, headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  if (blobs === undefined || (method !== "GET" && method !== "HEAD") || !originalUrl.startsWith(blobs.prefix)) return false;
  if (originalUrl.length > MAX_URL_LENGTH)
    throw new ApiError(STATUS.InvalidArgument, `a URL of at most ${MAX_URL_LENGTH} characters expected, got ${originalUrl.length}`);
  const name = originalUrl.slice(blobs.prefix.length).split("?", 1)[0] ?? "";
  const bytes = await gate(() => blobs.find(name));
  if (bytes === undefined) throw new ApiError(STATUS.NotFound, `block ${name} is not kept here`);
  reply.headers(blobHeaders(name));
  if (headers["if-none-match"] === `"${name}"`) void reply.code(304).send();
  else void reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  return true;
}
