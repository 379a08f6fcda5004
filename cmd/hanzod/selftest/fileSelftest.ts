import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { hmmSelftest } from "./hmm.ts";
import { iavlSelftest } from "./iavl.ts";
import { hasHead } from "./recording/recording.ts";
import type { SelftestResult } from "./selftestResult.ts";

/** The runners by what tells a file's kind. */
const RUNNERS: readonly {
  readonly kind: string;
  readonly fits: (doc: Record<string, unknown>) => boolean;
  readonly run: (doc: unknown, path: string) => SelftestResult;
}[] = [
  { kind: "iavl", fits: (doc) => "tree" in doc && "multistore" in doc, run: iavlSelftest },
  { kind: "hmm", fits: hasPools, run: hmmSelftest },
  // Published with the others; a build with aggregation kernels replaces this row.
  { kind: "kernels", fits: (doc) => String(doc["spec"]).includes("kernels"), run: () => waitingFor("kernels") },
  // Of a recording, files that only give the state of the others, and those about modules that are not here.
  { kind: "recording", fits: hasHead, run: (_doc, path) => waitingFor(basename(path)) },
];

function hasPools(doc: Record<string, unknown>): boolean {
  const vectors = doc["vectors"];
  return Array.isArray(vectors) && vectors.some((vector: { readonly pool?: unknown } | null) => typeof vector?.pool === "object");
}

function waitingFor(name: string): SelftestResult {
  return { passed: 0, failed: 0, waiting: [name], failures: [] };
}

/**
 * Runs a vector file that needs no others.
 * @throws Error when it is no vector file of a known kind
 */
export function fileSelftest(path: string): SelftestResult {
  const doc: unknown = JSON.parse(readFileSync(path, "utf8"));
  const runner = typeof doc === "object" && doc !== null ? RUNNERS.find(({ fits }) => fits(doc as Record<string, unknown>)) : undefined;
  if (runner === undefined) throw new Error(`${RUNNERS.map(({ kind }) => kind).join(", ")} vectors are expected`);
  return runner.run(doc, path);
}
