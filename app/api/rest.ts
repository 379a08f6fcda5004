import cors from "@fastify/cors";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { RequestQuery, type ResponseQuery } from "#proto/tendermint/abci/types";
import type { Descriptors } from "../encoding/descriptors.ts";
import { toProtoJson } from "../encoding/protoJson.ts";
import { fromProtoJson } from "../encoding/protoJsonParse.ts";
import { ApiError, type GrpcStatus, httpStatusOf, STATUS, statusOfAnswer } from "./grpcStatus.ts";
import { addPathFields, addQueryFields, type RequestJson } from "./requestJson.ts";
import { findRoute, type Match, type Route, readRoutes } from "./routes.ts";

/** What the REST API stands on. */
export interface RestOptions {
  readonly descriptors: Descriptors;
  /** Full names of the services to show. */
  readonly services: readonly string[];
  /** Answers a query as ABCI does; never rejects for a bad request. */
  query(request: RequestQuery): Promise<ResponseQuery>;
  /** Lets pages of any origin call: for local chains. */
  readonly allowAnyOrigin: boolean;
}

/** Largest body: a transaction of 4 MiB in base64. */
const BODY_LIMIT_BYTES = 6 * 1024 * 1024;
const HEIGHT_HEADER = "x-cosmos-block-height";
const GRPC_CONTENT = "application/grpc+cosmos-sdk-grpc-codec";

/** The REST API of all services, derived from their `google.api.http` rules: paths, status codes and bodies are the Cosmos SDK's. */
export async function createRestServer(options: RestOptions): Promise<FastifyInstance> {
  const routes = readRoutes(options.descriptors, options.services);
  const server = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true, exposeHeadRoutes: false, routerOptions: { maxParamLength: 4096 } });
  if (options.allowAnyOrigin) await server.register(cors, { origin: "*", methods: ["GET", "POST"], allowedHeaders: ["Content-Type", HEIGHT_HEADER], exposedHeaders: [HEIGHT_HEADER] });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  // One handler for every path: which paths exist is data (the descriptors), and unknown ones are 501 whatever their method.
  server.setNotFoundHandler((request, reply) => answer(options, routes, request, reply));
  server.setErrorHandler((error, _request, reply) => {
    const tooLarge = (error as { statusCode?: number }).statusCode === 413;
    sendStatus(reply, tooLarge ? { code: STATUS.InvalidArgument, message: `a body of at most ${BODY_LIMIT_BYTES} bytes expected` } : { code: STATUS.Internal, message: "internal" });
  });
  return server;
}

async function answer(options: RestOptions, routes: readonly Route[], request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const [path = "", search = ""] = splitUrl(request.raw.url ?? "/");
  try {
    const match = findRouteOf(routes, request.method, path);
    if (match === undefined) throw new ApiError(STATUS.Unimplemented, "Not Implemented");
    const data = readRequest(options.descriptors, match, search, request.body);
    const result = await options.query(RequestQuery.fromPartial({ path: match.route.path, data, height: readHeight(request) }));
    if (result.code !== 0) {
      const status = statusOfAnswer(result);
      throw new ApiError(status.code, status.message, result.height);
    }
    setHeight(reply, result.height);
    await reply.code(200).type("application/json").send(JSON.stringify(toProtoJson(options.descriptors, match.route.method.output, result.value)));
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    if (thrown.height !== undefined) setHeight(reply, thrown.height);
    sendStatus(reply, thrown.status);
  }
}

function splitUrl(url: string): readonly [path: string, search: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}

function findRouteOf(routes: readonly Route[], verb: string, path: string): Match | undefined {
  try {
    return findRoute(routes, verb, path);
  } catch {
    throw new ApiError(STATUS.InvalidArgument, "a path with valid percent escapes expected");
  }
}

/** Request bytes from path, query and body. @throws ApiError InvalidArgument */
function readRequest(descriptors: Descriptors, { route, fields }: Match, search: string, body: unknown): Uint8Array {
  const { input } = route.method;
  const request: RequestJson = route.body === "*" ? readBody(body) : {};
  if (route.body === "") addQueryFields(descriptors, input, request, new URLSearchParams(search), new Set(fields.keys()));
  else if (route.body !== "*") request[route.body] = readBody(body);
  addPathFields(descriptors, input, request, fields);
  try {
    return fromProtoJson(descriptors, input, request, { unknown: "ignore" });
  } catch (thrown) {
    throw new ApiError(STATUS.InvalidArgument, thrown instanceof Error ? thrown.message : "a JSON request expected");
  }
}

function readBody(body: unknown): RequestJson {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : "";
  if (text.trim() === "") return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new ApiError(STATUS.InvalidArgument, `a JSON body expected: ${thrown instanceof Error ? thrown.message : "not JSON"}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new ApiError(STATUS.InvalidArgument, "a JSON object expected as body");
  return json as RequestJson;
}

/** Height that the caller asks for; 0 is the last one. @throws ApiError InvalidArgument */
function readHeight(request: FastifyRequest): bigint {
  const header = request.headers[HEIGHT_HEADER];
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || text === "") return 0n;
  if (!/^-?\d{1,19}$/.test(text)) {
    throw new ApiError(STATUS.InvalidArgument, `codespace sdk code 18: invalid request: invalid height header "${HEIGHT_HEADER}": a whole number expected, got ${JSON.stringify(text)}`);
  }
  return BigInt(text);
}

function setHeight(reply: FastifyReply, height: bigint): void {
  const text = height.toString();
  reply.header("grpc-metadata-content-type", GRPC_CONTENT).header("grpc-metadata-x-cosmos-block-height", text).header(HEIGHT_HEADER, text);
}

function sendStatus(reply: FastifyReply, { code, message }: GrpcStatus): void {
  void reply.code(httpStatusOf(code)).type("application/json").send(JSON.stringify({ code, message, details: [] }));
}
