import type { ShownJson } from "../encoding/showJson.ts";
import type { ChangeSet, Range } from "../store/kv.ts";
import type { SharedState, StateUpdate } from "../store/stateFeed.ts";

/** Tells a thread's file that it was started as a query thread: others may import it, too. */
export const QUERY_ROLE = "hanzo query thread";

/** A row of the index as it is stored: key and value. */
export type StoredRow = readonly [key: Uint8Array, value: Uint8Array];

/** Word that the thread writes: number of the last request that was begun. */
export const BEGUN = 0;
/** Word that the chain's thread writes: requests up to this number are over their deadline, nobody waits for them any more. */
export const LATE = 1;

/** What a query thread starts with. */
export interface QueryThreadData {
  readonly role: typeof QUERY_ROLE;
  readonly state: SharedState;
  /** Time of the last block, nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: bigint;
  /** Rows that it need not ask for. */
  readonly rows: readonly StoredRow[];
  /** Two 32-bit words, at {@link BEGUN} and {@link LATE}. */
  readonly progress: SharedArrayBuffer;
  /** For whoever builds the state machine there; cloned. */
  readonly settings: unknown;
}

/** What a thread asks for that only the store's own thread can read. */
export type StoredQuestion =
  | { readonly what: "row"; readonly key: Uint8Array }
  | { readonly what: "response"; readonly version: bigint }
  | { readonly what: "rows"; readonly range: Range; readonly limit: number };

/** To a query thread. Bytes are encoded ABCI messages: those own their memory, so that no clone drags a larger buffer along. */
export type ToQueryThread =
  | { readonly kind: "state"; readonly update: StateUpdate; readonly timeNs: bigint; readonly rows: readonly StoredRow[] }
  | { readonly kind: "check"; readonly version: bigint; readonly writes: ChangeSet }
  | { readonly kind: "query"; readonly id: number; readonly request: Uint8Array; readonly show: string | undefined }
  | { readonly kind: "stored"; readonly id: number; readonly found: readonly StoredRow[]; readonly failed?: string }
  | { readonly kind: "ping" };

/** From a query thread. */
export type FromQueryThread =
  | { readonly kind: "answer"; readonly id: number; readonly answer: Uint8Array; readonly shown: ShownJson | undefined }
  /** It waits for somebody else, so the thread can begin others. */
  | { readonly kind: "waits"; readonly id: number }
  /** Nobody waited for it any more. */
  | { readonly kind: "skipped"; readonly id: number }
  | { readonly kind: "ask"; readonly id: number; readonly question: StoredQuestion }
  /** Sends the writes of the mempool's state from now on. */
  | { readonly kind: "followCheck" }
  | { readonly kind: "log"; readonly level: "info" | "error"; readonly message: string; readonly detail: string }
  /** Another thread was started there, by what it does. */
  | { readonly kind: "started"; readonly worker: string }
  | { readonly kind: "pong" };
