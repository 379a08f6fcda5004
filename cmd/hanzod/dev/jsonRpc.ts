import type { RpcMethod } from "./devRpcMethods.ts";
import { createRpcParams } from "./rpcParams.ts";

/** Methods by name. */
export type RpcMethods = Readonly<Record<string, RpcMethod>>;

/** What a call is known by. */
export type RpcId = string | number | null;

/** A call as it came: its method and parameters are of the right kind, no more. */
export interface RpcRequest {
  readonly id: RpcId;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Error codes of JSON-RPC 2.0, and CometBFT's own for a subscription that ended. */
export const RPC_ERROR = {
  parse: [-32_700, "Parse error"],
  request: [-32_600, "Invalid Request"],
  method: [-32_601, "Method not found"],
  internal: [-32_603, "Internal error"],
  server: [-32_000, "Server error"],
} as const;

/** Reads one call of a parsed body. @returns the call, or the answer to what is none */
export function readCall(body: unknown): RpcRequest | object {
  if (typeof body !== "object" || body === null) return rpcFailure(null, "request", "an object expected");
  const { id = null, method, params = {} } = body as { readonly id?: RpcId; readonly method?: unknown; readonly params?: unknown };
  if (typeof method !== "string" || typeof params !== "object" || params === null)
    return rpcFailure(id, "request", "a method with named parameters expected");
  return { id, method, params: params as Readonly<Record<string, unknown>> } satisfies RpcRequest;
}

/** Whether {@link readCall} read a call. */
export function isCall(read: RpcRequest | object): read is RpcRequest {
  return "method" in read;
}

/** Answers a call; a method that throws is answered with its error. */
export async function answerCall(methods: RpcMethods, { id, method: name, params }: RpcRequest): Promise<object> {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) return rpcFailure(id, "method", `known methods: ${Object.keys(methods).join(", ")}`);
  try {
    return rpcSuccess(id, await method(createRpcParams(params)));
  } catch (thrown) {
    return rpcFailure(id, "internal", thrown);
  }
}

/** The answer that holds a result. */
export function rpcSuccess(id: RpcId, result: object): object {
  return { jsonrpc: "2.0", id, result };
}

/** The answer that says why there is no result. @param reason an Error, or a text */
export function rpcFailure(id: RpcId, kind: keyof typeof RPC_ERROR, reason: unknown): object {
  const [code, message] = RPC_ERROR[kind];
  return { jsonrpc: "2.0", id, error: { code, message, data: reason instanceof Error ? reason.message : String(reason) } };
}
