import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { AuthInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { CHAIN } from "../../../app/hanzo.ts";
import { callRpc } from "./rpc.ts";

/** What the blocks of a chain say happened to balances of the base denomination. */
export interface BlockAudit {
  /** Sum of what came and went, by address; fees under `fees`. */
  readonly changes: ReadonlyMap<string, bigint>;
  readonly fees: bigint;
  readonly transactions: number;
}

interface Block {
  readonly block: { readonly data: { readonly txs: readonly string[] | null } };
}
interface BlockResults {
  readonly txs_results: readonly { readonly code?: number; readonly log?: string }[] | null;
}

/** Adds up all transfers of the blocks 1 to `height`, as CometBFT keeps them. @throws Error when a transaction is in two blocks or failed */
export async function auditTransfers(rpc: string, height: number): Promise<BlockAudit> {
  const changes = new Map<string, bigint>();
  const seen = new Set<string>();
  let fees = 0n;
  const add = (address: string, amount: bigint): void => void changes.set(address, (changes.get(address) ?? 0n) + amount);
  for (let at = 1; at <= height; at++) {
    const { block } = await callRpc<Block>(rpc, "block", { height: String(at) });
    const txs = block.data.txs ?? [];
    if (txs.length === 0) continue;
    const { txs_results: results } = await callRpc<BlockResults>(rpc, "block_results", { height: String(at) });
    for (const [index, text] of txs.entries()) {
      if (seen.has(text)) throw new Error(`block ${at} repeats a transaction`);
      seen.add(text);
      const result = results?.[index];
      if ((result?.code ?? 0) !== 0) throw new Error(`block ${at}: a transfer failed: ${result?.log}`);
      const raw = TxRaw.decode(Buffer.from(text, "base64"));
      const fee = BigInt(AuthInfo.decode(raw.authInfoBytes).fee?.amount[0]?.amount ?? "0");
      fees += fee;
      for (const [nth, any] of TxBody.decode(raw.bodyBytes).messages.entries()) {
        const { fromAddress, toAddress, amount } = MsgSend.decode(any.value);
        const sent = BigInt(amount.find(({ denom }) => denom === CHAIN.baseDenom)?.amount ?? "0");
        add(fromAddress, -sent - (nth === 0 ? fee : 0n));
        add(toAddress, sent);
      }
    }
  }
  return { changes, fees, transactions: seen.size };
}
