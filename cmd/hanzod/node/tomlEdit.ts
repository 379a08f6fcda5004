import { NodeError } from "./nodeError.ts";

/** A value of a TOML key; a list holds strings. */
export type TomlValue = string | bigint | boolean | readonly string[];

/**
 * Sets keys of a TOML text in place: comments, order and every other line stay as they are.
 * Made for CometBFT's config.toml, where each key stands once on a line of its own.
 *
 * @param text the file.
 * @param values by `key` (above the first section) or `section.key`.
 * @throws NodeError HZN-CONFIG when a key is not in the file: a mistyped key would otherwise be ignored in silence.
 */
export function editToml(text: string, values: ReadonlyMap<string, TomlValue>): string {
  const missing = new Set(values.keys());
  let section = "";
  const lines = text.split("\n").map((line) => {
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) section = `${header}.`;
    const key = /^\s*([A-Za-z0-9_-]+)\s*=/.exec(line)?.[1];
    const value = key === undefined ? undefined : values.get(section + key);
    if (key === undefined || value === undefined) return line;
    missing.delete(section + key);
    return `${key} = ${formatToml(value)}`;
  });
  if (missing.size > 0) {
    throw new NodeError(
      "HZN-CONFIG",
      `config.toml has no key ${[...missing].join(", ")}`,
      "compare the file with one of a new home of the same CometBFT version",
    );
  }
  return lines.join("\n");
}

/** Reads a string, number or truth value of one key; undefined when the key is absent. */
export function findTomlValue(text: string, path: string): string | undefined {
  let section = "";
  for (const line of text.split("\n")) {
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) section = `${header}.`;
    const pair = /^\s*([A-Za-z0-9_-]+)\s*=\s*("((?:[^"\\]|\\.)*)"|[^#]*)/.exec(line);
    if (pair === null || section + (pair[1] ?? "") !== path) continue;
    return pair[3] === undefined ? (pair[2] ?? "").trim() : pair[3].replace(/\\(["\\])/g, "$1");
  }
  return undefined;
}

function formatToml(value: TomlValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  return `[${value.map(quote).join(", ")}]`;
}

/** A basic TOML string; JSON's escapes are a subset of TOML's. */
function quote(text: string): string {
  return JSON.stringify(text);
}
