import type { TxDecoder } from "./decodedTx.ts";

/** Bytes that a transaction takes in a block: its own, a field tag and its length (CometBFT ComputeProtoSizeForTxs). */
export function sizeInBlock(bytes: Uint8Array): bigint {
  let size = bytes.length + 2;
  for (let rest = bytes.length >>> 7; rest > 0; rest >>>= 7) size += 1;
  return BigInt(size);
}

/** Gas limit of a transaction, undefined when it cannot be one. DETERMINISM: looks at the bytes alone, so every node says the same. */
function gasLimitOf(decoder: TxDecoder, bytes: Uint8Array): bigint | undefined {
  try {
    return decoder.decode(bytes).fee.gasLimit;
  } catch {
    return undefined;
  }
}

/**
 * Transactions for a block, in the mempool's order: those that can be decoded, as many as fit by bytes and by gas. One that does not fit is
 * passed over for the ones behind it.
 *
 * @param maxBytes what the transactions may take, overhead included
 * @param maxGas undefined for no limit
 */
export function selectTxs(decoder: TxDecoder, txs: readonly Uint8Array[], maxBytes: bigint, maxGas: bigint | undefined): Uint8Array[] {
  const selected: Uint8Array[] = [];
  let size = 0n;
  let gas = 0n;
  for (const bytes of txs) {
    const nextSize = size + sizeInBlock(bytes);
    if (maxBytes >= 0n && nextSize > maxBytes) continue;
    const limit = gasLimitOf(decoder, bytes);
    if (limit === undefined || (maxGas !== undefined && gas + limit > maxGas)) continue;
    size = nextSize;
    gas += limit;
    selected.push(bytes);
  }
  return selected;
}

/**
 * Whether a proposed block keeps the rules by which {@link selectTxs} makes blocks: every transaction can be decoded and their gas limits fit.
 * CometBFT itself checks the bytes.
 */
export function isAcceptable(decoder: TxDecoder, txs: readonly Uint8Array[], maxGas: bigint | undefined): boolean {
  let gas = 0n;
  for (const bytes of txs) {
    const limit = gasLimitOf(decoder, bytes);
    if (limit === undefined) return false;
    gas += limit;
    if (maxGas !== undefined && gas > maxGas) return false;
  }
  return true;
}
