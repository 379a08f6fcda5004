import { type RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { type ModuleError, type ReadCtx, sdkError } from "#sdk";
import type { StateReader } from "../../store/kv.ts";
import { StoreError } from "../../store/storeError.ts";
import { toQueryError } from "../abciErrors.ts";
import type { ChainHead } from "../chainHead.ts";
import type { LogPort } from "../ports.ts";
import type { Router } from "../router.ts";
import { findBlockTime } from "../txIndex.ts";
import type { Wire } from "../wire.ts";
import { type AppInfo, queryApp } from "./appQuery.ts";
import { queryPeerFilter } from "./peerFilter.ts";
import type { QueryScene, ServiceMethod } from "./service.ts";
import { queryStore } from "./storeQuery.ts";

/** What answering queries needs. */
export interface QueryMachine {
  readonly head: ChainHead;
  readonly router: Router;
  readonly services: readonly ServiceMethod[];
  readonly wire: Wire;
  readonly log: LogPort;
  readonly app: AppInfo;
}

/** An answer before it is filled up: what is left out is empty. */
export type Answer = Partial<ResponseQuery>;

/**
 * Answers ABCI queries: methods of modules and services by path, then `/store`, `/app` and `/p2p`. Never throws; the height of an answer is
 * above 0, since wallets hide what has none.
 */
export function createQueryHandler(machine: QueryMachine): (request: RequestQuery) => Promise<ResponseQuery> {
  const services = new Map(machine.services.map((method) => [method.path, method]));
  return async (request) => {
    let answer: Answer;
    try {
      answer = await dispatch(machine, services, request);
    } catch (error) {
      const { codespace, code, log } = error instanceof AnswerError ? error.answer : toQueryError(error, machine.log);
      answer = { codespace, code, log };
    }
    const height = answer.height ?? machine.head.height;
    return ResponseQuery.fromPartial({ ...answer, height: height > 0n ? height : 1n });
  };
}

/** A failure whose codespace and code stand already; errors of handlers are translated instead. */
export class AnswerError extends Error {
  readonly answer: { readonly codespace: string; readonly code: number; readonly log: string };

  constructor(codespace: string, code: number, log: string) {
    super(log);
    this.answer = { codespace, code, log };
  }
}

/** An {@link AnswerError} with one of the SDK's registered errors. */
export function answerError(error: ModuleError): AnswerError {
  return new AnswerError(error.codespace, error.code, error.message);
}

async function dispatch(machine: QueryMachine, services: ReadonlyMap<string, ServiceMethod>, request: RequestQuery): Promise<Answer> {
  if (request.path === "") throw answerError(sdkError.unknownRequest("no query path provided"));
  const service = services.get(request.path);
  const method = service ?? machine.router.findQuery(request.path);
  if (method !== undefined) {
    const scene = await openScene(machine.head, request);
    const message = decodeRequest(method.request, request.data);
    // Handlers of modules cannot write: their context has the committed stores, which have no such operation.
    const result = service === undefined ? method.handle(scene.ctx as never, message as never) : await service.handle(message, scene);
    const response = method.response;
    return { value: response.encode(response.fromPartial(result as object)).finish(), height: scene.height };
  }
  const path = request.path.split("/");
  if (path[0] === "") path.shift();
  switch (path[0]) {
    case "app":
      return queryApp(machine, path, request);
    case "store":
      return queryStore(machine.head, path, request);
    case "p2p":
      return queryPeerFilter(path);
    default:
      throw answerError(sdkError.unknownRequest("unknown query path"));
  }
}

function decodeRequest(codec: { decode(bytes: Uint8Array): unknown }, bytes: Uint8Array): unknown {
  try {
    return codec.decode(bytes);
  } catch (error) {
    throw answerError(sdkError.invalidRequest(error instanceof RangeError ? "unexpected EOF" : "a protobuf request expected"));
  }
}

/**
 * The height that a request means: 0 is the last one.
 * @throws sdk/18 below 0, or for a proof at heights that have none; sdk/26 in the future
 */
export function requestHeight(head: ChainHead, { height, prove }: Pick<RequestQuery, "height" | "prove">): bigint {
  if (height < 0n) throw answerError(sdkError.invalidRequest("cannot query with height < 0; please provide a valid height"));
  if (height > head.height)
    throw answerError(sdkError.invalidHeight("cannot query with height in the future; please provide a valid height"));
  if (prove && height === 1n)
    throw answerError(sdkError.invalidRequest("cannot query with proof when height <= 1; please provide a valid height"));
  return height === 0n ? head.height : height;
}

async function openScene(head: ChainHead, request: RequestQuery): Promise<QueryScene> {
  const height = requestHeight(head, request);
  const latest = height === head.height;
  const timeNs = latest ? head.timeNs : ((await findBlockTime(head.store, height)) ?? 0n);
  // The head may have moved on while the time was read: the state of the wanted height is asked for by number.
  const state = stateAt(head, height);
  const ctx: ReadCtx = head.freeCtx((name) => state.store(name), { height, timeNs });
  return { height, timeNs, ctx };
}

/** @throws sdk/18 for a height that is not kept */
function stateAt(head: ChainHead, height: bigint): StateReader {
  try {
    return head.height === height ? head.store.latest() : head.store.at(height);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw answerError(
      sdkError.invalidRequest(`failed to load state at height ${height}; ${error.message} (latest height: ${head.height})`),
    );
  }
}
