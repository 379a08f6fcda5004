import { type DocumentNode, type MemberNode, parse, type ValueNode } from "@humanwhocodes/momoa";

/** A value of a JSON text. */
export interface JsonPlace {
  /** `app_state.bank.balances[3].coins`; empty for the whole. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Values by which the complaint named elements of lists, where the path has their indices. */
  readonly names: readonly string[];
}

/** One step of a path: a key or an index, as it is written. */
type Step = string | number;

/** Finds the places that complaints about a JSON text name. */
export class JsonPlaces {
  readonly #document: DocumentNode;

  /** @param text valid JSON */
  constructor(text: string) {
    this.#document = parse(text, { mode: "json" });
  }

  /**
   * Splits a complaint into the place that its beginning names and the rest. Names may be given from the part that the complaint is about
   * (`app_state.bank: bank.supply: …`), and elements of a list by a value that they hold (`pools.gpu.denom: …`).
   * @returns the deepest place that is there; a name that is not there still stands in the path
   */
  locate(complaint: string): { readonly place: JsonPlace; readonly rest: string } {
    const root: Found = { node: this.#document.body, path: "", line: 1, names: [] };
    let found = root;
    let rest = complaint;
    for (;;) {
      const [prefix, name = ""] = /^([\w/-]+(?:\.[\w/-]+|\[\d+\])*): /.exec(rest) ?? [];
      if (prefix === undefined) return { place: found, rest };
      const next = follow(found, root, stepsOf(name));
      if (next === undefined) return { place: found, rest };
      found = next;
      rest = rest.slice(prefix.length);
    }
  }
}

/** Line and column of the first character that is no JSON. */
export function jsonErrorPlace(text: string): { readonly line: number; readonly column: number } {
  try {
    parse(text, { mode: "json" });
  } catch (error) {
    const { line, column } = error as { readonly line?: unknown; readonly column?: unknown };
    if (typeof line === "number" && typeof column === "number") return { line, column };
  }
  return { line: 1, column: 1 };
}

interface Found extends JsonPlace {
  readonly node: ValueNode | undefined;
}

/** The place some steps further; undefined when nothing there has the first of their names. */
function follow(from: Found, root: Found, steps: readonly Step[]): Found | undefined {
  const [first = ""] = steps;
  // A module names itself in front of its fields, names other modules, and leaves "params" out.
  const isOwn = first === from.path.split(".").at(-1);
  const params = walk(from, ["params", ...steps]);
  return (
    walk(from, isOwn ? steps.slice(1) : steps) ??
    walk(root, ["app_state", ...steps], 2) ??
    (params?.node === undefined ? undefined : params) ??
    // A field that is missing: the path names it, the line is that of what should have it.
    (from.node?.type === "Object" && steps.length === 1 && !isOwn ? missing(from, steps) : undefined)
  );
}

/** @param least steps that must be there; of the others the names alone stand in the path */
function walk(from: Found, steps: readonly Step[], least = 1): Found | undefined {
  let found = from;
  for (let index = 0; index < steps.length; ) {
    const step = steps[index] ?? "";
    const { node, path } = found;
    if (node?.type === "Array" && typeof step === "string") {
      const [element, used] = findElement(node, steps.slice(index));
      if (element === undefined) return index < least ? undefined : missing(found, steps.slice(index));
      const value = node.elements[element]?.value;
      const names = [...found.names, ...steps.slice(index, index + used).map(String)];
      found = { node: value, path: `${path}[${element}]`, line: value?.loc.start.line ?? found.line, names };
      index += used;
      continue;
    }
    const member = node?.type === "Object" ? node.members.find((candidate) => isNamed(candidate, step)) : undefined;
    const element = node?.type === "Array" && typeof step === "number" ? node.elements[step] : undefined;
    const value = member?.value ?? element?.value;
    if (value === undefined) return index < least ? undefined : missing(found, steps.slice(index));
    const name = member === undefined ? step : nameOf(member);
    found = { ...found, node: value, path: join(path, name), line: (member?.name ?? value).loc.start.line };
    index++;
  }
  return found;
}

function missing(found: Found, steps: readonly Step[]): Found {
  return { ...found, node: undefined, path: steps.reduce<string>(join, found.path) };
}

/** The element whose values are the next steps, and how many of them. */
function findElement(node: Extract<ValueNode, { type: "Array" }>, steps: readonly Step[]): readonly [number | undefined, number] {
  let [best, used]: [number | undefined, number] = [undefined, 0];
  for (const [index, { value }] of node.elements.entries()) {
    if (value.type !== "Object") continue;
    const values = new Set(value.members.map(({ value: inner }) => (inner.type === "String" ? inner.value : undefined)));
    let held = 0;
    while (held < steps.length && values.has(String(steps[held]))) held++;
    if (held > used) [best, used] = [index, held];
  }
  return [best, used];
}

/** A complaint may spell a field as the program does: `centreE18` is `centre_e18`. */
function isNamed(member: MemberNode, step: Step): boolean {
  const name = nameOf(member);
  return name === step || name.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()) === step;
}

function nameOf({ name }: MemberNode): string {
  return name.type === "String" ? name.value : name.name;
}

function join(path: string, step: Step): string {
  if (typeof step === "number") return `${path}[${step}]`;
  return path === "" ? step : `${path}.${step}`;
}

function stepsOf(name: string): readonly Step[] {
  return [...name.matchAll(/([\w/-]+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index));
}
