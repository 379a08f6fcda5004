import { bytesToHex } from "@noble/hashes/utils.js";
import type { ReadCtx } from "#sdk";
import { hashEquivocation, unpackEquivocation } from "./equivocation.ts";
import type { Evidence } from "./evidence.ts";

/** All evidence is whole and lies under the hash of what it says. */
export function evidenceLiesUnderItsHash({ state, err }: Evidence, ctx: ReadCtx): string | undefined {
  for (const [hash, packed] of state.evidence.entries(ctx)) {
    const expected = bytesToHex(hashEquivocation(unpackEquivocation(packed, err)));
    if (bytesToHex(hash) !== expected) return `evidence ${expected} lies under ${bytesToHex(hash)}`;
  }
  return undefined;
}
