import type WebSocket from "ws";
import { type Condition, parseTxQuery } from "../../../app/runtime/query/txQuery.ts";
import { type DevEvent, meetsAll } from "./devEvents.ts";
import { answerCall, isCall, type RpcId, type RpcMethods, type RpcRequest, readCall, rpcFailure, rpcSuccess } from "./jsonRpc.ts";

/** Subscriptions of one client; CometBFT's default. */
export const MAX_SUBSCRIPTIONS = 5;
/** Longest query in characters, as in CometBFT. */
export const MAX_QUERY_LENGTH = 512;
/** Bytes that may wait for a client to read them: some large blocks. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;
/** Calls of one client that may wait for their turn. */
const MAX_WAITING_CALLS = 64;
/** Milliseconds that a client has to read why it is cut off. */
const LAST_WORD_MS = 5_000;

/** Close codes of RFC 6455 and its registry. */
const CLOSE = { policy: 1008, tryAgainLater: 1013 } as const;

interface Subscription {
  readonly id: RpcId;
  readonly conditions: readonly Condition[];
}

/** One client of the WebSocket: its calls, one after the other, and what it wants to hear of. */
export class DevSubscriber {
  readonly #socket: WebSocket;
  readonly #methods: RpcMethods;
  readonly #subscriptions = new Map<string, Subscription>();
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #isCutOff = false;

  constructor(socket: WebSocket, methods: RpcMethods) {
    this.#socket = socket;
    const called = async (): Promise<object> => ({});
    this.#methods = { ...methods, subscribe: called, unsubscribe: called, unsubscribe_all: called };
    socket.on("message", (data) => this.#receive(String(data)));
    // What is no WebSocket message closes the connection by itself.
    socket.on("error", () => undefined);
  }

  /** Tells of what happened, once for each subscription that it meets. */
  hear(event: DevEvent): void {
    for (const [query, { id, conditions }] of this.#subscriptions)
      if (meetsAll(event, conditions)) this.#send(rpcSuccess(id, { query, data: event.data(), events: Object.fromEntries(event.values) }));
  }

  #receive(text: string): void {
    if (this.#isCutOff) return;
    this.#waiting += 1;
    if (this.#waiting > MAX_WAITING_CALLS) {
      this.#cutOff(CLOSE.policy, `at most ${MAX_WAITING_CALLS} calls at a time expected`);
      return;
    }
    this.#turn = this.#turn.then(async () => {
      if (!this.#isCutOff) this.#send(await this.#answer(text));
      this.#waiting -= 1;
    });
  }

  async #answer(text: string): Promise<object> {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (thrown) {
      return rpcFailure(null, "parse", thrown);
    }
    const call = readCall(body);
    if (!isCall(call)) return call;
    try {
      if (call.method === "subscribe") this.#subscribe(call);
      if (call.method === "unsubscribe" && !this.#subscriptions.delete(queryOf(call))) throw new Error("subscription not found");
      if (call.method === "unsubscribe_all") this.#subscriptions.clear();
    } catch (thrown) {
      return rpcFailure(call.id, "internal", thrown);
    }
    return answerCall(this.#methods, call);
  }

  #subscribe(call: RpcRequest): void {
    const query = queryOf(call);
    if (query.length > MAX_QUERY_LENGTH) throw new Error(`a query of at most ${MAX_QUERY_LENGTH} characters expected, got ${query.length}`);
    if (this.#subscriptions.has(query)) throw new Error("already subscribed");
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) throw new Error(`at most ${MAX_SUBSCRIPTIONS} subscriptions of a client expected`);
    this.#subscriptions.set(query, { id: call.id, conditions: parseTxQuery(query) });
  }

  #send(answer: object): void {
    if (this.#isCutOff || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#cutOff(CLOSE.tryAgainLater, "client is not pulling messages fast enough");
    else this.#socket.send(JSON.stringify(answer));
  }

  /** Ends the connection with a reason, which stands behind what the client has not read yet. */
  #cutOff(code: number, reason: string): void {
    this.#isCutOff = true;
    this.#subscriptions.clear();
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), LAST_WORD_MS).unref();
  }
}

/** @throws Error when there is no query */
function queryOf({ params }: RpcRequest): string {
  const query = Object.hasOwn(params, "query") ? params["query"] : undefined;
  if (typeof query !== "string" || query.trim() === "") throw new Error("parameter query: a text such as tm.event='NewBlock' expected");
  return query;
}
