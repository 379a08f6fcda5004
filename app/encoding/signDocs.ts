import { anyToAmino, messageToAmino } from "./aminoJson.ts";
import { concatBytes, encodeUtf8 } from "./bytes.ts";
import { anyToCosmjsAmino } from "./cosmjsAmino.ts";
import type { Descriptors } from "./descriptors.ts";
import { type DynamicMessage, decodeDynamic } from "./dynamicMessage.ts";
import { EncodingError, unsignableError } from "./encodingError.ts";
import { formatSortedJson, type JsonTree } from "./goJson.ts";
import { cutBytes } from "./slab.ts";
import { encodeUvarint, putUvarint, sizeOfUvarint } from "./varint.ts";

/** What a signature covers besides the transaction itself. */
export interface SignerData {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The signed parts of a transaction, as they came. */
export interface SignedParts {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
}

/** Fields of TxBody, Fee and AuthInfo that go into amino documents. */
const BODY = {
  messages: 1,
  memo: 2,
  timeoutHeight: 3,
  unordered: 4,
  timeoutTimestamp: 5,
  extensionOptions: 1023,
  nonCriticalExtensionOptions: 2047,
} as const;
const FEE = { amount: 1, gasLimit: 2, payer: 3, granter: 4 } as const;
const AUTH_INFO_FEE = 2;
const NOTHING = new Uint8Array(0);
/** Numbers and kinds of the fields of SignDoc. */
const SIGN_DOC = { body: 0x0a, authInfo: 0x12, chainId: 0x1a, accountNumber: 0x20 } as const;

/**
 * Bytes that SIGN_MODE_DIRECT signs: SignDoc over the very bytes received, never re-encoded (ADR-020). Every transaction has one, so it is cut to its
 * length and not copied out of a writer.
 */
export function directSignBytes({ bodyBytes, authInfoBytes }: SignedParts, signer: SignerData): Uint8Array {
  const chainId = encodeUtf8(signer.chainId);
  const number = signer.accountNumber === 0n ? NOTHING : encodeUvarint(signer.accountNumber);
  const numberSize = number.length === 0 ? 0 : 1 + number.length;
  const document = cutBytes(sizeOfField(bodyBytes) + sizeOfField(authInfoBytes) + sizeOfField(chainId) + numberSize);
  let at = putField(document, 0, SIGN_DOC.body, bodyBytes);
  at = putField(document, at, SIGN_DOC.authInfo, authInfoBytes);
  at = putField(document, at, SIGN_DOC.chainId, chainId);
  if (numberSize > 0) {
    document[at] = SIGN_DOC.accountNumber;
    document.set(number, at + 1);
  }
  return document;
}

/** Bytes of a field with its tag and length; an empty one is left out. */
function sizeOfField({ length }: Uint8Array): number {
  return length === 0 ? 0 : 1 + sizeOfUvarint(length) + length;
}

/** Writes a field. @returns the place behind it */
function putField(document: Uint8Array, from: number, tag: number, value: Uint8Array): number {
  if (value.length === 0) return from;
  document[from] = tag;
  const at = putUvarint(document, from + 1, value.length);
  document.set(value, at);
  return at + value.length;
}

/**
 * Bytes that SIGN_MODE_DIRECT_AUX signs: SignDocDirectAux, which leaves the fee to somebody else.
 * @param publicKey encoded Any with the signer's public key
 */
export function directAuxSignBytes(bodyBytes: Uint8Array, publicKey: Uint8Array, signer: SignerData): Uint8Array {
  return concatBytes(
    bytesField(1, bodyBytes),
    // A message that is set is written even when it is empty.
    concatBytes(encodeUvarint(tag(2, 2)), encodeUvarint(BigInt(publicKey.length)), publicKey),
    bytesField(3, encodeUtf8(signer.chainId)),
    numberField(4, signer.accountNumber),
    numberField(5, signer.sequence),
  );
}

/**
 * The documents whose LEGACY_AMINO_JSON signature is accepted for a transaction: the SDK's first, then stock cosmjs' where that differs (a
 * deliberate difference from the SDK, which refuses those wallets).
 * SECURITY: cosmjs knows neither `unordered` nor `timeout_timestamp` and leaves them out. Its document is therefore not offered when one is set:
 * a signature that does not cover them could be moved to an unordered copy and be replayed.
 * @throws sdk/4 when no amino document exists: unknown fields, extension options, messages that amino JSON cannot write, no fee
 */
export function aminoSignDocs(descriptors: Descriptors, parts: SignedParts, signer: SignerData): readonly Uint8Array[] {
  try {
    const body = decodeDynamic(descriptors, "cosmos.tx.v1beta1.TxBody", parts.bodyBytes, "reject");
    const authInfo = decodeDynamic(descriptors, "cosmos.tx.v1beta1.AuthInfo", parts.authInfoBytes, "reject");
    if (listAt(body, BODY.extensionOptions).length + listAt(body, BODY.nonCriticalExtensionOptions).length > 0) {
      throw unsignableError("SIGN_MODE_LEGACY_AMINO_JSON does not support protobuf extension options");
    }
    const fee = authInfo.values.get(AUTH_INFO_FEE) as DynamicMessage | undefined;
    if (fee === undefined) throw unsignableError("fee expected, got none");
    const document = documentOf(descriptors, body, fee, signer);
    const sdk = formatSortedJson({ ...document, msgs: listAt(body, BODY.messages).map((any) => anyToAmino(descriptors, any)) }, true);
    const cosmjs = cosmjsDocument(descriptors, body, document);
    return (cosmjs === undefined || cosmjs === sdk ? [sdk] : [sdk, cosmjs]).map(encodeUtf8);
  } catch (cause) {
    if (cause instanceof EncodingError && cause.code !== 4) throw unsignableError(cause.detail);
    throw cause;
  }
}

/** Everything of a document but the messages. Empty optional parts are absent. */
function documentOf(
  descriptors: Descriptors,
  body: DynamicMessage,
  fee: DynamicMessage,
  signer: SignerData,
): Readonly<Record<string, JsonTree>> {
  const timeoutHeight = numberAt(body, BODY.timeoutHeight);
  const timeoutTimestamp = body.values.get(BODY.timeoutTimestamp) as DynamicMessage | undefined;
  const payer = textAt(fee, FEE.payer);
  const granter = textAt(fee, FEE.granter);
  return {
    account_number: signer.accountNumber.toString(),
    chain_id: signer.chainId,
    fee: {
      amount: listAt(fee, FEE.amount).map((coin) => messageToAmino(descriptors, coin, 0)),
      gas: numberAt(fee, FEE.gasLimit).toString(),
      ...(payer === "" ? {} : { payer }),
      ...(granter === "" ? {} : { granter }),
    },
    memo: textAt(body, BODY.memo),
    sequence: signer.sequence.toString(),
    ...(timeoutHeight === 0n ? {} : { timeout_height: timeoutHeight.toString() }),
    ...(timeoutTimestamp === undefined ? {} : { timeout_timestamp: messageToAmino(descriptors, timeoutTimestamp, 0) }),
    ...(body.values.get(BODY.unordered) === true ? { unordered: true } : {}),
  };
}

function cosmjsDocument(descriptors: Descriptors, body: DynamicMessage, document: Readonly<Record<string, JsonTree>>): string | undefined {
  if (body.values.get(BODY.unordered) === true || body.values.has(BODY.timeoutTimestamp)) return undefined;
  const msgs: JsonTree[] = [];
  for (const any of listAt(body, BODY.messages)) {
    const message = anyToCosmjsAmino(descriptors, any);
    if (message === undefined) return undefined;
    msgs.push(message);
  }
  return formatSortedJson({ ...document, msgs }, false);
}

function listAt(message: DynamicMessage, number: number): readonly DynamicMessage[] {
  return (message.values.get(number) ?? []) as readonly DynamicMessage[];
}

function textAt(message: DynamicMessage, number: number): string {
  return (message.values.get(number) as string | undefined) ?? "";
}

function numberAt(message: DynamicMessage, number: number): bigint {
  return (message.values.get(number) as bigint | undefined) ?? 0n;
}

function tag(number: number, wireType: number): bigint {
  return BigInt((number << 3) | wireType);
}

function bytesField(number: number, value: Uint8Array): Uint8Array {
  if (value.length === 0) return value;
  return concatBytes(encodeUvarint(tag(number, 2)), encodeUvarint(BigInt(value.length)), value);
}

function numberField(number: number, value: bigint): Uint8Array {
  return value === 0n ? new Uint8Array(0) : concatBytes(encodeUvarint(tag(number, 0)), encodeUvarint(value));
}
