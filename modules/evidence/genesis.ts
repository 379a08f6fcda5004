import { bytesToHex } from "@noble/hashes/utils.js";
import type { Equivocation } from "#proto/cosmos/evidence/v1beta1/evidence";
import type { GenesisState } from "#proto/cosmos/evidence/v1beta1/genesis";
import { type GenesisHandlers, ModuleError } from "#sdk";
import { hashEquivocation, packEquivocation, unpackEquivocation } from "./equivocation.ts";
import type { Evidence } from "./evidence.ts";

/** Genesis of x/evidence in the format of the Cosmos SDK. */
export function createGenesis({ state, err }: Evidence): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ evidence: [] }),
    validate: (genesis) => void readEvidence(genesis, err),
    init(ctx, genesis) {
      for (const [hash, equivocation] of readEvidence(genesis, err)) state.evidence.set(ctx, hash, packEquivocation(equivocation));
    },
    export: (ctx) => ({ evidence: [...state.evidence.entries(ctx)].map(([, evidence]) => evidence) }),
  };
}

/** Evidence of a genesis file by hash, each once. @throws evidence/3, evidence/5 naming the entry that is wrong */
function readEvidence({ evidence }: GenesisState, err: Evidence["err"]): (readonly [hash: Uint8Array, equivocation: Equivocation])[] {
  const seen = new Set<string>();
  return evidence.map((packed, i) => {
    const at = `evidence.evidence[${i}]`;
    let equivocation: Equivocation;
    try {
      equivocation = unpackEquivocation(packed, err);
    } catch (cause) {
      throw cause instanceof ModuleError ? err.invalidEvidence(`${at}: ${cause.detail}`) : cause;
    }
    const hash = hashEquivocation(equivocation);
    const name = bytesToHex(hash).toUpperCase();
    if (seen.has(name)) throw err.evidenceExists(`${at}: ${name}`);
    seen.add(name);
    return [hash, equivocation] as const;
  });
}
