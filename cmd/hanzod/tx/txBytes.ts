import { MultiSignature } from "#proto/cosmos/crypto/multisig/v1beta1/multisig";
import type { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, type ModeInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import type { SecondsNanos } from "../../../app/encoding/timeText.ts";
import { decodePubKey } from "../../../app/runtime/pubKey.ts";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import type { CoinText } from "../request/coinsText.ts";
import { bitArray } from "./bitArray.ts";

/** What a transaction says besides messages and fee. */
export interface TxTerms {
  readonly memo: string;
  /** Last height of a block that may hold it; 0 for none. */
  readonly timeoutHeight: bigint;
  /** Last moment of an unordered transaction; undefined for an ordinary one. */
  readonly unorderedUntil: SecondsNanos | undefined;
}

/** One who signs. */
export interface TxSigner {
  /** Undefined when only its owner knows it. */
  readonly publicKey: Any | undefined;
  readonly sequence: bigint;
  /** Mode of a single key; members of a multisig key always sign amino JSON. */
  readonly mode: SignMode;
}

/** Everything of a transaction but gas, fee and signatures. */
export interface TxDraft {
  readonly messages: readonly Any[];
  readonly terms: TxTerms;
  readonly signers: readonly TxSigner[];
}

/** What a transaction pays, and who pays if not its first signer. */
export interface TxFee {
  readonly gas: bigint;
  readonly amount: readonly CoinText[];
  readonly payer?: string;
  readonly granter?: string;
}

/** The signed parts of a transaction, as bytes. */
export interface TxBytes {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
}

/** Bytes of a secp256k1 signature. */
const SIGNATURE_BYTES = 64;

/** The signed parts of a transaction. */
export function txParts({ messages, terms, signers }: TxDraft, fee: TxFee): TxBytes {
  const { memo, timeoutHeight, unorderedUntil } = terms;
  const unordered = unorderedUntil === undefined ? {} : { unordered: true, timeoutTimestamp: unorderedUntil };
  const body = TxBody.fromPartial({ messages: [...messages], memo, timeoutHeight, ...unordered });
  const authInfo = AuthInfo.fromPartial({
    signerInfos: signers.map(({ publicKey, sequence, mode }) => ({
      ...(publicKey === undefined ? {} : { publicKey }),
      modeInfo: publicKey === undefined ? singleMode(mode) : standIn(publicKey, mode).modeInfo,
      sequence,
    })),
    fee: { amount: [...fee.amount], gasLimit: fee.gas, payer: fee.payer ?? "", granter: fee.granter ?? "" },
  });
  return { bodyBytes: TxBody.encode(body).finish(), authInfoBytes: AuthInfo.encode(authInfo).finish() };
}

/** A whole transaction. */
export function encodeTx(parts: TxBytes, signatures: readonly Uint8Array[]): Uint8Array {
  return TxRaw.encode({ ...parts, signatures: [...signatures] }).finish();
}

/** A whole transaction whose signatures are zero and as long as the real ones, so that its size costs the same gas. */
export function unsignedTx(draft: TxDraft, fee: TxFee): Uint8Array {
  const signatures = draft.signers.map(({ publicKey, mode }) =>
    publicKey === undefined ? new Uint8Array(SIGNATURE_BYTES) : standIn(publicKey, mode).signature,
  );
  return encodeTx(txParts(draft, fee), signatures);
}

/** The mode of a single key. */
export function singleMode(mode: SignMode): ModeInfo {
  return { single: { mode }, multi: undefined };
}

/** The mode and a signature of zeros of a key; of a multisig key as many members as must sign, the first ones. */
function standIn(publicKey: Any, mode: SignMode): { readonly modeInfo: ModeInfo; readonly signature: Uint8Array } {
  const key = decodePubKey(publicKey);
  if (key.kind !== "multisig") return { modeInfo: singleMode(mode), signature: new Uint8Array(SIGNATURE_BYTES) };
  const signing = Array.from({ length: key.threshold }, (_, index) => index);
  const bitarray = bitArray(key.members.length, new Set(signing));
  return {
    modeInfo: { single: undefined, multi: { bitarray, modeInfos: signing.map(() => singleMode(SIGN_MODE.amino)) } },
    signature: MultiSignature.encode({ signatures: signing.map(() => new Uint8Array(SIGNATURE_BYTES)) }).finish(),
  };
}
