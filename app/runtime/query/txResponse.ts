import type { TxResponse } from "#proto/cosmos/base/abci/v1beta1/abci";
import { AuthInfo, Tx, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { TxResult } from "#proto/tendermint/abci/types";
import { toHex } from "../../encoding/bytes.ts";
import { sha256 } from "../../store/hash.ts";
import type { ChainHead } from "../chainHead.ts";
import { formatRfc3339Seconds } from "../time.ts";
import { findBlockTime } from "../txIndex.ts";

/** A response that says nothing yet. */
export const EMPTY_RESPONSE: TxResponse = {
  height: 0n,
  txhash: "",
  codespace: "",
  code: 0,
  data: "",
  rawLog: "",
  logs: [],
  info: "",
  gasWanted: 0n,
  gasUsed: 0n,
  tx: undefined,
  timestamp: "",
  events: [],
};

/** A transaction's name in texts: upper-case hexadecimal SHA-256 of its bytes. */
export function formatTxHash(bytes: Uint8Array): string {
  return toHex(sha256(bytes)).toUpperCase();
}

/** A transaction with its parts decoded; an empty one for bytes that are none, as a block may hold them. */
export function splitTx(bytes: Uint8Array): Tx {
  try {
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(bytes);
    return { body: TxBody.decode(bodyBytes), authInfo: AuthInfo.decode(authInfoBytes), signatures };
  } catch {
    return { body: undefined, authInfo: undefined, signatures: [] };
  }
}

/** What the services tell of a transaction in a block. */
export async function describeTx(head: ChainHead, { height, tx, result }: TxResult): Promise<TxResponse> {
  const timeNs = await findBlockTime(head.store, height);
  return {
    ...EMPTY_RESPONSE,
    height,
    txhash: formatTxHash(tx),
    codespace: result?.codespace ?? "",
    code: result?.code ?? 0,
    data: toHex(result?.data ?? new Uint8Array(0)).toUpperCase(),
    rawLog: result?.log ?? "",
    gasWanted: result?.gasWanted ?? 0n,
    gasUsed: result?.gasUsed ?? 0n,
    tx: { typeUrl: `/${Tx.$type}`, value: Tx.encode(splitTx(tx)).finish() },
    timestamp: timeNs === undefined ? "" : formatRfc3339Seconds(timeNs),
    events: result?.events ?? [],
  };
}
