import type { EventFormatter } from "#sdk";
import type { SignerData } from "../encoding/signDocs.ts";
import type { TxParts } from "../encoding/strictDecode.ts";

/** Where a message names a signer. */
export interface SignerPath {
  /** Field names (as in the decoded object) that lead to the address; repeated fields on the way are walked in order. */
  readonly fields: readonly string[];
  /** Whether the address is written as a validator's operator. */
  readonly isOperator: boolean;
}

/** JSON form of messages (proto3 JSON as the SDK writes it): genesis and JSON answers. */
export interface GenesisWire {
  toJson(typeName: string, bytes: Uint8Array): unknown;
  /** @throws sdk/17 with the path of an unknown or malformed field */
  fromJson(typeName: string, json: unknown): Uint8Array;
}

/** What the runtime needs of the descriptor image: all wire knowledge that is not in generated code. */
export interface Wire extends GenesisWire {
  /** Takes a transaction apart after checking every byte of it, messages and keys included. @throws sdk/2, sdk/21 */
  splitTx(bytes: Uint8Array): TxParts;
  /** Signatures of a multisig's members. Strict, since nobody signs these bytes: another form of them would be another transaction. @throws sdk/2 */
  splitMultiSignature(bytes: Uint8Array): readonly Uint8Array[];
  /** Where a message names its signers (`cosmos.msg.v1.signer`). @throws sdk/40 for a message without that option. */
  signerPaths(typeName: string): readonly SignerPath[];
  /** Documents of SIGN_MODE_LEGACY_AMINO_JSON that count as this transaction: the SDK's first, then the stock client's where it differs. */
  aminoDocuments(parts: TxParts, signer: SignerData): readonly Uint8Array[];
  /** Amino binary of a transaction in amino JSON. @throws EncodingError for text that is none */
  encodeStdTx(json: string): Uint8Array;
  /** Amino JSON of a transaction in amino binary. @throws EncodingError for bytes that are none */
  decodeStdTx(bytes: Uint8Array): string;
  readonly formatEvent: EventFormatter;
}
