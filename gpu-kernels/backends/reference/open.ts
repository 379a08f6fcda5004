import type { Kernels } from "../../kernels.ts";
import { referenceDistances, referencePairDistances } from "./hamming.ts";
import { referenceMedianQ, referenceMedianQ1bit } from "./medians.ts";
import { referenceApplyPriors, referenceSignsAndSums, referenceSpread } from "./signs.ts";
import { referenceDots, referenceVote } from "./sums.ts";

/** The backend that all others are compared with: plain TypeScript, there on every machine. */
export function openReference(): Promise<Kernels> {
  return Promise.resolve({
    name: "reference",
    detail: "plain TypeScript",
    signsAndSums: async (...args) => referenceSignsAndSums(...args),
    spread: async (...args) => referenceSpread(...args),
    medianQ: async (...args) => referenceMedianQ(...args),
    medianQ1bit: async (...args) => referenceMedianQ1bit(...args),
    pairDistances: async (...args) => referencePairDistances(...args),
    vote: async (...args) => referenceVote(...args),
    distances: async (...args) => referenceDistances(...args),
    dots: async (...args) => referenceDots(...args),
    applyPriors: async (...args) => referenceApplyPriors(...args),
    close: async () => {},
  } satisfies Kernels);
}
