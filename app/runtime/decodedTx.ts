import { AuthInfo, type Fee, type SignerInfo, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { type AddressCodec, sdkError } from "#sdk";
import { sha256 } from "#sha256";
import { txParseError } from "../encoding/encodingError.ts";
import type { TxParts } from "../encoding/strictDecode.ts";
import { TxReader } from "../encoding/txReader.ts";
import { type DecodedMessage, decodeMessage } from "./decodedMessage.ts";
import { type FeeCoin, parseFeeCoins } from "./feeCoins.ts";
import type { KeyReader, ReadKey } from "./keyReader.ts";
import { KnownTxs } from "./knownTxs.ts";
import type { AccountKey } from "./pubKey.ts";
import type { Router } from "./router.ts";
import type { SignatureBatch } from "./signature.ts";
import { TxFacts } from "./txFacts.ts";
import type { Wire } from "./wire.ts";

/** What a body says besides its messages. */
type TxTerms = Pick<TxBody, "memo" | "unordered" | "timeoutHeight" | "timeoutTimestamp">;

/**
 * A transaction that was decoded once and is used by every check and by delivery. Says nothing about state; what it remembers follows from its
 * bytes and the chain's prefix. A class: thousands wait for their block, and closures would be objects more to keep.
 */
export class DecodedTx {
  readonly bytes: Uint8Array;
  readonly raw: TxParts;
  readonly body: TxTerms;
  readonly messages: readonly DecodedMessage[];
  readonly signerInfos: readonly SignerInfo[];
  /** Keys of `signerInfos`; undefined where the key is left out. */
  readonly keys: readonly (ReadKey | undefined)[];
  readonly fee: Fee;
  readonly feeCoins: readonly FeeCoin[];
  /** What the signatures were last found right for, or are being verified for, by signer index. */
  readonly verified: (VerifiedFor | undefined)[] = [];
  /** Whether it has passed the checks that need no state: then it always does. */
  hasSoundBasics = false;
  readonly #address: AddressCodec;
  #hash: Uint8Array | undefined = undefined;
  #signers: readonly string[] | undefined = undefined;
  #facts: TxFacts | undefined = undefined;

  constructor(
    bytes: Uint8Array,
    raw: TxParts,
    body: TxTerms,
    messages: readonly DecodedMessage[],
    signerInfos: readonly SignerInfo[],
    keys: readonly (ReadKey | undefined)[],
    fee: Fee,
    address: AddressCodec,
  ) {
    this.bytes = bytes;
    this.raw = raw;
    this.body = body;
    this.messages = messages;
    this.signerInfos = signerInfos;
    this.keys = keys;
    this.fee = fee;
    this.feeCoins = parseFeeCoins(fee.amount);
    this.#address = address;
  }

  /** SHA-256 of the bytes: the transaction's name. Computed when first asked for. */
  hash(): Uint8Array {
    this.#hash ??= sha256(this.bytes);
    return this.#hash;
  }

  /**
   * Everyone who must sign, in order: signers of the messages by first appearance, then the fee payer.
   * @throws AddressError when an address cannot be read
   */
  signers(): readonly string[] {
    this.#signers ??= txSigners(this.messages, this.fee, this.#address);
    return this.#signers;
  }

  /** What checks with state ask of it. CONTRACT: those without have passed. */
  facts(): TxFacts {
    this.#facts ??= new TxFacts(this, this.#address);
    return this.#facts;
  }
}

/** Who looks at a signature: it is right when one of the batch's checks from one place to before another finds it so. */
interface UnderCheck {
  readonly batch: SignatureBatch;
  readonly from: number;
  readonly to: number;
}

/** All that a right signature of a transaction depends on besides the transaction. The sequence is in it already. */
export class VerifiedFor {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly key: AccountKey;
  #under: UnderCheck | undefined;

  /** @param under who looks at the signature, while that is not known */
  constructor(chainId: string, accountNumber: bigint, key: AccountKey, under?: UnderCheck) {
    this.chainId = chainId;
    this.accountNumber = accountNumber;
    this.key = key;
    this.#under = under;
  }

  /** Whether it was found right by now, which is remembered. */
  isRight(): boolean {
    if (this.#under === undefined) return true;
    const { batch, from, to } = this.#under;
    for (let at = from; at < to; at++) {
      if (!batch.isRight(at)) continue;
      this.#under = undefined;
      return true;
    }
    return false;
  }
}

/** Deserialises transactions strictly; everything refused here costs no state access. */
export interface TxDecoder {
  /**
   * @throws sdk/2 on bytes that are not a strict transaction of known types, sdk/18 without messages or fee
   */
  decode(bytes: Uint8Array): DecodedTx;
  /** SHA-256 of any bytes: remembered with the transaction, if they are one that is remembered. */
  hash(bytes: Uint8Array): Uint8Array;
  /** A block has had these transactions: nobody will ask for them again. */
  forget(txs: readonly Uint8Array[]): void;
}

/** What decoding transactions needs. */
export interface TxDecoderParts {
  readonly router: Router;
  readonly wire: Wire;
  readonly address: AddressCodec;
  readonly keys: KeyReader;
}

/** Makes a decoder with a bounded memory of transactions. */
export function createTxDecoder(parts: TxDecoderParts): TxDecoder {
  const known = new KnownTxs<DecodedTx>();
  return {
    decode(bytes) {
      const found = known.find(bytes);
      if (found !== undefined) return found;
      const tx = decodeTx(bytes, parts);
      known.add(tx);
      return tx;
    },
    hash: (bytes) => known.find(bytes)?.hash() ?? sha256(bytes),
    forget(txs) {
      for (const bytes of txs) known.delete(bytes);
    },
  };
}

function decodeTx(bytes: Uint8Array, parts: TxDecoderParts): DecodedTx {
  const raw = parts.wire.splitTx(bytes);
  const reader = new TxReader(bytes);
  const body = reader.read(TxBody, raw.bodyBytes);
  const authInfo = reader.read(AuthInfo, raw.authInfoBytes);
  const option = body.extensionOptions[0] ?? body.nonCriticalExtensionOptions[0];
  if (option !== undefined) throw txParseError(`unable to resolve type URL ${option.typeUrl}`);
  const messages = body.messages.map((any) => decodeMessage(any, parts, reader));
  const keys = authInfo.signerInfos.map(({ publicKey }) => (publicKey === undefined ? undefined : parts.keys.read(publicKey)));
  if (messages.length === 0) throw sdkError.invalidRequest("must contain at least one message");
  const fee = authInfo.fee;
  if (fee === undefined) throw sdkError.invalidRequest("a fee must be set");
  // What waits for the block is kept small: the packed messages are not asked for again, and a list that grew has room for sixteen more.
  const { memo, unordered, timeoutHeight, timeoutTimestamp } = body;
  const terms = { memo, unordered, timeoutHeight, timeoutTimestamp };
  return new DecodedTx(bytes, raw, terms, messages, authInfo.signerInfos.slice(), keys, fee, parts.address);
}

function txSigners(messages: readonly DecodedMessage[], { payer }: Fee, address: AddressCodec): readonly string[] {
  const [first] = messages;
  // Most have one message with one signer, whose list does.
  if (messages.length === 1 && first?.signers().length === 1 && payer === "") return first.signers();
  const signers: string[] = [];
  for (const message of messages) {
    for (const signer of message.signers()) if (!signers.includes(signer)) signers.push(signer);
  }
  if (payer !== "") {
    const canonical = address.canonical(payer);
    if (!signers.includes(canonical)) signers.push(canonical);
  }
  return signers;
}
