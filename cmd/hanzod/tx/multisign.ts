import { LegacyAminoPubKey } from "#proto/cosmos/crypto/multisig/keys";
import { MultiSignature } from "#proto/cosmos/crypto/multisig/v1beta1/multisig";
import type { SignatureDescriptor, SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import type { Any } from "#proto/google/protobuf/any";
import { CliError } from "../../shared/cliError.ts";
import { addressOfPublicKey } from "../keyring/publicKey.ts";
import { bitArray } from "./bitArray.ts";
import type { AccountNumbers } from "./sender.ts";
import { placeSigner, requireSigner } from "./signDocument.ts";
import { encodeTx, singleMode } from "./txBytes.ts";
import { txCodec } from "./txCodec.ts";
import { partsOf, type TxDocument } from "./txFile.ts";

/** A transaction that a multisig key has signed, and its signature by itself. */
export interface Multisigned {
  readonly document: TxDocument;
  readonly signature: SignatureDescriptor;
}

/**
 * Puts the members' signatures together into that of their multisig key, and verifies it as the chain will.
 * @throws CliError when a signature is of no member, is wrong, or there are fewer than the threshold
 */
export function multisign(
  document: TxDocument,
  publicKey: Any,
  signatures: readonly SignatureDescriptor[],
  signer: AccountNumbers & { readonly chainId: string },
): Multisigned {
  const { threshold, publicKeys } = LegacyAminoPubKey.decode(publicKey.value);
  const address = addressOfPublicKey(publicKey);
  const signers = requireSigner(document, address);
  const byMember = new Map<number, { readonly mode: SignMode; readonly signature: Uint8Array }>();
  for (const signature of signatures) {
    const member = memberOf(publicKeys, signature);
    const single = signature.data?.single;
    if (single === undefined) throw new CliError(`the signature of member ${member} is none of a single key`);
    byMember.set(member, single);
  }
  if (byMember.size < threshold)
    throw new CliError(`${byMember.size} signatures of ${address}`, {
      why: `at least ${threshold} of its ${publicKeys.length} members must sign`,
      next: "hanzod tx sign FILE --from MEMBER --multisig NAME for more of them",
    });
  const members = [...byMember.keys()].sort((a, b) => a - b);
  const ordered = members.flatMap((member) => byMember.get(member) ?? []);
  const bitarray = bitArray(publicKeys.length, new Set(members));
  const modeInfo = { single: undefined, multi: { bitarray, modeInfos: ordered.map(({ mode }) => singleMode(mode)) } };
  const { document: placed, index } = placeSigner(document, signers, address, { publicKey, modeInfo, sequence: signer.sequence });
  const whole = MultiSignature.encode({ signatures: ordered.map(({ signature }) => signature) }).finish();
  const signed = { ...placed, signatures: placed.signatures.map((other, at) => (at === index ? whole : other)) };
  requireRight(signed, index, address, signer);
  const singles = ordered.map((single) => ({ single, multi: undefined }));
  return {
    document: signed,
    signature: { publicKey, data: { single: undefined, multi: { bitarray, signatures: singles } }, sequence: signer.sequence },
  };
}

function memberOf(members: readonly Any[], { publicKey }: SignatureDescriptor): number {
  const found = members.findIndex((member) => publicKey !== undefined && sameKey(member, publicKey));
  if (found >= 0) return found;
  throw new CliError("a signature is of no member", {
    why: `its key is that of ${publicKey === undefined ? "nobody" : addressOfPublicKey(publicKey)}; the members are: ${members.map(addressOfPublicKey).join(", ")}`,
  });
}

function sameKey(a: Any, b: Any): boolean {
  return a.typeUrl === b.typeUrl && Buffer.from(a.value).equals(b.value);
}

function requireRight(document: TxDocument, index: number, address: string, signer: AccountNumbers & { readonly chainId: string }): void {
  const codec = txCodec();
  const tx = codec.decode(encodeTx(partsOf(document), document.signatures));
  const reason = codec.whyWrong(tx, index, { address, account: signer }, signer.chainId);
  if (reason !== undefined)
    throw new CliError("a member's signature is wrong", {
      why: `${reason}; signed for chain ${signer.chainId}, account number ${signer.accountNumber}, sequence ${signer.sequence}?`,
      next: "let the member sign again with hanzod tx sign … --multisig NAME",
    });
}
