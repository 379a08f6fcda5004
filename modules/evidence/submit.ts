import { bytesToHex } from "@noble/hashes/utils.js";
import type { MsgSubmitEvidence } from "#proto/cosmos/evidence/v1beta1/tx";
import { type CheckEnv, type Ctx, requireAddress } from "#sdk";
import { EQUIVOCATION_ROUTE, hashEquivocation, unpackEquivocation } from "./equivocation.ts";
import type { EVIDENCE_ERRORS } from "./errors.ts";
import type { Evidence } from "./evidence.ts";

/** Stateless check of a message. @throws sdk/7, evidence/3 */
export function checkSubmitEvidence({ submitter, evidence }: MsgSubmitEvidence, { address, err }: CheckEnv<typeof EVIDENCE_ERRORS>): void {
  requireAddress(address, submitter, "submitter");
  unpackEquivocation(evidence, err);
}

/**
 * No kind of evidence is taken from accounts: what validators sign twice comes from CometBFT, which has verified the signatures.
 * @throws evidence/5 for what is known, evidence/2 for everything else
 */
export function submitEvidence({ state, err }: Evidence, ctx: Ctx, { evidence }: MsgSubmitEvidence): never {
  const hash = hashEquivocation(unpackEquivocation(evidence, err));
  if (state.evidence.has(ctx, hash)) throw err.evidenceExists(bytesToHex(hash).toUpperCase());
  throw err.noHandler(EQUIVOCATION_ROUTE);
}
