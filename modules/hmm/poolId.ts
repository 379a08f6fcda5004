import { hmmError } from "./errors.ts";

/** Longest pool identifier. */
const MAX_POOL_ID = 32;

/**
 * Whether a text can identify a pool: 1 to 32 of a–z, 0–9 and "-", beginning with a letter.
 */
export function isPoolId(text: string): boolean {
  if (text.length === 0 || text.length > MAX_POOL_ID) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const letter = code >= 97 && code <= 122;
    const other = (code >= 48 && code <= 57) || code === 45;
    if (!letter && (i === 0 || !other)) return false;
  }
  return true;
}

/** @throws hmm/3 unless a text can identify a pool */
export function requirePoolId(text: string): void {
  if (isPoolId(text)) return;
  const shown = text.length > MAX_POOL_ID ? `${text.length} characters` : JSON.stringify(text);
  throw hmmError.unknownPool(`pool_id: expected 1 to ${MAX_POOL_ID} of a-z, 0-9 and "-", got ${shown}`);
}
