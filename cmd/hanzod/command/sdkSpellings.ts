/**
 * Words of a command line with the Cosmos SDK's `--output json|text` (`-o`) as this program spells it: `--json`, or nothing. Scripts for other
 * chains give it everywhere.
 * @returns the words; what is no such pair stays, and so does everything behind `--`
 */
export function translateSdkSpellings(words: readonly string[]): readonly string[] {
  const translated: string[] = [];
  const end = words.indexOf("--");
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const isOption = end < 0 || index < end;
    const [, joined] = /^--output=(json|text)$/.exec(word) ?? [];
    const next = /^(json|text)$/.exec(words[index + 1] ?? "")?.[0];
    const format = joined ?? (word === "--output" || word === "-o" ? next : undefined);
    if (!isOption || format === undefined) {
      translated.push(word);
      continue;
    }
    if (joined === undefined) index++;
    if (format === "json" && !translated.includes("--json")) translated.push("--json");
  }
  return translated;
}
