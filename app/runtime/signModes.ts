import type { ModeInfo } from "#proto/cosmos/tx/v1beta1/tx";

/** Numbers of sign modes (cosmos.tx.signing.v1beta1.SignMode). */
export const SIGN_MODE = { unspecified: 0, direct: 1, textual: 2, directAux: 3, amino: 127, eip191: 191 } as const;

/** Modes in which transactions of this chain may be signed, ascending. */
export const SUPPORTED_SIGN_MODES: readonly number[] = [SIGN_MODE.direct, SIGN_MODE.directAux, SIGN_MODE.amino];

const NAMES: Readonly<Record<number, string>> = {
  [SIGN_MODE.unspecified]: "SIGN_MODE_UNSPECIFIED",
  [SIGN_MODE.direct]: "SIGN_MODE_DIRECT",
  [SIGN_MODE.textual]: "SIGN_MODE_TEXTUAL",
  [SIGN_MODE.directAux]: "SIGN_MODE_DIRECT_AUX",
  [SIGN_MODE.amino]: "SIGN_MODE_LEGACY_AMINO_JSON",
  [SIGN_MODE.eip191]: "SIGN_MODE_EIP_191",
};

/** The enum's name, or the number where it has none. */
export function formatSignMode(mode: number): string {
  return NAMES[mode] ?? String(mode);
}

/** Whether everyone behind a signature signed amino JSON: then a wrong sequence shows as a wrong signature, and the error names it. */
export function onlyAmino(mode: ModeInfo | undefined): boolean {
  if (mode?.multi !== undefined) return mode.multi.modeInfos.every(onlyAmino);
  return mode?.single?.mode === SIGN_MODE.amino;
}
