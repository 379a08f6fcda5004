import { closest, distance } from "fastest-levenshtein";

/** The name that somebody who wrote `word` most likely meant: at most a third of its letters differ. Undefined when none is near. */
export function findClosestName(word: string, names: readonly string[]): string | undefined {
  const [first] = names;
  if (first === undefined) return undefined;
  const name = closest(word.toLowerCase(), names);
  return distance(word.toLowerCase(), name.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3)) ? name : undefined;
}
