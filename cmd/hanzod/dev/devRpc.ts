import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { DEFAULT_HTTP_LIMITS, guardHttp, type HttpLimits, httpServerOptions } from "../../../app/api/httpLimits.ts";
import { BodyRoom } from "../../../app/api/requestBody.ts";
import type { DevBlock } from "./devBlock.ts";
import type { DevChain } from "./devChain.ts";
import { devRpcMethods } from "./devRpcMethods.ts";
import { serveDevSocket } from "./devSocket.ts";
import { answerCall, isCall, type RpcMethods, readCall, rpcFailure } from "./jsonRpc.ts";

/** Calls of one request; CometBFT's default. */
const MAX_BATCH = 10;

/** The RPC of a development chain; it does not listen yet. */
export interface DevRpc {
  readonly server: Server;
  /** Tells the subscribers of a block. The chain's own are told by themselves. */
  publish(block: DevBlock): void;
  /** Ends all connections and the listener. */
  close(): Promise<void>;
}

/**
 * Makes the RPC of a development chain: JSON-RPC by POST, single or in a list, every method by GET, and `/websocket`, as CometBFT has them.
 */
export function createDevRpc(chain: DevChain, limits: HttpLimits = DEFAULT_HTTP_LIMITS): DevRpc {
  const methods = devRpcMethods(chain);
  const server = createServer(httpServerOptions(limits), (request, response) => {
    // What was parsed of a connection that is closed already is no work any more.
    if (!request.socket.destroyed) void respond(methods, room, request, response);
  });
  const room = new BodyRoom(server, limits.maxBodyBytes);
  guardHttp(server, limits);
  const socket = serveDevSocket(server, methods, limits.maxBodyBytes);
  const unfollow = chain.follow((block) => socket.publish(block));
  return {
    server,
    publish: socket.publish,
    close() {
      unfollow();
      socket.close();
      const closed = new Promise<void>((done) => void server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function respond(methods: RpcMethods, room: BodyRoom, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = {
    "content-type": "application/json",
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "content-type",
  };
  const { text, isWhole } = await answer(methods, room, request);
  response.writeHead(200, { ...headers, connection: isWhole ? "keep-alive" : "close" }).end(text);
}

/** @returns the answer, and whether the request was read to its end */
async function answer(
  methods: RpcMethods,
  room: BodyRoom,
  request: IncomingMessage,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  if (request.method === "OPTIONS") return { text: "", isWhole: true };
  if (request.method !== "POST") {
    const url = parseUrl(request.url);
    if (url === undefined) return { text: JSON.stringify(rpcFailure(-1, "request", "a well-formed URL expected")), isWhole: false };
    const call = { id: -1, method: url.pathname.slice(1), params: Object.fromEntries(url.searchParams) };
    return { text: JSON.stringify(await answerCall(methods, call)), isWhole: true };
  }
  let sent: string;
  try {
    sent = (await room.read(request)).toString("utf8");
  } catch (thrown) {
    return { text: JSON.stringify(rpcFailure(null, "request", thrown)), isWhole: false };
  }
  return { text: JSON.stringify(await answerBody(methods, sent)), isWhole: true };
}

async function answerBody(methods: RpcMethods, text: string): Promise<object> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (thrown) {
    return rpcFailure(null, "parse", thrown);
  }
  if (!Array.isArray(body)) return answerOne(methods, body);
  if (body.length > MAX_BATCH) return rpcFailure(null, "request", `at most ${MAX_BATCH} calls in a list expected, got ${body.length}`);
  const answers: object[] = [];
  for (const one of body) answers.push(await answerOne(methods, one));
  return answers;
}

async function answerOne(methods: RpcMethods, body: unknown): Promise<object> {
  const call = readCall(body);
  return isCall(call) ? answerCall(methods, call) : call;
}

function parseUrl(text = "/"): URL | undefined {
  try {
    return new URL(text, "http://localhost");
  } catch {
    return undefined;
  }
}
