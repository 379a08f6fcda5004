import { CliError } from "../../shared/cliError.ts";
import { unquote } from "../hmm/sendAndWait.ts";
import { call, latestHeight } from "./followBlocks.ts";

/** What became of an order that waited for a batch. Amounts are base units. */
export interface OrderEnd {
  /** Height of the block in which it stopped waiting. */
  readonly height: number;
  /** "filled", "cancelled", "expired" or "unmet". */
  readonly reason: string;
  /** Resource in all its fills. */
  readonly filled: bigint;
  /** Credit paid or received in all. */
  readonly credit: bigint;
}

interface BlockResults {
  readonly finalize_block_events:
    | readonly { readonly type: string; readonly attributes: readonly { readonly key: string; readonly value: string }[] }[]
    | null;
}

const CLOSED = "hanzo.hmm.v1.EventOrderClosed";
const POLL_MS = 100;
const PATIENCE_MS = 60_000;

/**
 * Waits until an order has been filled or ended.
 * @param rpc `http://host:port` of CometBFT
 * @param height of the block in which it was placed
 * @throws CliError when it still waits after a minute
 */
export async function waitForOrder(rpc: string, orderId: bigint, height: number): Promise<OrderEnd> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let at = height; performance.now() < deadline; ) {
    if (at > (await latestHeight(rpc))) {
      await new Promise((wake) => setTimeout(wake, POLL_MS));
      continue;
    }
    const end = findEnd(await call<BlockResults>(rpc, `block_results?height=${at}`), orderId, at);
    if (end !== undefined) return end;
    at += 1;
  }
  throw new CliError(`order ${orderId} still waits for a batch`, {
    why: "its limit is not met, or the chain makes no blocks",
    next: `hanzod tx hmm cancel-order ${orderId} --from KEY returns what it holds`,
  });
}

/** The end of an order among a block's events; undefined while it waits. */
export function findEnd({ finalize_block_events: events }: BlockResults, orderId: bigint, height: number): OrderEnd | undefined {
  for (const { type, attributes } of events ?? []) {
    if (type !== CLOSED) continue;
    const fields = new Map(attributes.map(({ key, value }) => [key, unquote(value)]));
    if (fields.get("order_id") !== orderId.toString()) continue;
    const amount = (name: string): bigint => BigInt(fields.get(name) ?? "0");
    return { height, reason: fields.get("reason") ?? "", filled: amount("filled"), credit: amount("credit") };
  }
  return undefined;
}
