import { createRequire } from "node:module";

/** Replaces secrets. */
export interface Redactor {
  text(text: string): string;
  /** The same fields without secrets, big integers as decimals. */
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

const REDACTED = "[redacted]";
const SECRET_NAME = /mnemonic|passphrase|password|secret|priv(ate)?_?-?key|seed_?phrase|authorization|cookie/i;
/** The private key of a key file of CometBFT, as JSON. */
const KEY_FILE = /("priv_key"\s*:\s*\{[^}]*?"value"\s*:\s*")[^"]*(")/g;
const WORDS = /\b[a-z]{3,8}(?: [a-z]{3,8}){11,}\b/g;
const FEWEST_WORDS = 12;
const MAX_DEPTH = 8;

let phraseWords: ReadonlySet<string> | undefined;

/** @param secrets texts that are replaced wherever they appear; those shorter than four characters are left, since they are in every other word */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = secrets.filter((secret) => secret.length >= 4);
  const text = (input: string): string => {
    let result = input;
    for (const secret of known) result = result.replaceAll(secret, REDACTED);
    return result.replace(KEY_FILE, `$1${REDACTED}$2`).replace(WORDS, hidePhrases);
  };
  const value = (input: unknown, depth: number): unknown => {
    if (typeof input === "string") return text(input);
    if (typeof input === "bigint") return input.toString();
    if (input instanceof Uint8Array) return Buffer.from(input).toString("hex");
    if (input instanceof Error) return text(input.stack ?? input.message);
    if (typeof input !== "object" || input === null) return input;
    if (depth === MAX_DEPTH) return "…";
    if (Array.isArray(input)) return input.map((item) => value(item, depth + 1));
    return fields(input, depth + 1);
  };
  const fields = (input: object, depth: number): Record<string, unknown> =>
    Object.fromEntries(Object.entries(input).map(([name, item]) => [name, SECRET_NAME.test(name) ? REDACTED : value(item, depth)]));
  return { text, fields: (input) => fields(input, 0) };
}

/** The list comes with all of cryptography, which no node needs to start: it is loaded when a line has so many words in a row. */
function readPhraseWords(): ReadonlySet<string> {
  const { EnglishMnemonic } = createRequire(import.meta.url)("@cosmjs/crypto") as typeof import("@cosmjs/crypto");
  return new Set(EnglishMnemonic.wordlist);
}

/** Replaces runs of twelve and more words of the list that recovery phrases are made of. Ordinary sentences hardly have such runs. */
function hidePhrases(run: string): string {
  phraseWords ??= readPhraseWords();
  const kept: string[] = [];
  let phrase: string[] = [];
  const flush = (): void => {
    if (phrase.length >= FEWEST_WORDS) kept.push(REDACTED);
    else kept.push(...phrase);
    phrase = [];
  };
  for (const word of run.split(" ")) {
    if (phraseWords.has(word)) phrase.push(word);
    else {
      flush();
      kept.push(word);
    }
  }
  flush();
  return kept.join(" ");
}
