import { parse, TomlError } from "smol-toml";
import { reasonOf } from "../../shared/cliError.ts";

/** Something wrong with a setting: where it stands, what it says, and what was expected. */
export interface SettingProblem {
  /** `path:line`, the name of a variable, or a flag. */
  readonly where: string;
  readonly what: string;
  readonly why: string;
}

/** One key of a file with its line, counted from 1. */
export interface TomlEntry {
  /** `key` above the first section, else `section.key`. */
  readonly key: string;
  readonly line: number;
  readonly value: unknown;
}

/**
 * Reads a TOML file into its keys. Whole numbers are bigint, so that 1 and 1.0 can be told apart.
 * @returns the keys, or the one problem that keeps the file from being read
 */
export function readToml(path: string, text: string): readonly TomlEntry[] | SettingProblem {
  let table: Record<string, unknown>;
  try {
    table = parse(text, { integersAsBigInt: true });
  } catch (cause) {
    const where = cause instanceof TomlError ? `${path}:${cause.line}` : path;
    return { where, what: "the line cannot be read", why: reasonOf(cause).split("\n")[0] ?? "" };
  }
  const lines = keyLines(text);
  return flatten(table, "").map(([key, value]) => ({ key, value, line: lines.get(key) ?? sectionLine(lines, key) }));
}

/** Line of every key and, with a dot behind it, of every section. The text is valid TOML, so the shape of a line decides. */
export function keyLines(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let section = "";
  for (const [index, line] of text.split("\n").entries()) {
    const header = /^\s*\[([^\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) {
      section = `${bare(header)}.`;
      found.set(section, index + 1);
      continue;
    }
    const key = /^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(line)?.[1];
    if (key !== undefined) found.set(section + bare(key), index + 1);
  }
  return found;
}

/** A dotted name without blanks and quotes. */
function bare(name: string): string {
  return name
    .split(".")
    .map((part) => part.trim().replaceAll(/^["']|["']$/g, ""))
    .join(".");
}

function sectionLine(lines: ReadonlyMap<string, number>, key: string): number {
  return lines.get(`${key.slice(0, key.lastIndexOf("."))}.`) ?? lines.get(`${key}.`) ?? 1;
}

function flatten(table: Readonly<Record<string, unknown>>, prefix: string): [string, unknown][] {
  return Object.entries(table).flatMap(([name, value]): [string, unknown][] =>
    isTable(value) && Object.keys(value).length > 0 ? flatten(value, `${prefix}${name}.`) : [[prefix + name, value]],
  );
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
