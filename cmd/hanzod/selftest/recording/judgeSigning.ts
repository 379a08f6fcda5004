import { AuthInfo } from "#proto/cosmos/tx/v1beta1/tx";
import { sha256 } from "#sha256";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { fromHex, toHex } from "../../../../app/encoding/bytes.ts";
import { aminoSignDocs, directSignBytes, type SignerData } from "../../../../app/encoding/signDocs.ts";
import { loadSecp256k1 } from "../../../../app/runtime/secp256k1Backend.ts";
import { createSignatureVerifier } from "../../../../app/runtime/signature.ts";
import { SIGN_MODE } from "../../../../app/runtime/signModes.ts";
import type { RecordedSigning, Recording } from "./recording.ts";
import { undefinedTypes } from "./scope.ts";
import { type Case, differs, failed, SAME, unlike, type Verdict } from "./verdict.ts";

const verifier = createSignatureVerifier(loadSecp256k1());

/** Recorded sign documents and signatures with the judge of each. */
export function signingCases({ signing }: Recording): readonly Case[] {
  const key = signing?.signer === undefined ? undefined : fromHex(signing.signer.pubkey);
  return (signing?.cases ?? []).map((one) => ({ name: `sign document · ${one.name}`, judge: async () => judgeSigning(one, key) }));
}

/** Documents in both modes, and whether the recorded signature is found right. @param key of the recorded signer */
function judgeSigning(one: RecordedSigning, key: Uint8Array | undefined): Verdict {
  const parts = { bodyBytes: fromHex(one.body_bytes), authInfoBytes: fromHex(one.auth_info_bytes_amino) };
  const signer = { chainId: one.chain_id, accountNumber: BigInt(one.account_number), sequence: BigInt(one.sequence) };
  const direct =
    one.direct_sha256 === undefined ? undefined : unlike("SHA-256 of the direct document", one.direct_sha256, directHash(parts, signer));
  if (direct !== undefined) return failed(direct);
  if (undefinedTypes(parts.bodyBytes).length > 0) return differs("absentMessages");
  const documents = aminoSignDocs(descriptors(), parts, signer);
  const texts = documents.map((document) => Buffer.from(document).toString("utf8"));
  const [first = new Uint8Array(0)] = documents;
  const signature = one.amino_signature;
  const isRight = key === undefined || signature === undefined || verifier.verify(key, first, fromHex(signature));
  const reason =
    unlike("amino document", one.amino_json, texts[0]) ??
    unlike("amino documents besides the first", alsoAccepted(one), texts.slice(1)) ??
    (isRight ? undefined : "amino signature: a right one expected, this one does not verify");
  return reason === undefined ? SAME : failed(reason);
}

/** The hash of what is signed in mode DIRECT, by whoever signs the same transaction in another mode. */
function directHash(
  { bodyBytes, authInfoBytes }: { readonly bodyBytes: Uint8Array; readonly authInfoBytes: Uint8Array },
  signer: SignerData,
): string {
  const authInfo = AuthInfo.decode(authInfoBytes);
  for (const { modeInfo } of authInfo.signerInfos) if (modeInfo?.single !== undefined) modeInfo.single.mode = SIGN_MODE.direct;
  return toHex(sha256(directSignBytes({ bodyBytes, authInfoBytes: AuthInfo.encode(authInfo).finish() }, signer)));
}

/** cosmjs' own document counts, too, unless it leaves out what the transaction says: such a signature does not cover that. */
function alsoAccepted({ cosmjs, amino_json }: RecordedSigning): readonly string[] {
  if (cosmjs === undefined || cosmjs === "same") return [];
  const isCovered = (name: string): boolean => !amino_json.includes(`"${name}":`) || cosmjs.includes(`"${name}":`);
  return ["timeout_timestamp", "unordered"].every(isCovered) ? [cosmjs] : [];
}
