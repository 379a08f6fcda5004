// Committed transactions: their bytes, what was signed, their JSON, and what transfers do in a block.
import { AuthInfo, TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { Any } from "#proto/google/protobuf/any";
import { sha256 } from "#sha256";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { fromHex, toHex } from "../../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../../app/encoding/encodingError.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { aminoSignDocs, directAuxSignBytes, directSignBytes, type SignerData } from "../../../../app/encoding/signDocs.ts";
import { createWire } from "../../../../app/runtime/createWire.ts";
import { sdkChainModules } from "../../../../app/sdkChain.ts";
import { readChainFacts } from "./chainFacts.ts";
import { isTransfer, judgeTransfer } from "./judgeTransfer.ts";
import { txBytes } from "./recordedHistory.ts";
import type { RecordedTx, Recording } from "./recording.ts";
import { foreignMessages } from "./scope.ts";
import { type Case, differs, failed, SAME, unlike, type Verdict } from "./verdict.ts";

/** Recorded transactions with the judge of each. */
export function txCases(recording: Recording): readonly Case[] {
  const { tx, chain_id } = recording;
  if (tx === undefined) return [];
  const facts = readChainFacts(recording);
  return tx.txs.map((one) => ({
    name: `transaction · ${one.name}`,
    async judge() {
      const reason = unlike("hash", one.hash, toHex(sha256(txBytes(one))).toUpperCase()) ?? compareSigned(one, chain_id);
      if (reason !== undefined) return failed(reason);
      if (foreignMessages(fromHex(one.body_bytes)).length > 0) return differs("absentMessages");
      const decoded = judgeDecoding(one);
      return decoded.kind === "same" && isTransfer(one) ? judgeTransfer(recording, facts, one) : decoded;
    },
  }));
}

/** Compares what each signer signed, in the modes that are here. */
function compareSigned(tx: RecordedTx, chainId: string): string | undefined {
  const parts = { bodyBytes: fromHex(tx.body_bytes), authInfoBytes: fromHex(tx.auth_info_bytes) };
  const isForeign = foreignMessages(parts.bodyBytes).length > 0;
  const publicKeys = AuthInfo.decode(parts.authInfoBytes).signerInfos.map(({ publicKey }) => publicKey);
  for (const [index, { mode, account_number, sequence, ...signed }] of tx.signed.entries()) {
    const signer: SignerData = { chainId, accountNumber: BigInt(account_number), sequence: BigInt(sequence) };
    const what = `what signer ${index} signed`;
    let reason: string | undefined;
    if (signed.sign_bytes_sha256 !== undefined)
      reason = unlike(what, signed.sign_bytes_sha256, toHex(sha256(directSignBytes(parts, signer))));
    else if (signed.sign_bytes_utf8 !== undefined && !isForeign)
      reason = unlike(what, signed.sign_bytes_utf8, Buffer.from(aminoSignDocs(descriptors(), parts, signer)[0] ?? []).toString("utf8"));
    else if (mode === "SIGN_MODE_DIRECT_AUX" && signed.sign_bytes_hex !== undefined && publicKeys[index] !== undefined)
      reason = unlike(
        what,
        signed.sign_bytes_hex,
        toHex(directAuxSignBytes(parts.bodyBytes, Any.encode(publicKeys[index]).finish(), signer)),
      );
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const wire = createWire(descriptors(), sdkChainModules);

/** Strict decoding and the JSON of messages, as the REST service shows them. */
function judgeDecoding(tx: RecordedTx): Verdict {
  const shown = TxBody.decode(fromHex(tx.body_bytes)).messages.map((message) =>
    toProtoJson(descriptors(), Any.$type, Any.encode(message).finish()),
  );
  const reason = unlike("messages", tx.messages, shown);
  try {
    wire.splitTx(txBytes(tx));
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    return hasOddAmount(shown) ? differs("strictAmounts") : failed(`a transaction that was committed is refused: ${error.message}`);
  }
  return reason === undefined ? SAME : failed(reason);
}

/** Whether an amount is written otherwise than as a canonical decimal. */
export function hasOddAmount(json: unknown): boolean {
  if (typeof json !== "object" || json === null) return false;
  return Object.entries(json).some(([name, value]) =>
    name === "amount" && typeof value === "string" ? /^([+-]|0.)|_|^$/.test(value) : hasOddAmount(value),
  );
}
