/** A JSON document before it is written. */
export type JsonTree = null | boolean | number | string | readonly JsonTree[] | { readonly [name: string]: JsonTree };

const SHORT = new Map([
  ["&", "\\u0026"],
  ["<", "\\u003c"],
  [">", "\\u003e"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
]);

/**
 * Compact JSON with names in byte order and `&`, `<`, `>` escaped: what Go's encoding/json makes of a sorted document, hence what amino
 * signatures are over.
 * @param lineSeparators whether U+2028 and U+2029 are escaped too (Go does, cosmjs does not)
 */
export function formatSortedJson(tree: JsonTree, lineSeparators: boolean): string {
  return format(tree, lineSeparators, (names) => names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Compact JSON as Go's encoding/json writes it, with names in the order that they have. */
export function formatJson(tree: JsonTree): string {
  return format(tree, true, (names) => names);
}

function format(tree: JsonTree, lineSeparators: boolean, order: (names: string[]) => readonly string[]): string {
  const special = lineSeparators ? /[&<>\u2028\u2029]/g : /[&<>]/g;
  const quote = (text: string): string => JSON.stringify(text).replace(special, (character) => SHORT.get(character) ?? character);
  const write = (value: JsonTree): string => {
    if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
    if (typeof value === "string") return quote(value);
    if (isList(value)) return `[${value.map(write).join(",")}]`;
    return `{${order(Object.keys(value))
      .map((name) => `${quote(name)}:${write(value[name] ?? null)}`)
      .join(",")}}`;
  };
  return write(tree);
}

function isList(value: JsonTree): value is readonly JsonTree[] {
  return Array.isArray(value);
}
