// Verification of a store query's two-step proof: from the key to the root of its store (`ics23:iavl`), from there to the app hash
// (`ics23:simple`). Runs in a browser.
import { encodeUtf8, equalBytes } from "../encoding/bytes.ts";
import { calculateRoot, iavlSpec, type ProofSpec, tendermintSpec, verifyMembership, verifyNonMembership } from "./ics23Verify.ts";

/** One step of a query proof, as ABCI carries it (tendermint.crypto.ProofOp). */
export interface ProofOp {
  /** `ics23:iavl` or `ics23:simple`. */
  readonly type: string;
  /** The key within its tree: the queried key, or the name of the store. */
  readonly key: Uint8Array;
  /** An encoded ICS-23 CommitmentProof. */
  readonly data: Uint8Array;
}

/** Type of the step from a key to the root of its store. */
export const iavlProofType = "ics23:iavl";
/** Type of the step from a store to the app hash. */
export const simpleProofType = "ics23:simple";

const specs: ReadonlyMap<string, ProofSpec> = new Map([
  [iavlProofType, iavlSpec],
  [simpleProofType, tendermintSpec],
]);

/**
 * Whether the steps prove that `key` of `store` has `value`, or is absent, in the state with that app hash.
 * @param appHash 32 bytes, from a header that the caller trusts
 * @param value undefined asks for absence
 * @param ops the steps, the one of the key first
 */
export function verifyProofOps(
  appHash: Uint8Array,
  store: string,
  key: Uint8Array,
  value: Uint8Array | undefined,
  ops: readonly ProofOp[],
): boolean {
  const path = [key, encodeUtf8(store)];
  if (ops.length !== path.length) return false;
  let proven = value;
  for (const [i, op] of ops.entries()) {
    const expectedKey = path[i];
    if (expectedKey === undefined || !equalBytes(op.key, expectedKey)) return false;
    proven = runStep(op, proven);
    if (proven === undefined) return false;
  }
  return proven !== undefined && equalBytes(proven, appHash);
}

/** The root that a step proves, undefined when it proves none. */
function runStep(op: ProofOp, value: Uint8Array | undefined): Uint8Array | undefined {
  const spec = specs.get(op.type);
  const root = spec === undefined ? undefined : calculateRoot(op.data);
  if (spec === undefined || root === undefined) return undefined;
  const isProven =
    value === undefined ? verifyNonMembership(spec, root, op.data, op.key) : verifyMembership(spec, root, op.data, op.key, value);
  return isProven ? root : undefined;
}
