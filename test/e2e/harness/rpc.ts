import { setTimeout as sleep } from "node:timers/promises";

/** A refusal by CometBFT's RPC. */
export class RpcError extends Error {
  override readonly name = "RpcError";
}

/** What the mempool or a block says of a transaction. */
export interface TxVerdict {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

/** A transaction in a block. */
export interface BlockTx extends TxVerdict {
  readonly hash: string;
  readonly height: number;
  readonly gasWanted: string;
  readonly gasUsed: string;
  readonly data: string;
  readonly events: readonly { readonly type: string; readonly attributes: readonly { readonly key: string; readonly value: string }[] }[];
}

/** Limits of patience: only what hangs for good reaches them, also on a machine that is starved. */
const TIMEOUT_MS = 30_000;
const PATIENCE_MS = 180_000;

/** One call of CometBFT's JSON-RPC. @throws RpcError when it answers with an error, another Error when it does not answer */
export async function callRpc<T>(rpc: string, method: string, params: object = {}): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const headers = { "content-type": "application/json" };
  const response = await fetch(rpc, { method: "POST", body, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const answer = (await response.json()) as { result?: T; error?: { message: string; data?: string } };
  if (answer.result === undefined) throw new RpcError(`${method}: ${answer.error?.message ?? ""} ${answer.error?.data ?? ""}`);
  return answer.result;
}

/** Hands a transaction to the mempool. */
export async function broadcast(rpc: string, tx: Uint8Array): Promise<TxVerdict & { readonly hash: string }> {
  return callRpc(rpc, "broadcast_tx_sync", { tx: Buffer.from(tx).toString("base64") });
}

interface TxAnswer {
  readonly hash: string;
  readonly height: string;
  readonly tx_result: {
    readonly code: number;
    readonly codespace: string;
    readonly log: string;
    readonly data: string | null;
    readonly gas_wanted: string;
    readonly gas_used: string;
    readonly events: BlockTx["events"] | null;
  };
}

/** Finds a transaction in the blocks by its upper-case hexadecimal hash. */
export async function findBlockTx(rpc: string, hash: string): Promise<BlockTx | undefined> {
  try {
    const found = await callRpc<TxAnswer>(rpc, "tx", { hash: Buffer.from(hash, "hex").toString("base64"), prove: false });
    const { code, codespace, log, data, gas_wanted: gasWanted, gas_used: gasUsed, events } = found.tx_result;
    return {
      hash: found.hash,
      height: Number(found.height),
      code,
      codespace,
      log,
      gasWanted,
      gasUsed,
      data: data ?? "",
      events: events ?? [],
    };
  } catch (error) {
    if (error instanceof RpcError && error.message.includes("not found")) return undefined;
    throw error;
  }
}

/** Waits until a transaction is in a block. */
export async function waitForTx(rpc: string, hash: string, timeoutMs = PATIENCE_MS): Promise<BlockTx> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await findBlockTx(rpc, hash);
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`transaction ${hash} is in no block after ${timeoutMs} ms`);
    await sleep(30);
  }
}

/** Height and state hash of the application, as its Info answer gives them to CometBFT. */
export async function appHead(rpc: string): Promise<{ readonly height: number; readonly appHash: string }> {
  const { response } = await callRpc<{ response: { last_block_height?: string; last_block_app_hash?: string } }>(rpc, "abci_info");
  const appHash = Buffer.from(response.last_block_app_hash ?? "", "base64")
    .toString("hex")
    .toUpperCase();
  return { height: Number(response.last_block_height ?? 0), appHash };
}

/** Waits until the application has committed a height. */
export async function waitForHeight(rpc: string, height: number, timeoutMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const now = await appHead(rpc).then(
      (head) => head.height,
      () => 0,
    );
    if (now >= height) return;
    if (performance.now() > deadline) throw new Error(`height ${height} expected within ${timeoutMs} ms, got ${now}`);
    await sleep(30);
  }
}

/** Answers an ABCI query: the protobuf bytes of the response. @throws RpcError with codespace, code and text */
export async function abciQuery(rpc: string, path: string, data: Uint8Array): Promise<Uint8Array> {
  const { response } = await callRpc<{ response: { code?: number; codespace?: string; log?: string; value?: string | null } }>(
    rpc,
    "abci_query",
    {
      path,
      data: Buffer.from(data).toString("hex"),
      height: "0",
      prove: false,
    },
  );
  if ((response.code ?? 0) !== 0) throw new RpcError(`${path}: ${response.codespace}/${response.code} ${response.log}`);
  return new Uint8Array(Buffer.from(response.value ?? "", "base64"));
}
