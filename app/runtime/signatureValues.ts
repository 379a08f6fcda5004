import { MultiSignature } from "#proto/cosmos/crypto/multisig/v1beta1/multisig";
import type { ModeInfo } from "#proto/cosmos/tx/v1beta1/tx";

/**
 * The signatures that events show for one signer: of a multisig those of the members that signed, then the whole (cosmos-sdk x/auth/ante).
 */
export function signatureValues(mode: ModeInfo | undefined, signature: Uint8Array | undefined): readonly Uint8Array[] {
  if (mode === undefined || signature === undefined) return [];
  if (mode.multi === undefined) return [signature];
  const { signatures } = MultiSignature.decode(signature);
  const values: Uint8Array[] = [];
  for (const [index, memberMode] of mode.multi.modeInfos.entries()) values.push(...signatureValues(memberMode, signatures[index]));
  values.push(signature);
  return values;
}
