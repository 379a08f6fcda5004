import type { IncomingMessage } from "node:http";
import cors from "@fastify/cors";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { RequestQuery, type ResponseQuery } from "#proto/tendermint/abci/types";
import type { Descriptors } from "../encoding/descriptors.ts";
import { type ShownJson, showJson } from "../encoding/showJson.ts";
import type { QueryAnswer } from "../runtime/query/queryAnswer.ts";
import type { ChainFacts } from "./appReflection.ts";
import { answerBlob, type BlobSource } from "./blobs.ts";
import { HEIGHT_HEADER, parseHeight } from "./blockHeight.ts";
import { type CallGate, createCallGate } from "./callGate.ts";
import { createDrain } from "./drain.ts";
import { ApiError, type GrpcStatus, httpStatusOf, STATUS, statusOfAnswer } from "./grpcStatus.ts";
import { answerGrpcWeb, GRPC_WEB_REQUEST_HEADERS, GRPC_WEB_RESPONSE_HEADERS, isGrpcWeb } from "./grpcWeb.ts";
import { DEFAULT_HTTP_LIMITS, guardHttp, type HttpLimits, httpServerOptions } from "./httpLimits.ts";
import type { HttpPages } from "./httpPage.ts";
import { MAX_URL_LENGTH } from "./limits.ts";
import { localServices } from "./localServices.ts";
import { findPage, type Pages, pageHeaders } from "./pages.ts";
import { BodyRoom } from "./requestBody.ts";
import { readRequest } from "./restRequest.ts";
import { findRoute, type Match, type Route, readRoutes } from "./routes.ts";
import { createRpc, toldHeight } from "./rpcCall.ts";

/** What the REST API stands on. */
export interface RestOptions {
  readonly descriptors: Descriptors;
  /** Full names of the services to show. */
  readonly services: readonly string[];
  /** Answers a query as ABCI does; never rejects for a bad request. */
  query(request: RequestQuery): Promise<ResponseQuery>;
  /**
   * Answers a query with the value of its answer as proto JSON, where that work is done elsewhere; left out, `query` is asked and the JSON is
   * made here. @param typeName full name of the answer's type
   */
  readonly ask?: (request: RequestQuery, typeName: string) => Promise<QueryAnswer>;
  /** Told by reflection. */
  readonly chain: ChainFacts;
  /** Lets pages of any origin call: for local chains. */
  readonly allowAnyOrigin: boolean;
  /** Files that are served beside the API, before its own paths. */
  readonly pages?: Pages;
  /** Answers that are made when they are asked for, before its own paths: health and metrics. */
  readonly probes?: HttpPages;
  /** Bytes that are served by names of their content, before its own paths. */
  readonly blobs?: BlobSource;
  /** Text of the OpenAPI document at `/openapi.json`, made when it is first asked for; without it the path is 501 as any unknown one. */
  readonly openApi?: () => string;
  /** Default: {@link DEFAULT_HTTP_LIMITS}. */
  readonly limits?: HttpLimits;
}

/** What an answer is made with. */
type GatedOptions = RestOptions & { readonly gate: CallGate };

/** The same header as gateways between gRPC and HTTP pass it on. */
const GATEWAY_HEIGHT_HEADER = `grpc-metadata-${HEIGHT_HEADER}`;
const GRPC_CONTENT = "application/grpc+cosmos-sdk-grpc-codec";
/** Handing in a transaction says nothing about a height, so its answers carry none. */
const WITHOUT_HEIGHT: ReadonlySet<string> = new Set(["/cosmos.tx.v1beta1.Service/BroadcastTx"]);

/**
 * The REST API of all services, derived from their `google.api.http` rules: paths, status codes and bodies are the Cosmos SDK's.
 * `close()` waits for answers that are under way and refuses new requests.
 */
export async function createRestServer(options: RestOptions): Promise<FastifyInstance> {
  const routes = readRoutes(options.descriptors, options.services);
  const { limits = DEFAULT_HTTP_LIMITS } = options;
  const server = fastify({
    http: httpServerOptions(limits),
    requestTimeout: limits.readTimeoutMs,
    keepAliveTimeout: limits.readTimeoutMs,
    exposeHeadRoutes: false,
    // Which paths exist is data (the descriptors): fastify sees one path only and never judges a URL by its own rules.
    rewriteUrl: () => "/",
  });
  guardHttp(server.server, limits);
  const gate = createCallGate(limits.maxCalls);
  const web = createWebAnswer(options, gate);
  const drain = createDrain(server.server);
  server.addHook("preClose", (done) => {
    drain();
    done();
  });
  // What was parsed of a connection that is closed already is no work any more.
  server.addHook("onRequest", (request, reply, done) => {
    if (request.raw.socket.destroyed) reply.hijack();
    done();
  });
  if (options.allowAnyOrigin) await server.register(cors, corsOptions);
  server.removeAllContentTypeParsers();
  const room = new BodyRoom(server.server, limits.maxBodyBytes);
  server.addContentTypeParser("*", (_request: FastifyRequest, payload: IncomingMessage) => room.read(payload));
  // Unknown paths and methods alike are 501.
  server.setNotFoundHandler((request, reply) =>
    isGrpcWeb(request) ? web(request, reply) : answer({ ...options, gate }, routes, request, reply),
  );
  // What failed while it was read is not read to its end.
  server.setErrorHandler((error, _request, reply) => sendStatus(reply.header("connection", "close"), statusOfFailure(error)));
  return server;
}

