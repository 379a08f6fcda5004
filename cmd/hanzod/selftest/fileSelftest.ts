import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { hmmSelftest } from "./hmm.ts";
import { iavlSelftest } from "./iavl.ts";
import { type KernelChoice, openBackends } from "./kernelBackends.ts";
import { kernelsSelftest } from "./kernels.ts";
import { hasHead } from "./recording/recording.ts";
import type { SelftestResult } from "./selftestResult.ts";

/** The runners by what tells a file's kind. */
const RUNNERS: readonly {
  readonly kind: string;
  readonly fits: (doc: Record<string, unknown>) => boolean;
  readonly run: (doc: unknown, path: string, kernels: KernelChoice) => SelftestResult | Promise<SelftestResult>;
}[] = [
  { kind: "iavl", fits: (doc) => "tree" in doc && "multistore" in doc, run: iavlSelftest },
  { kind: "hmm", fits: hasPools, run: hmmSelftest },
  { kind: "kernels", fits: hasOperations, run: async (doc, _path, kernels) => kernelsSelftest(doc, await openBackends(kernels)) },
  // Of a recording, files that only give the state of the others, and those about modules that are not here.
  { kind: "recording", fits: hasHead, run: (_doc, path) => waitingFor(basename(path)) },
];

function hasPools(doc: Record<string, unknown>): boolean {
  const vectors = doc["vectors"];
  return Array.isArray(vectors) && vectors.some((vector: { readonly pool?: unknown } | null) => typeof vector?.pool === "object");
}

/** Vectors that name their operation; those of the market have pools, too, and stand before. */
function hasOperations(doc: Record<string, unknown>): boolean {
  const vectors = doc["vectors"];
  return Array.isArray(vectors) && vectors.some((vector: { readonly op?: unknown } | null) => typeof vector?.op === "string");
}

function waitingFor(name: string): SelftestResult {
  return { passed: 0, failed: 0, waiting: [name], failures: [] };
}

/**
 * Runs a vector file that needs no others.
 * @param kernels which ones run vectors of kernels; the one that a node would take when not given
 * @throws Error when it is no vector file of a known kind
 */
export async function fileSelftest(path: string, kernels: KernelChoice = {}): Promise<SelftestResult> {
  const doc: unknown = JSON.parse(readFileSync(path, "utf8"));
  const runner = typeof doc === "object" && doc !== null ? RUNNERS.find(({ fits }) => fits(doc as Record<string, unknown>)) : undefined;
  if (runner === undefined) throw new Error(`${RUNNERS.map(({ kind }) => kind).join(", ")} vectors are expected`);
  return runner.run(doc, path, kernels);
}
