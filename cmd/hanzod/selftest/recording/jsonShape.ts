/** Names in their order and kinds of values; of a list, its first element. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value === "object" && value !== null) return Object.entries(value).map(([name, field]) => [name, shapeOf(field)]);
  return value === null ? "null" : typeof value;
}

/** Names in their order; what texts and lists hold does not count. */
export function namesOf(value: unknown): unknown {
  if (Array.isArray(value)) return "list";
  if (typeof value !== "object" || value === null) return "value";
  return Object.entries(value).map(([name, field]) => [name, namesOf(field)]);
}

/** A copy whose values at these paths, such as `gas_info.gas_used`, count no more. Paths that are not there are passed over. */
export function without(body: unknown, paths: readonly string[]): unknown {
  const copy: unknown = structuredClone(body);
  for (const path of paths) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const parent = names.reduce<unknown>((at, name) => fieldOf(at, name), copy);
    if (typeof parent === "object" && parent !== null && last in parent) (parent as Record<string, unknown>)[last] = "own";
  }
  return copy;
}

/** A field of a JSON object, undefined where there is none. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** An own answer cut as the recorded one was: a list shown as `(3 transactions)`, objects with some of their fields. */
export function cutLike(recorded: unknown, mine: unknown): unknown {
  const counted = typeof recorded === "string" ? /^\(\d+ (\w+)\)$/.exec(recorded) : null;
  if (counted !== null && Array.isArray(mine)) return `(${mine.length} ${counted[1]})`;
  if (Array.isArray(recorded) && Array.isArray(mine))
    return mine.map((one, index) => cutLike(recorded[Math.min(index, recorded.length - 1)], one));
  if (typeof recorded !== "object" || recorded === null || typeof mine !== "object" || mine === null) return mine;
  return Object.fromEntries(
    Object.entries(recorded)
      .filter(([name]) => name in mine)
      .map(([name, value]) => [name, cutLike(value, fieldOf(mine, name))]),
  );
}
