import { CliError, reasonOf } from "../../shared/cliError.ts";
import { type SyncInfo, waitUntilCaughtUp } from "./caughtUp.ts";

/** What a query was answered with. */
export interface QueryAnswer {
  readonly value: Uint8Array;
  /** Height of the state that was read. */
  readonly height: bigint;
}

/** The mempool's answer to a transaction. */
export interface BroadcastAnswer {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

/** A transaction that is in a block. */
export interface FoundTx {
  readonly height: number;
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly gasWanted: string;
  readonly gasUsed: string;
  readonly events: readonly TxEvent[];
}

/** An event of a transaction. */
export interface TxEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

/** A query that the chain refused. */
export class RefusedQuery extends CliError {
  readonly codespace: string;
  readonly code: number;
  readonly log: string;

  constructor(path: string, codespace: string, code: number, log: string) {
    super(`${path.replace(/^\//, "")} was refused: codespace ${codespace} code ${code}`, {
      why: log,
      next: queryAdvice(code, codespace),
      refusal: { codespace, code },
    });
    this.codespace = codespace;
    this.code = code;
    this.log = log;
  }
}

/** A node's JSON-RPC, as far as the command line needs it. Everything it throws is a CliError. */
export interface NodeClient {
  readonly rpc: string;
  chainId(): Promise<string>;
  /** Waits until the node has the chain's newest blocks: what it knows before that is old. @throws CliError when it has not caught up after a minute */
  caughtUp(): Promise<void>;
  /** Answers an ABCI query by its path. @param height 0n for the latest */
  query(path: string, data: Uint8Array, height?: bigint): Promise<QueryAnswer>;
  /** Hands a transaction to the mempool. */
  broadcast(tx: Uint8Array): Promise<BroadcastAnswer>;
  /** A transaction by its upper-case hexadecimal hash; undefined while it is in no block. */
  findTx(hash: string): Promise<FoundTx | undefined>;
  /** The result of any other method of the RPC, as it comes. */
  call(method: string, params: object): Promise<unknown>;
}

const TIMEOUT_MS = 10_000;

/** Talks to a node. @param rpc `http://host:port`; nothing is sent before the first call */
export function createNodeClient(rpc: string): NodeClient {
  const call = <T>(method: string, params: object = {}): Promise<T> => rpcCall<T>(rpc, method, params);
  return {
    rpc,
    chainId: async () => (await call<NodeStatus>("status")).node_info.network,
    caughtUp: () => waitUntilCaughtUp(rpc, async () => (await call<NodeStatus>("status")).sync_info),
    async query(path, data, height = 0n) {
      const { response } = await call<AbciAnswer>("abci_query", {
        path,
        data: Buffer.from(data).toString("hex"),
        height: height.toString(),
        prove: false,
      });
      const { code = 0, codespace = "", log = "" } = response;
      if (code !== 0) throw new RefusedQuery(path, codespace, code, log);
      return { value: new Uint8Array(Buffer.from(response.value ?? "", "base64")), height: BigInt(response.height ?? "0") };
    },
    async broadcast(tx) {
      const { code, codespace, log } = await call<BroadcastAnswer>("broadcast_tx_sync", { tx: Buffer.from(tx).toString("base64") });
      return { code, codespace, log };
    },
    findTx: (hash) => findTx(call, hash),
    call,
  };
}

interface NodeStatus {
  readonly node_info: { readonly network: string };
  readonly sync_info: SyncInfo;
}
interface AbciAnswer {
  readonly response: {
    readonly code?: number;
    readonly codespace?: string;
    readonly log?: string;
    readonly value?: string | null;
    readonly height?: string;
  };
}
interface TxAnswer {
  readonly height: string;
  readonly tx_result: {
    readonly code: number;
    readonly codespace: string;
    readonly log: string;
    readonly gas_wanted: string;
    readonly gas_used: string;
    readonly events: readonly TxEvent[] | null;
  };
}

/** What may help against a refused query: heights are kept for a while only. */
function queryAdvice(code: number, codespace: string): string {
  if (codespace === "sdk" && (code === 26 || code === 18)) return "ask without --height for the latest state, or see the command's --help";
  return "see the command's --help for what it expects";
}

async function findTx(call: <T>(method: string, params: object) => Promise<T>, hash: string): Promise<FoundTx | undefined> {
  try {
    const { height, tx_result: result } = await call<TxAnswer>("tx", { hash: Buffer.from(hash, "hex").toString("base64"), prove: false });
    return {
      height: Number(height),
      code: result.code,
      codespace: result.codespace,
      log: result.log,
      gasWanted: result.gas_wanted,
      gasUsed: result.gas_used,
      events: result.events ?? [],
    };
  } catch (thrown) {
    if (thrown instanceof CliError && thrown.why.includes("not found")) return undefined;
    throw thrown;
  }
}

async function rpcCall<T>(rpc: string, method: string, params: object): Promise<T> {
  let answer: { readonly result?: T; readonly error?: { readonly message: string; readonly data?: string } };
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(rpc, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    throw new CliError(`no node answers at ${rpc}`, {
      why: unreachable(cause),
      next: "start it with hanzod start, or name another with --node http://host:port",
      cause,
    });
  }
  if (answer.result === undefined) {
    const { message = "no result", data = "" } = answer.error ?? {};
    throw new CliError(`${rpc} refused ${method}`, { why: data === "" ? message : `${message}: ${data}`, next: "hanzod status" });
  }
  return answer.result;
}

function unreachable(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : "";
  return inner === "" ? reasonOf(cause) : inner;
}
