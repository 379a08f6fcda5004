import type { ModeInfo } from "#proto/cosmos/tx/v1beta1/tx";
import { Any } from "#proto/google/protobuf/any";
import { directAuxSignBytes, directSignBytes } from "../encoding/signDocs.ts";
import type { AnteEnv, AnteSigner } from "./ante/anteRun.ts";
import { countBits, countSetBits, hasBit } from "./compactBitArray.ts";
import { type DecodedTx, VerifiedFor } from "./decodedTx.ts";
import { type AccountKey, isSameKey, type MultisigKey } from "./pubKey.ts";
import { formatSignMode, SIGN_MODE } from "./signModes.ts";

/** What a signature is judged by: the transaction and its chain. Wallets judge their own by it before they send them. */
export interface SignatureRun {
  readonly tx: DecodedTx;
  readonly ctx: { readonly chainId: string };
  readonly env: Pick<AnteEnv, "address" | "wire" | "verifier">;
  readonly signerAddresses: readonly string[];
}

/** A signer as the chain knows it. */
export interface JudgedSigner {
  readonly address: string;
  readonly account: Pick<AnteSigner["account"], "accountNumber" | "sequence" | "pubKey">;
}

/** What one signer signed, in every mode that its key may use; documents are built when first asked for. */
interface SignerDocuments {
  /** Documents that count for a mode, or the reason why there are none. */
  forMode(mode: number): readonly Uint8Array[] | string;
}

/** A signature that does not verify, for every mode alike. */
const UNABLE = "unable to verify single signer signature";

/** Why the signature at `index` is wrong, or undefined when it is right. */
export function verifySigner(run: SignatureRun, signer: JudgedSigner, key: AccountKey, index: number): string | undefined {
  if (isVerified(run, signer, key, index)) return undefined;
  const mode = run.tx.signerInfos[index]?.modeInfo;
  const signature = run.tx.raw.signatures[index];
  if (mode === undefined || signature === undefined) return "no signature";
  const reason = verifyKey(run, signerDocuments(run, signer, index), key, mode, signature);
  if (reason === undefined) run.tx.verified[index] = new VerifiedFor(run.ctx.chainId, signer.account.accountNumber, key);
  return reason;
}

/**
 * Whether this signature was found right before: in the mempool or in a proposal, by this thread or beside it. Sign mode, signature and sequence
 * are in the transaction; the sequence was compared with the account's before.
 */
function isVerified({ tx, ctx }: SignatureRun, { account }: JudgedSigner, key: AccountKey, index: number): boolean {
  const before = tx.verified[index];
  // GAS: charged before, remembered or not.
  if (before === undefined || before.accountNumber !== account.accountNumber || before.chainId !== ctx.chainId) return false;
  // DETERMINISM: only "right" is believed, and the backend is the same; everything else is decided here.
  return isSameKey(before.key, key) && before.isRight();
}

function verifyKey(
  run: SignatureRun,
  documents: SignerDocuments,
  key: AccountKey,
  mode: ModeInfo,
  signature: Uint8Array,
): string | undefined {
  if (key.kind === "multisig") return verifyMultisig(run, documents, key, mode, signature);
  if (mode.single === undefined) return "a single signature expected";
  if (key.kind !== "secp256k1") return "unsupported key";
  const accepted = documents.forMode(mode.single.mode);
  if (typeof accepted === "string") return accepted;
  return accepted.some((document) => run.env.verifier.verify(key.bytes, document, signature)) ? undefined : UNABLE;
}

/** The bits say which members signed; the signatures follow in the members' order (cosmos-sdk crypto/keys/multisig). */
function verifyMultisig(
  run: SignatureRun,
  documents: SignerDocuments,
  key: MultisigKey,
  mode: ModeInfo,
  signature: Uint8Array,
): string | undefined {
  const bits = mode.multi?.bitarray;
  if (mode.multi === undefined || bits === undefined) return "a multisig signature expected";
  const modes = mode.multi.modeInfos;
  const signatures = run.env.wire.splitMultiSignature(signature);
  const size = countBits(bits);
  if (size !== key.members.length) return `bit array size is incorrect, expecting: ${key.members.length}`;
  if (signatures.length < key.threshold || signatures.length > size || signatures.length !== modes.length)
    return `signature size is incorrect ${signatures.length}`;
  const set = countSetBits(bits);
  if (set < key.threshold || set !== signatures.length || key.threshold < 1)
    return `not enough signatures set, have ${set}, expected ${key.threshold}`;
  let next = 0;
  for (const [index, member] of key.members.entries()) {
    if (!hasBit(bits, index)) continue;
    const memberMode = modes[next];
    const memberSignature = signatures[next];
    if (memberMode === undefined || memberSignature === undefined) return `signature size is incorrect ${signatures.length}`;
    if (verifyKey(run, documents, member, memberMode, memberSignature) !== undefined) return `unable to verify signature at index ${index}`;
    next += 1;
  }
  return undefined;
}

/** Documents of the signer at `index`, of whose key several members may sign in one mode. */
function signerDocuments(run: SignatureRun, signer: JudgedSigner, index: number): SignerDocuments {
  const built = new Map<number, readonly Uint8Array[] | string>();
  return {
    forMode(mode) {
      let documents = built.get(mode);
      if (documents === undefined) {
        documents = documentsFor(run, signer, index, mode);
        built.set(mode, documents);
      }
      return documents;
    },
  };
}

/** Documents of the signer at `index` that count for a mode, or the reason why there are none. */
export function documentsFor(
  { tx, ctx, env, signerAddresses }: SignatureRun,
  { address, account }: JudgedSigner,
  index: number,
  mode: number,
): readonly Uint8Array[] | string {
  // An unordered transaction is signed with sequence 0, wherever the account stands.
  const sequence = tx.body.unordered ? 0n : account.sequence;
  const signer = { chainId: ctx.chainId, accountNumber: account.accountNumber, sequence };
  switch (mode) {
    case SIGN_MODE.direct:
      return [directSignBytes(tx.raw, signer)];
    case SIGN_MODE.directAux: {
      const payer = tx.fee.payer === "" ? signerAddresses[0] : env.address.canonical(tx.fee.payer);
      if (payer === address) return `fee payer ${address} cannot sign with SIGN_MODE_DIRECT_AUX: unauthorized`;
      const publicKey = tx.signerInfos[index]?.publicKey ?? account.pubKey;
      return publicKey === undefined ? "no public key" : [directAuxSignBytes(tx.raw.bodyBytes, Any.encode(publicKey).finish(), signer)];
    }
    case SIGN_MODE.amino:
      return env.wire.aminoDocuments(tx.raw, signer);
    default:
      return `unsupported sign mode ${formatSignMode(mode)}`;
  }
}
