import { type RequestQuery, ResponseQuery } from "#proto/tendermint/abci/types";
import { createGasMeter, type GasMeter, type ReadCtx, sdkError } from "#sdk";
import type { StateReader } from "../../store/kv.ts";
import { StoreError } from "../../store/storeError.ts";
import { toQueryError } from "../abciErrors.ts";
import type { ChainHead } from "../chainHead.ts";
import type { LogPort } from "../ports.ts";
import { overQueryGas } from "../queryGas.ts";
import type { Router } from "../router.ts";
import { findBlockTime } from "../txIndex.ts";
import type { Wire } from "../wire.ts";
import { type Answer, AnswerError, answerError } from "./answer.ts";
import { type AppInfo, queryApp } from "./appQuery.ts";
import { queryPeerFilter } from "./peerFilter.ts";
import { requestHeight } from "./requestHeight.ts";
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
  /** Most gas of one query, undefined for no limit. */
  readonly gasLimit?: bigint | undefined;
}

/**
 * Answers ABCI queries: methods of modules and services by path, then `/store`, `/app` and `/p2p`. Never throws; the height of an answer is
 * above 0, since wallets hide what has none. A failed answer has the height of the state that the method read, else the last one.
 */
export function createQueryHandler(machine: QueryMachine): (request: RequestQuery) => Promise<ResponseQuery> {
  const services = new Map(machine.services.map((method) => [method.path, method]));
  return async (request) => {
    const read: ReadHeight = { height: undefined };
    let answer: Answer;
    try {
      answer = await dispatch(machine, services, request, read);
    } catch (error) {
      const { codespace, code, log } = error instanceof AnswerError ? error.answer : toQueryError(error, machine.log);
      answer = { codespace, code, log };
    }
    const height = answer.height ?? read.height ?? machine.head.height;
    return ResponseQuery.fromPartial({ ...answer, height: height > 0n ? height : 1n });
  };
}

/** Height of the state that a method reads, once that state is there. */
interface ReadHeight {
  height: bigint | undefined;
}

async function dispatch(
  machine: QueryMachine,
  services: ReadonlyMap<string, ServiceMethod>,
  request: RequestQuery,
  read: ReadHeight,
): Promise<Answer> {
  if (request.path === "") throw answerError(sdkError.unknownRequest("no query path provided"));
  const service = services.get(request.path);
  const method = service ?? machine.router.findQuery(request.path);
  if (method !== undefined) {
    const gas = createGasMeter(machine.gasLimit);
    const scene = await openScene(machine.head, request, gas);
    const message = decodeRequest(method.request, request.data);
    read.height = scene.height;
    // Handlers of modules cannot write: their context has the committed stores, which have no such operation.
    const work = (): object | Promise<object> =>
      service === undefined ? (method.handle(scene.ctx as never, message as never) as object) : service.handle(message, scene);
    const result = await withinGas(gas, work);
    const response = method.response;
    return { value: response.encode(response.fromPartial(result)).finish(), height: scene.height };
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

/** Runs a handler. @throws QueryError ResourceExhausted when it used more gas than a query may */
async function withinGas(gas: GasMeter, work: () => object | Promise<object>): Promise<object> {
  try {
    return await work();
  } catch (error) {
    if (gas.used <= gas.limit) throw error;
    throw overQueryGas(gas.limit, gas.used);
  }
}

async function openScene(head: ChainHead, request: RequestQuery, gas: GasMeter): Promise<QueryScene> {
  const height = requestHeight(head, request);
  const latest = height === head.height;
  const timeNs = latest ? head.timeNs : ((await findBlockTime(head.store, height)) ?? 0n);
  // The head may have moved on while the time was read: the state of the wanted height is asked for by number.
  const state = stateAt(head, height);
  const ctx: ReadCtx = head.freeCtx((name) => state.store(name), { height, timeNs }, [], gas);
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
