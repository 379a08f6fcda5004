import type { FastifyReply, FastifyRequest } from "fastify";
import { HEIGHT_HEADER } from "./blockHeight.ts";
import { ApiError, type GrpcStatus, STATUS } from "./grpcStatus.ts";
import { CALL_TIMEOUT_MS, MAX_TEXT_PIECES } from "./limits.ts";
import type { RpcAnswer, RpcCall } from "./rpcCall.ts";

/** Request headers that a page has to be allowed to send for gRPC-web. */
export const GRPC_WEB_REQUEST_HEADERS: readonly string[] = ["x-grpc-web", "x-user-agent", "grpc-timeout"];
/** Answer headers that a page has to be allowed to read. */
export const GRPC_WEB_RESPONSE_HEADERS: readonly string[] = ["grpc-status", "grpc-message"];

/** `application/grpc-web`, `-text`, each also with `+proto`. Other codecs than protobuf are not known. */
const CONTENT_TYPE = /^application\/grpc-web(-text)?(?:\+proto)?(?:$|;)/;
const FRAME_HEAD = 5;
const COMPRESSED = 0x01;
const TRAILER = 0x80;

/** Whether a request is a gRPC-web call. */
export function isGrpcWeb({ method, headers }: FastifyRequest): boolean {
  return method === "POST" && CONTENT_TYPE.test(headers["content-type"] ?? "");
}

/**
 * Answers a gRPC-web call: HTTP 200 with the response in one frame and the status in another, all in base64 for the text kind.
 * @param methods paths that are served
 */
export async function answerGrpcWeb(
  request: FastifyRequest,
  reply: FastifyReply,
  methods: ReadonlySet<string>,
  call: (call: RpcCall) => Promise<RpcAnswer>,
): Promise<void> {
  const { headers, body } = request;
  const isText = CONTENT_TYPE.exec(headers["content-type"] ?? "")?.[1] !== undefined;
  const { height, result } = await answerOf(request.originalUrl, methods, call, {
    body: body instanceof Uint8Array ? body : new Uint8Array(0),
    isText,
    height: textOf(headers[HEIGHT_HEADER]),
    timeout: textOf(headers["grpc-timeout"]),
  });
  const status: GrpcStatus = "status" in result ? result.status : { code: 0, message: "" };
  const frames = Buffer.concat([...("value" in result ? [frameOf(0, result.value)] : []), frameOf(TRAILER, trailerOf(status))]);
  if (height !== undefined) reply.header(HEIGHT_HEADER, height.toString());
  void reply
    .code(200)
    .header("content-type", isText ? "application/grpc-web-text+proto" : "application/grpc-web+proto")
    .send(isText ? Buffer.from(frames.toString("base64")) : frames);
}

interface WebCall {
  readonly body: Uint8Array;
  readonly isText: boolean;
  readonly height: string | undefined;
  readonly timeout: string | undefined;
}

async function answerOf(
  url: string,
  methods: ReadonlySet<string>,
  call: (call: RpcCall) => Promise<RpcAnswer>,
  { body, isText, height, timeout }: WebCall,
): Promise<RpcAnswer> {
  try {
    const path = url.split("?", 1)[0] ?? "";
    if (!methods.has(path)) throw unimplemented(path, methods);
    return await call({ path, data: readMessage(isText ? decodeText(body) : body), height, timeoutMs: readTimeout(timeout) });
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    return { height: undefined, result: thrown };
  }
}

function unimplemented(path: string, methods: ReadonlySet<string>): ApiError {
  const [, service = "", method = ""] = path.slice(0, 256).split("/");
  const isKnown = [...methods].some((known) => known.startsWith(`/${service}/`));
  return new ApiError(STATUS.Unimplemented, isKnown ? `unknown method ${method} for service ${service}` : `unknown service ${service}`);
}

/** The message of the one frame that a request has. @throws ApiError */
function readMessage(body: Uint8Array): Uint8Array {
  if (body.length < FRAME_HEAD)
    throw new ApiError(STATUS.InvalidArgument, `a frame of at least ${FRAME_HEAD} bytes expected, got ${body.length}`);
  const flags = body[0] ?? 0;
  if ((flags & COMPRESSED) !== 0) throw new ApiError(STATUS.Unimplemented, "a message without compression expected");
  const length = new DataView(body.buffer, body.byteOffset).getUint32(1);
  if (flags !== 0 || length !== body.length - FRAME_HEAD)
    throw new ApiError(STATUS.InvalidArgument, `one frame of ${body.length - FRAME_HEAD} bytes expected, its head says ${length}`);
  return body.subarray(FRAME_HEAD);
}

/** Base64, also in several padded pieces, as clients send that stream. @throws ApiError */
function decodeText(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString("latin1");
  // One character at a time: nothing that a caller sends may make a pattern try again.
  if (/[^A-Za-z0-9+/=]/.test(text)) throw new ApiError(STATUS.InvalidArgument, "a body in base64 expected");
  const pieces = text.split(/(?<==)(?!=)/, MAX_TEXT_PIECES + 1);
  if (pieces.length > MAX_TEXT_PIECES) throw new ApiError(STATUS.InvalidArgument, `at most ${MAX_TEXT_PIECES} pieces of base64 expected`);
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64")));
}

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000_001 };

/** Milliseconds of a `grpc-timeout`, at most {@link CALL_TIMEOUT_MS}. @throws ApiError */
function readTimeout(text: string | undefined): number {
  if (text === undefined || text === "") return CALL_TIMEOUT_MS;
  const [, count, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(text) ?? [];
  if (count === undefined)
    throw new ApiError(STATUS.InvalidArgument, `grpc-timeout such as 10S expected, got ${JSON.stringify(text.slice(0, 32))}`);
  return Math.min(CALL_TIMEOUT_MS, Number(count) * (UNIT_MS[unit] ?? 1));
}

function frameOf(flags: number, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(FRAME_HEAD + payload.length);
  frame[0] = flags;
  frame.writeUInt32BE(payload.length, 1);
  frame.set(payload, FRAME_HEAD);
  return frame;
}

function trailerOf({ code, message }: GrpcStatus): Uint8Array {
  const text = message === "" ? "" : `grpc-message:${encodeURI(message.toWellFormed())}\r\n`;
  return Buffer.from(`grpc-status:${code}\r\n${text}`, "latin1");
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
