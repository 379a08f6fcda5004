import { createServer, type IncomingMessage, type Server } from "node:http";
import type { DevChain } from "./devChain.ts";
import { devRpcMethods, type RpcMethod } from "./devRpcMethods.ts";
import { createRpcParams } from "./rpcParams.ts";

/** Largest body: a transaction of 4 MiB in base64. */
const BODY_LIMIT_BYTES = 6 * 1024 * 1024;
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const METHOD_NOT_FOUND = -32_601;
const INTERNAL_ERROR = -32_603;

type Id = string | number | null;

/** Makes the HTTP server of a development chain's RPC: JSON-RPC by POST, single or in a list, and every method by GET, as CometBFT has it. */
export function createDevRpc(chain: DevChain): Server {
  const methods = devRpcMethods(chain);
  return createServer((request, response) => {
    void answer(methods, request).then((body) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "content-type",
        connection: "keep-alive",
      });
      response.end(body);
    });
  });
}

async function answer(methods: Readonly<Record<string, RpcMethod>>, request: IncomingMessage): Promise<string> {
  if (request.method === "OPTIONS") return "";
  if (request.method !== "POST") {
    const url = new URL(request.url ?? "/", "http://localhost");
    return JSON.stringify(await call(methods, -1, url.pathname.slice(1), Object.fromEntries(url.searchParams)));
  }
  let body: unknown;
  try {
    body = JSON.parse(await readBody(request));
  } catch (thrown) {
    return JSON.stringify(failure(null, PARSE_ERROR, "Parse error", thrown));
  }
  if (!Array.isArray(body)) return JSON.stringify(await callOf(methods, body));
  const answers: object[] = [];
  for (const one of body) answers.push(await callOf(methods, one));
  return JSON.stringify(answers);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) throw new Error(`a body of at most ${BODY_LIMIT_BYTES} bytes expected`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function callOf(methods: Readonly<Record<string, RpcMethod>>, body: unknown): Promise<object> {
  if (typeof body !== "object" || body === null) return failure(null, INVALID_REQUEST, "Invalid Request", "an object expected");
  const { id = null, method, params = {} } = body as { readonly id?: Id; readonly method?: unknown; readonly params?: unknown };
  if (typeof method !== "string" || typeof params !== "object" || params === null)
    return failure(id, INVALID_REQUEST, "Invalid Request", "a method with named parameters expected");
  return call(methods, id, method, params as Readonly<Record<string, unknown>>);
}

async function call(
  methods: Readonly<Record<string, RpcMethod>>,
  id: Id,
  name: string,
  params: Readonly<Record<string, unknown>>,
): Promise<object> {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) return failure(id, METHOD_NOT_FOUND, "Method not found", `known methods: ${Object.keys(methods).join(", ")}`);
  try {
    return { jsonrpc: "2.0", id, result: await method(createRpcParams(params)) };
  } catch (thrown) {
    return failure(id, INTERNAL_ERROR, "Internal error", thrown);
  }
}

function failure(id: Id, code: number, message: string, reason: unknown): object {
  return { jsonrpc: "2.0", id, error: { code, message, data: reason instanceof Error ? reason.message : String(reason) } };
}
