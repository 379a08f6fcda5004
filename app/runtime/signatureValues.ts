import type { ModeInfo } from "#proto/cosmos/tx/v1beta1/tx";
import type { Wire } from "./wire.ts";

/**
 * The signatures that events show for one signer: of a multisig those of the members that signed, then the whole (cosmos-sdk x/auth/ante).
 *
 * @throws sdk/2 when the signature of a multisig is none
 */
export function signatureValues(wire: Wire, mode: ModeInfo | undefined, signature: Uint8Array | undefined): readonly Uint8Array[] {
  if (mode === undefined || signature === undefined) return [];
  if (mode.multi === undefined) return [signature];
  const signatures = wire.splitMultiSignature(signature);
  const values: Uint8Array[] = [];
  for (const [index, memberMode] of mode.multi.modeInfos.entries()) values.push(...signatureValues(wire, memberMode, signatures[index]));
  values.push(signature);
  return values;
}
