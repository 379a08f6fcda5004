import type { RecordedRow } from "../recording/recording.ts";

/** A row's maps and numbers by name. */
export type Numbers = Readonly<Record<string, unknown>>;

/**
 * A row with everything that rows before it say and it does not: maps hold only what changed, and `null` is gone.
 * @param before the whole row of the height before, empty for the first
 */
export function foldRow(before: Numbers, { height: _height, ...row }: RecordedRow): Numbers {
  const whole: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(row)) whole[name] = isMap(value) ? foldMap(whole[name], value) : value;
  return whole;
}

function foldMap(before: unknown, changes: Readonly<Record<string, unknown>>): Numbers {
  const all = { ...(isMap(before) ? before : {}), ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The first difference between recorded numbers and own ones, with its path: `validators.….tokens: expected …, got …`.
 * The order of fields does not count, that of lists does.
 */
export function unlikeNumbers(expected: unknown, got: unknown, path = ""): string | undefined {
  if (isMap(expected) && isMap(got)) return unlikeMaps(expected, got, path);
  if (Array.isArray(expected) && Array.isArray(got)) return unlikeMaps({ ...expected }, { ...got }, path);
  return expected === got ? undefined : `${path}: expected ${show(expected)}, got ${show(got)}`;
}

function unlikeMaps(expected: Numbers, got: Numbers, path: string): string | undefined {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const reason = unlikeNumbers(expected[name], got[name], path === "" ? name : `${path}.${name}`);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
