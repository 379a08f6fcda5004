import { RequestQuery, type ResponseQuery } from "#proto/tendermint/abci/types";
import { parseHeight } from "./blockHeight.ts";
import type { CallGate } from "./callGate.ts";
import { ApiError, type GrpcStatus, STATUS, statusOfAnswer } from "./grpcStatus.ts";
import { CALL_TIMEOUT_MS } from "./limits.ts";

/** Answers a query as ABCI does; never rejects for a bad request. */
export type QueryPort = (request: RequestQuery) => Promise<ResponseQuery>;

/** A method that the API answers by itself, without state: request bytes in, response bytes out. @throws ApiError */
export type LocalMethod = (request: Uint8Array) => Uint8Array;

/** A call as gRPC and gRPC-web bring it. */
export interface RpcCall {
  /** `/cosmos.bank.v1beta1.Query/Balance` */
  readonly path: string;
  readonly data: Uint8Array;
  /** Text of the height metadata. */
  readonly height: string | undefined;
  /** Milliseconds for an answer; {@link CALL_TIMEOUT_MS} unless given. */
  readonly timeoutMs?: number;
}

/** What a call came to. */
export interface RpcAnswer {
  /** Height that was read, also by a call that failed; undefined where none was. */
  readonly height: bigint | undefined;
  /** Bytes of the response, or why there are none. */
  readonly result: { readonly value: Uint8Array } | { readonly status: GrpcStatus };
}

/** Where calls are answered. */
export interface RpcOptions {
  readonly query: QueryPort;
  readonly local: ReadonlyMap<string, LocalMethod>;
  readonly gate: CallGate;
}

/**
 * Answers calls of gRPC and gRPC-web: local methods at once, all others as ABCI queries of the same path. Never rejects. More than the gate
 * lets through are ResourceExhausted, one that takes longer than {@link CALL_TIMEOUT_MS} is DeadlineExceeded.
 */
export function createRpc({ query, local, gate }: RpcOptions): (call: RpcCall) => Promise<RpcAnswer> {
  return async ({ path, data, height, timeoutMs = CALL_TIMEOUT_MS }) => {
    try {
      const method = local.get(path);
      if (method !== undefined) return { height: undefined, result: { value: method(data) } };
      const asked = parseHeight(height);
      // Until its answer is there, even when nobody waits for it any more.
      const answered = gate(() => query(RequestQuery.fromPartial({ path, data, height: asked })));
      return await withTimeout(
        answered.then((response) => answerOf(response, asked)),
        timeoutMs,
      );
    } catch (thrown) {
      return thrown instanceof ApiError ? { height: undefined, result: thrown } : failure(STATUS.Internal, "internal");
    }
  };
}

function answerOf(response: ResponseQuery, asked: bigint): RpcAnswer {
  if (response.code === 0) return { height: response.height, result: { value: response.value } };
  return { height: toldHeight(response, asked), result: { status: statusOfAnswer(response) } };
}

/**
 * Height that a caller is told: the one whose state was read. A failed answer that names another one than was asked for read none.
 * @param asked height of the request, 0 for the last one
 */
export function toldHeight({ code, height }: Pick<ResponseQuery, "code" | "height">, asked: bigint): bigint | undefined {
  return code === 0 || asked === 0n || asked === height ? height : undefined;
}

async function withTimeout(answer: Promise<RpcAnswer>, timeoutMs: number): Promise<RpcAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<RpcAnswer>((resolve) => {
    timer = setTimeout(() => resolve(failure(STATUS.DeadlineExceeded, `no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failure(code: number, message: string): RpcAnswer {
  return { height: undefined, result: { status: { code, message } } };
}
