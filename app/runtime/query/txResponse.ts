import type { TxResponse } from "#proto/cosmos/base/abci/v1beta1/abci";
import { AuthInfo, Tx, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { TxResult } from "#proto/tendermint/abci/types";
import { ModuleError } from "#sdk";
import { sha256 } from "#sha256";
import { toHex } from "../../encoding/bytes.ts";
import { EncodingError } from "../../encoding/encodingError.ts";
import { formatRfc3339Seconds } from "../../sdk/time.ts";
import type { ChainHead } from "../chainHead.ts";
import type { TxDecoder } from "../decodedTx.ts";
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

const NO_TX: Tx = { body: undefined, authInfo: undefined, signatures: [] };

/** A transaction with its parts decoded. CONTRACT: the bytes have passed the decoder. */
export function splitTx(bytes: Uint8Array): Tx {
  const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(bytes);
  return { body: TxBody.decode(bodyBytes), authInfo: AuthInfo.decode(authInfoBytes), signatures };
}

/** A transaction with its parts decoded, undefined for bytes that are none of this chain: a block may hold them. */
export function findParts(decoder: TxDecoder, bytes: Uint8Array): Tx | undefined {
  try {
    decoder.decode(bytes);
  } catch (error) {
    if (error instanceof EncodingError || error instanceof ModuleError) return undefined;
    throw error;
  }
  return splitTx(bytes);
}

/** Bytes of a block as a transaction; an empty one where they are none, so that what stands beside them can be shown. */
export function shownTx(decoder: TxDecoder, bytes: Uint8Array): Tx {
  return findParts(decoder, bytes) ?? NO_TX;
}

/** What the services tell of a transaction in a block. */
export async function describeTx(head: ChainHead, decoder: TxDecoder, { height, tx, result }: TxResult): Promise<TxResponse> {
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
    tx: { typeUrl: `/${Tx.$type}`, value: Tx.encode(shownTx(decoder, tx)).finish() },
    timestamp: timeNs === undefined ? "" : formatRfc3339Seconds(timeNs),
    events: result?.events ?? [],
  };
}
