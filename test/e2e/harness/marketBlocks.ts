// What the blocks of a chain say happened, as CometBFT keeps them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Holdings } from "./marketAudit.ts";
import { callRpc } from "./rpc.ts";

/** An event of a block. */
export interface BlockEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

/** A transaction of a block. */
export interface ExecutedTx {
  /** Upper-case hexadecimal. */
  readonly hash: string;
  /** `ok`, or `codespace/code`. */
  readonly verdict: string;
  readonly log: string;
  readonly events: readonly BlockEvent[];
}

/** A block with what executing it gave. */
export interface ExecutedBlock {
  readonly height: number;
  /** Upper-case hexadecimal. */
  readonly appHash: string;
  readonly txs: readonly ExecutedTx[];
  /** Of the block's beginning and end. */
  readonly events: readonly BlockEvent[];
}

interface BlockResults {
  readonly app_hash: string;
  readonly txs_results:
    | readonly {
        readonly code?: number;
        readonly codespace?: string;
        readonly log?: string;
        readonly events?: readonly BlockEvent[] | null;
      }[]
    | null;
  readonly finalize_block_events: readonly BlockEvent[] | null;
}

/** The state hash that a node computed itself for a height. */
export async function ownAppHash(rpc: string, height: number): Promise<string> {
  const { app_hash: hash } = await callRpc<BlockResults>(rpc, "block_results", { height: String(height) });
  return Buffer.from(hash, "base64").toString("hex").toUpperCase();
}

/** Reads a block and its results. */
export async function readBlock(rpc: string, height: number): Promise<ExecutedBlock> {
  const [{ block }, results] = await Promise.all([
    callRpc<{ block: { data: { txs: readonly string[] | null } } }>(rpc, "block", { height: String(height) }),
    callRpc<BlockResults>(rpc, "block_results", { height: String(height) }),
  ]);
  const txs = (block.data.txs ?? []).map((text, index) => {
    const { code = 0, codespace = "", log = "", events } = results.txs_results?.[index] ?? assert.fail("a result per transaction");
    const hash = createHash("sha256").update(Buffer.from(text, "base64")).digest("hex").toUpperCase();
    return { hash, verdict: code === 0 ? "ok" : `${codespace}/${code}`, log, events: events ?? [] };
  });
  const appHash = Buffer.from(results.app_hash, "base64").toString("hex").toUpperCase();
  return { height, appHash, txs, events: results.finalize_block_events ?? [] };
}

function parseCoins(text: string): readonly (readonly [denom: string, amount: bigint])[] {
  if (text === "") return [];
  return text.split(",").map((coin) => {
    const [, amount = "", denom = ""] = /^(\d+)(.+)$/.exec(coin) ?? assert.fail(`coins: ${text}`);
    return [denom, BigInt(amount)];
  });
}

/** Sum of what came and went by address and denomination (`address denom`), as the block's transfers say. */
export function balanceChanges({ txs, events }: ExecutedBlock): Holdings {
  const changes = new Map<string, bigint>();
  for (const { type, attributes } of [...txs.flatMap((tx) => tx.events), ...events]) {
    const sign = type === "coin_received" ? 1n : type === "coin_spent" ? -1n : 0n;
    if (sign === 0n) continue;
    const of = (name: string): string => attributes.find(({ key }) => key === name)?.value ?? assert.fail(`${type} without ${name}`);
    const address = of(sign > 0n ? "receiver" : "spender");
    for (const [denom, amount] of parseCoins(of("amount"))) {
      const key = `${address} ${denom}`;
      changes.set(key, (changes.get(key) ?? 0n) + sign * amount);
    }
  }
  return changes;
}

/** A failed transaction paid its fee and did nothing: neither the market nor anybody's balance took part. */
export function assertOnlyFee({ verdict, events }: ExecutedTx): void {
  assert.deepEqual(
    events.filter(({ type }) => type.startsWith("hanzo.")).map(({ type }) => type),
    [],
    `${verdict}: events of the market`,
  );
  assert.equal(events.filter(({ type }) => type === "coin_spent").length, 1, `${verdict}: one payment, the fee`);
}
