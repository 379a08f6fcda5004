import { sha256 } from "@noble/hashes/sha2.js";
import { AuthInfo, type Fee, type SignerInfo, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { type AddressCodec, type BoundMethod, sdkError } from "#sdk";
import { txParseError } from "../encoding/encodingError.ts";
import type { TxParts } from "../encoding/strictDecode.ts";
import { type FeeCoin, parseFeeCoins } from "./feeCoins.ts";
import { type AccountKey, decodePubKey } from "./pubKey.ts";
import type { Router } from "./router.ts";
import type { SignerPath, Wire } from "./wire.ts";

/** One message of a transaction, ready for its handler. */
export interface DecodedMessage {
  readonly method: BoundMethod;
  readonly value: unknown;
  readonly signerPaths: readonly SignerPath[];
}

/** A transaction that was decoded once and is used by every check and by delivery. Says nothing about state. */
export interface DecodedTx {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes: the transaction's name. */
  readonly hash: Uint8Array;
  readonly raw: TxParts;
  readonly body: TxBody;
  readonly messages: readonly DecodedMessage[];
  readonly signerInfos: readonly SignerInfo[];
  /** Keys of `signerInfos`; undefined where the key is left out. */
  readonly keys: readonly (AccountKey | undefined)[];
  readonly fee: Fee;
  readonly feeCoins: readonly FeeCoin[];
}

/** Deserialises transactions strictly; everything refused here costs no state access. */
export interface TxDecoder {
  /**
   * @throws sdk/2 on bytes that are not a strict transaction of known types, sdk/18 without messages or fee
   */
  decode(bytes: Uint8Array): DecodedTx;
}

/** Decoded transactions kept between CheckTx, proposal and block. */
const CACHE_LIMIT = 8192;

/** Makes a decoder with a bounded memory of transactions by hash. */
export function createTxDecoder(router: Router, wire: Wire): TxDecoder {
  const known = new Map<string, DecodedTx>();
  return {
    decode(bytes) {
      const hash = sha256(bytes);
      const name = String.fromCharCode(...hash);
      const hit = known.get(name);
      if (hit !== undefined) return hit;
      const tx = decodeTx(bytes, hash, router, wire);
      if (known.size >= CACHE_LIMIT) known.clear();
      known.set(name, tx);
      return tx;
    },
  };
}

function decodeTx(bytes: Uint8Array, hash: Uint8Array, router: Router, wire: Wire): DecodedTx {
  const raw = wire.splitTx(bytes);
  const body = TxBody.decode(raw.bodyBytes);
  const authInfo = AuthInfo.decode(raw.authInfoBytes);
  const option = body.extensionOptions[0] ?? body.nonCriticalExtensionOptions[0];
  if (option !== undefined) throw txParseError(`unable to resolve type URL ${option.typeUrl}`);
  const messages = body.messages.map((any) => decodeMessage(any, router, wire));
  const keys = authInfo.signerInfos.map(({ publicKey }) => (publicKey === undefined ? undefined : decodePubKey(publicKey)));
  if (messages.length === 0) throw sdkError.invalidRequest("must contain at least one message");
  const fee = authInfo.fee;
  if (fee === undefined) throw sdkError.invalidRequest("a fee must be set");
  return { bytes, hash, raw, body, messages, signerInfos: authInfo.signerInfos, keys, fee, feeCoins: parseFeeCoins(fee.amount) };
}

function decodeMessage(any: Any, router: Router, wire: Wire): DecodedMessage {
  const method = router.findMessage(any.typeUrl);
  if (method === undefined) throw txParseError(`unable to resolve type URL ${any.typeUrl}`);
  return { method, value: method.request.decode(any.value), signerPaths: wire.signerPaths(method.request.$type) };
}

/**
 * Canonical addresses of who must sign a message.
 * @throws AddressError when an address in the message cannot be read.
 */
export function messageSigners(message: DecodedMessage, address: AddressCodec): readonly string[] {
  const signers: string[] = [];
  for (const path of message.signerPaths) collectSigners(message.value, path, 0, address, signers);
  return signers;
}

function collectSigners(node: unknown, path: SignerPath, depth: number, address: AddressCodec, signers: string[]): void {
  if (Array.isArray(node)) {
    for (const element of node) collectSigners(element, path, depth, address, signers);
    return;
  }
  const name = path[depth];
  if (name !== undefined) {
    if (typeof node === "object" && node !== null)
      collectSigners((node as Readonly<Record<string, unknown>>)[name], path, depth + 1, address, signers);
    return;
  }
  const canonical = address.format(address.parse(String(node ?? "")));
  if (!signers.includes(canonical)) signers.push(canonical);
}

/**
 * Everyone who must sign, in order: signers of the messages by first appearance, then the fee payer.
 * @throws AddressError when an address cannot be read.
 */
export function txSigners(tx: DecodedTx, address: AddressCodec): readonly string[] {
  const signers: string[] = [];
  for (const message of tx.messages) {
    for (const signer of messageSigners(message, address)) if (!signers.includes(signer)) signers.push(signer);
  }
  if (tx.fee.payer !== "") {
    const payer = address.format(address.parse(tx.fee.payer));
    if (!signers.includes(payer)) signers.push(payer);
  }
  return signers;
}
