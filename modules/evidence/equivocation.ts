import { Equivocation } from "#proto/cosmos/evidence/v1beta1/evidence";
import type { Any } from "#proto/google/protobuf/any";
import { type ErrorConstructors, encodeMessage, formatGoTime, timestampNs } from "#sdk";
import { sha256 } from "#sha256";
import type { EVIDENCE_ERRORS } from "./errors.ts";

const TYPE_URL = `/${Equivocation.$type}`;

/** What the module says of a kind of evidence where it names it. */
export const EQUIVOCATION_ROUTE = "equivocation";

/** The name under which evidence is stored: SHA-256 of its wire form. */
export function hashEquivocation(equivocation: Equivocation): Uint8Array {
  return sha256(encodeMessage(Equivocation, equivocation));
}

/** Packed form. */
export function packEquivocation(equivocation: Equivocation): Any {
  return { typeUrl: TYPE_URL, value: encodeMessage(Equivocation, equivocation) };
}

/**
 * Evidence of its packed form, checked as far as it goes by itself.
 * @throws evidence/3 with the Cosmos SDK's text
 */
export function unpackEquivocation(packed: Any | undefined, err: ErrorConstructors<typeof EVIDENCE_ERRORS>): Equivocation {
  if (packed === undefined) throw err.invalidEvidence("missing evidence");
  if (packed.typeUrl !== TYPE_URL) throw err.invalidEvidence(`evidence of type ${TYPE_URL} expected, got ${packed.typeUrl}`);
  const equivocation = Equivocation.decode(packed.value);
  const wrong = faultOf(equivocation);
  if (wrong !== undefined) throw err.invalidEvidence(`failed basic validation: ${wrong}`);
  return equivocation;
}

function faultOf({ time, height, power, consensusAddress }: Equivocation): string | undefined {
  if ((time?.seconds ?? 0n) <= 0n) return `invalid equivocation time: ${formatGoTime(timestampNs(time))}`;
  if (height < 1n) return `invalid equivocation height: ${height}`;
  if (power < 1n) return `invalid equivocation validator power: ${power}`;
  if (consensusAddress === "") return "invalid equivocation validator consensus address: ";
  return undefined;
}
