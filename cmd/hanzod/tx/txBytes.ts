import { PubKey } from "#proto/cosmos/crypto/secp256k1/keys";
import { AuthInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import type { CoinText } from "../request/coinsText.ts";

/** Everything of a transaction but gas, fee and signature. */
export interface TxDraft {
  readonly message: Any;
  readonly memo: string;
  /** Compressed secp256k1 key, 33 bytes; undefined when only its owner knows it. */
  readonly publicKey: Uint8Array | undefined;
  readonly sequence: bigint;
}

/** What a transaction pays. */
export interface TxFee {
  readonly gas: bigint;
  readonly amount: readonly CoinText[];
}

const DIRECT = 1;
/** Bytes of a secp256k1 signature. */
const SIGNATURE_BYTES = 64;

/** The signed parts of a transaction, as bytes. */
export function txParts(draft: TxDraft, fee: TxFee): { readonly bodyBytes: Uint8Array; readonly authInfoBytes: Uint8Array } {
  const body = TxBody.fromPartial({ messages: [draft.message], memo: draft.memo });
  const publicKey =
    draft.publicKey === undefined
      ? {}
      : { publicKey: { typeUrl: `/${PubKey.$type}`, value: PubKey.encode(PubKey.fromPartial({ key: draft.publicKey })).finish() } };
  const authInfo = AuthInfo.fromPartial({
    signerInfos: [{ ...publicKey, modeInfo: { single: { mode: DIRECT } }, sequence: draft.sequence }],
    fee: { amount: [...fee.amount], gasLimit: fee.gas },
  });
  return { bodyBytes: TxBody.encode(body).finish(), authInfoBytes: AuthInfo.encode(authInfo).finish() };
}

/** A whole transaction. @param signature 64 bytes; left out it is all zero, as long as the real one, so that size costs the same gas */
export function encodeTx(parts: ReturnType<typeof txParts>, signature: Uint8Array = new Uint8Array(SIGNATURE_BYTES)): Uint8Array {
  return TxRaw.encode({ ...parts, signatures: [signature] }).finish();
}
