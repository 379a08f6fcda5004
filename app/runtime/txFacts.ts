// What the checks ask of a transaction, side by side. One that has waited for its block is read from memory that no cache holds any more, and its parts
// lie in two dozen objects: to touch them took a run of the checks longer than what is done with them.

import type { Fee, SignerInfo, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { type AddressCodec, ValuePlace } from "#sdk";
import { equalBytes } from "../encoding/bytes.ts";
import { areValidCoins, type FeeCoin, type GasPrice, isZeroFee } from "./feeCoins.ts";
import type { ReadKey } from "./keyReader.ts";
import type { AnteAccount } from "./ports.ts";
import type { AccountKey } from "./pubKey.ts";

const utf8 = new TextEncoder();

/** The transaction, as it was decoded. */
interface TxSource {
  readonly bytes: Uint8Array;
  readonly body: Pick<TxBody, "memo" | "timeoutHeight" | "timeoutTimestamp" | "unordered">;
  readonly signerInfos: readonly SignerInfo[];
  readonly keys: readonly (ReadKey | undefined)[];
  readonly fee: Fee;
  readonly feeCoins: readonly FeeCoin[];
  signers(): readonly string[];
}

/** What follows from a transaction alone and is found once for all its runs. CONTRACT: the basic checks have passed, but for those of signatures. */
export class TxFacts {
  /** Bytes of the transaction. */
  readonly size: number;
  /** Bytes of its memo in UTF-8. */
  readonly memoBytes: number;
  /** Whether it has a last height or a last moment. */
  readonly mayExpire: boolean;
  readonly isUnordered: boolean;
  /** Whether some signature is put together from those of a key's members. */
  readonly hasMultisig: boolean;
  /** Whether some signer does not say how it signed. */
  readonly lacksMode: boolean;
  readonly fee: "none" | "valid" | "malformed";
  /** Who is named to pay the fee: the first signer where nobody else is. Undefined when nobody signs. */
  readonly payer: string | undefined;
  readonly hasGranter: boolean;
  readonly signers: readonly SignerFacts[];
  /** The prices that the fee was last found to suffice for. */
  enoughFor: readonly GasPrice[] | undefined = undefined;

  constructor(tx: TxSource, address: AddressCodec) {
    const { body, fee, feeCoins, signerInfos } = tx;
    const signers = tx.signers();
    this.size = tx.bytes.length;
    this.memoBytes = body.memo === "" ? 0 : utf8.encode(body.memo).length;
    this.mayExpire = body.timeoutHeight > 0n || body.timeoutTimestamp !== undefined;
    this.isUnordered = body.unordered;
    this.hasMultisig = signerInfos.some(({ modeInfo }) => modeInfo?.multi !== undefined);
    this.lacksMode = signerInfos.some(({ modeInfo }) => modeInfo === undefined);
    this.fee = isZeroFee(feeCoins) ? "none" : areValidCoins(feeCoins) ? "valid" : "malformed";
    this.payer = fee.payer === "" ? signers[0] : address.canonical(fee.payer);
    this.hasGranter = fee.granter !== "";
    this.signers = signers.map((signer, index) => new SignerFacts(tx, signer, index, address));
  }

  /** Where the account of a signer is kept; nobody else's is. */
  placeOf(account: string): ValuePlace<unknown> | undefined {
    for (const signer of this.signers) if (signer.address === account) return signer.place;
    return undefined;
  }
}

/** A signer of a transaction, and what was last found out about it. */
export class SignerFacts {
  readonly address: string;
  /** The sequence in the transaction; undefined where it says nothing of this signer. */
  readonly sequence: bigint | undefined;
  /** Whether the key that comes with the transaction is another address's. */
  readonly hasForeignKey: boolean;
  /** Where the account is kept as it was last read: mempool and block find the same row, unless another transaction has changed it. */
  readonly place = new ValuePlace<unknown>();
  /** An account with its key, read once for as long as the account is the same object. */
  account: AnteAccount | undefined = undefined;
  key: AccountKey | undefined = undefined;

  constructor(tx: TxSource, address: string, index: number, codec: AddressCodec) {
    const given = tx.keys[index];
    this.address = address;
    this.sequence = tx.signerInfos[index]?.sequence;
    this.hasForeignKey = given !== undefined && !equalBytes(given.address, codec.parse(address));
  }
}