/** gRPC-web of the same services, and of those that have no REST. */
function createWebAnswer(
  { descriptors, services, query, chain }: RestOptions,
  gate: CallGate,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const local = localServices(descriptors, services, chain).methods;
  const paths = services.flatMap((service) => descriptors.getService(service).methods.map(({ name }) => `/${service}/${name}`));
  const methods = new Set([...paths, ...local.keys()]);
  const call = createRpc({ query, local, gate });
  return (request, reply) => answerGrpcWeb(request, reply, methods, call);
}

const corsOptions = {
  origin: "*",
  methods: ["GET", "POST"],
  allowedHeaders: ["Content-Type", HEIGHT_HEADER, ...GRPC_WEB_REQUEST_HEADERS],
  exposedHeaders: [HEIGHT_HEADER, ...GRPC_WEB_RESPONSE_HEADERS],
  optionsSuccessStatus: 200,
};

/** Status of what fastify refuses to read, and of defects. */
function statusOfFailure(error: unknown): GrpcStatus {
  if (error instanceof ApiError) return error.status;
  const status = error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  if (status >= 400 && status < 500) return { code: STATUS.InvalidArgument, message: "a well-formed HTTP request expected" };
  return { code: STATUS.Internal, message: "internal" };
}

async function answer(options: GatedOptions, routes: readonly Route[], request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (sendPage(options, request, reply) || (await answerProbe(options.probes, request, reply))) return;
  if (options.openApi !== undefined && request.method === "GET" && request.originalUrl === "/openapi.json")
    return sendJson(reply, 200, options.openApi());
  try {
    if (await answerBlob(options.blobs, options.gate, request, reply)) return;
    const { match, search } = findMatch(routes, request);
    const { path, method } = match.route;
    const data = readRequest(options.descriptors, match, search, request.body);
    const height = readHeight(request);
    const query = RequestQuery.fromPartial({ path, data, height });
    const { answer: result, shown } = await options.gate(() => ask(options, query, method.output));
    const told = WITHOUT_HEIGHT.has(path) ? undefined : toldHeight(result, height);
    if (told !== undefined) setMetadata(reply, told);
    if (result.code !== 0) {
      sendStatus(reply, statusOfAnswer(result));
      return;
    }
    const body = jsonOf(match, shown ?? showJson(options.descriptors, method.output, result.value));
    if (told !== undefined) reply.header(HEIGHT_HEADER, told.toString());
    sendJson(reply, 200, body);
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    sendStatus(reply, thrown.status);
  }
}

/** Whether the URL is that of a page, which is then sent. */
function sendPage({ pages }: RestOptions, request: FastifyRequest, reply: FastifyReply): boolean {
  const found = pages === undefined ? undefined : findPage(pages, request.method, request.originalUrl);
  if (found === undefined) return false;
  if ("location" in found) void reply.code(308).header("location", found.location).send();
  else void reply.headers(pageHeaders(found)).send(Buffer.from(found.body));
  return true;
}

/** True when the path is a probe's, which is then answered. */
async function answerProbe(probes: HttpPages | undefined, { method, originalUrl }: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const [path = "", search] = originalUrl.split("?", 2);
  const probe = method === "GET" ? probes?.get(path) : undefined;
  if (probe === undefined) return false;
  const { status, contentType, body } = await probe(new URLSearchParams(search));
  void reply.code(status).header("content-type", contentType).send(Buffer.from(body));
  return true;
}

/** @throws ApiError Unimplemented, InvalidArgument */
function findMatch(routes: readonly Route[], request: FastifyRequest): { readonly match: Match; readonly search: string } {
  const url = request.originalUrl;
  if (url.length > MAX_URL_LENGTH)
    throw new ApiError(STATUS.InvalidArgument, `a URL of at most ${MAX_URL_LENGTH} characters expected, got ${url.length}`);
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const match = findRoute(routes, request.method, path);
  if (match === undefined) throw new ApiError(STATUS.Unimplemented, "Not Implemented");
  return { match, search: mark < 0 ? "" : url.slice(mark + 1) };
}

async function ask({ ask: elsewhere, query }: RestOptions, request: RequestQuery, typeName: string): Promise<QueryAnswer> {
  return elsewhere === undefined ? { answer: await query(request), shown: undefined } : elsewhere(request, typeName);
}

/** What cannot be written as JSON is the fault of whoever handed it in: of the request where it had a body, otherwise of the state. */
function jsonOf({ route }: Match, shown: ShownJson): string {
  if ("json" in shown) return shown.json;
  throw new ApiError(
    route.body === "" ? STATUS.Internal : STATUS.InvalidArgument,
    `the answer cannot be shown as JSON: ${shown.unshowable}`,
  );
}

/** Height that the caller asks for; 0 is the last one. @throws ApiError InvalidArgument */
function readHeight({ headers }: FastifyRequest): bigint {
  const header = headers[HEIGHT_HEADER] ?? headers[GATEWAY_HEIGHT_HEADER];
  return parseHeight(Array.isArray(header) ? header[0] : header);
}

function setMetadata(reply: FastifyReply, height: bigint): void {
  reply.header("grpc-metadata-content-type", GRPC_CONTENT).header(GATEWAY_HEIGHT_HEADER, height.toString());
}

function sendStatus(reply: FastifyReply, { code, message }: GrpcStatus): void {
  sendJson(reply, httpStatusOf(code), JSON.stringify({ code, message, details: [] }));
}

/** Sends bytes: text would get a `charset` that the SDK's answers do not have. */
function sendJson(reply: FastifyReply, status: number, json: string): void {
  void reply.code(status).header("content-type", "application/json").send(Buffer.from(json));
}
