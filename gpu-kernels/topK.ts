// Nearest codes by Hamming distance (specification §7): an exact scan and a counting select.
import { KernelError } from "./kernelError.ts";
import type { Kernels } from "./kernels.ts";

/** Longest code: distances fit 16 bits. */
export const MAX_CODE_BYTES = 4095;

export interface Neighbour {
  /** Position in the collection. */
  readonly id: number;
  /** Bits that differ. */
  readonly distance: number;
}

/**
 * The first min(k, n) codes in the order (distance, id).
 * @param query 1…4095 bytes (48 in schema v1)
 * @param codes n codes of that length, one behind the other
 * @throws KernelError `length`, `params`
 */
export async function topK(kernels: Kernels, query: Uint8Array, codes: Uint8Array, k: number): Promise<Neighbour[]> {
  const bytes = query.length;
  if (bytes < 1 || bytes > MAX_CODE_BYTES) throw new KernelError("length", `query: expected 1 to ${MAX_CODE_BYTES} bytes, got ${bytes}`);
  if (codes.length % bytes !== 0) throw new KernelError("length", `codes: expected a multiple of ${bytes}, got ${codes.length}`);
  if (!Number.isSafeInteger(k) || k < 0) throw new KernelError("params", `k: expected an integer of at least 0, got ${k}`);
  return nearest(await kernels.distances(query, codes, bytes), 8 * bytes, k);
}

/** Counting select: how many codes lie at each distance says where the last one that is wanted lies. */
function nearest(distances: Uint16Array, maxDistance: number, k: number): Neighbour[] {
  const wanted = Math.min(k, distances.length);
  if (wanted === 0) return [];
  const counts = new Int32Array(maxDistance + 1);
  for (let id = 0; id < distances.length; id++) {
    const distance = distances[id] as number;
    counts[distance] = (counts[distance] as number) + 1;
  }
  let [last, reached] = [0, counts[0] as number];
  while (reached < wanted) reached += counts[++last] as number;
  const places = new Int32Array(last + 1);
  for (let distance = 1; distance <= last; distance++)
    places[distance] = (places[distance - 1] as number) + (counts[distance - 1] as number);
  const found: Neighbour[] = new Array(wanted);
  for (let id = 0; id < distances.length; id++) {
    const distance = distances[id] as number;
    if (distance > last) continue;
    const place = places[distance] as number;
    places[distance] = place + 1;
    if (place < wanted) found[place] = { id, distance };
  }
  return found;
}
