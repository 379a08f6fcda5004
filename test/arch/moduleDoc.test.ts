// A module's README.md is its specification: its tables say what the code declares, no more and no less.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { descriptors } from "../../app/descriptorImage.ts";
import { describedModules, hanzoModules } from "../../app/hanzo.ts";
import { type BoundModule, SDK_ERRORS } from "../../app/sdk/index.ts";
import { findSection, headings, sectionTables } from "./markdown.ts";

const SECTIONS = ["State", "Messages", "Queries", "Params", "Events", "Errors", "Invariants"];
const root = new URL("../../../", import.meta.url);

function readmeOf(name: string): string {
  const file = new URL(`modules/${name}/README.md`, root);
  assert.ok(existsSync(file), `modules/${name}/README.md expected`);
  return readFileSync(file, "utf8");
}

/** Rows of the first table under a heading; none when there is no table. */
function rows(readme: string, heading: string): readonly (readonly string[])[] {
  assert.ok(headings(readme, 2).includes(heading), `section ${heading} expected`);
  return sectionTables(readme, heading)[0] ?? [];
}

/** Events that the sources of a module emit, with the sorted attributes of each form of those that are not messages. */
function emittedEvents(name: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (type: string, ...forms: readonly string[]): void => {
    found.set(type, new Set([...(found.get(type) ?? []), ...forms]));
  };
  for (const file of readdirSync(new URL(`modules/${name}/`, root), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const source = readFileSync(new URL(`modules/${name}/${file}`, root), "utf8");
    for (const [, type] of source.matchAll(/ctx\.emit\((\w+)/g)) add(type ?? "");
    for (const [, type, list = ""] of source.matchAll(/ctx\.event\(\s*"(\w+)",\s*\[([\s\S]*?)\]\s*\)/g))
      add(
        type ?? "",
        [...list.matchAll(/\["(\w+)",/g)]
          .map(([, attribute]) => attribute ?? "")
          .sort()
          .join(", "),
      );
  }
  return found;
}

/** Errors that a cell of the column "refuses with" names: `2–4`, `7`, `sdk/5`. */
function refusals(cell: string, module: string): readonly string[] {
  return cell.split(",").flatMap((part) => {
    const text = part.trim();
    if (text.includes("/")) return [text];
    if (!/\d/.test(text)) return [];
    const [from = "", to = from] = text.split("–");
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `${module}/${Number(from) + i}`);
  });
}

/** Prefix and name of every collection and index, in the order of the prefixes. */
function collections({ spec }: BoundModule): string[] {
  const found: (readonly [number, string])[] = spec.params === undefined ? [] : [[spec.params.prefix ?? 0, "params"]];
  for (const [name, def] of Object.entries(spec.state)) {
    found.push([def.prefix, name]);
    if (def.kind === "map")
      for (const [index, row] of Object.entries(def.index)) found.push([(row as readonly [number])[0], `${name}.${index}`]);
  }
  return found.sort(([a], [b]) => a - b).map(([prefix, name]) => `${prefix} ${name}`);
}

function methodsOf(service: string): readonly { readonly name: string; readonly path: string }[] {
  return descriptors()
    .getService(service)
    .methods.map(({ name, http }) => ({ name, path: http[0]?.path ?? "" }));
}

for (const module of describedModules()) {
  const { name, spec } = module;
  describe(`the specification of x/${name}`, () => {
    const readme = readmeOf(name);
    it("has its sections in order", () => {
      assert.deepEqual(
        headings(readme, 2).filter((heading) => SECTIONS.includes(heading)),
        SECTIONS,
      );
    });
    it("lists the collections with their prefixes", () =>
      assert.deepEqual(
        rows(readme, "State").map(([prefix, collection]) => `${prefix} ${collection}`),
        collections(module),
      ));
    it("lists the messages", () => {
      const expected = spec.msgs === undefined ? [] : methodsOf(spec.msgs[0].fullName).map((method) => `Msg${method.name}`);
      assert.deepEqual(
        rows(readme, "Messages").map(([message]) => message),
        expected,
      );
    });
    it("lists the queries with their routes", () => {
      const expected = spec.queries === undefined ? [] : methodsOf(spec.queries[0].fullName);
      assert.deepEqual(
        rows(readme, "Queries").map(([query, path]) => `${query} ${path?.split("?")[0]}`),
        expected.map((method) => `${method.name} ${method.path}`),
      );
    });
    it("names the services of older versions", () => {
      for (const service of [spec.legacy?.msgs, spec.legacy?.queries])
        if (service !== undefined) assert.ok(readme.includes(`\`${service[0].fullName}\``), `${service[0].fullName} expected`);
    });
    it("lists the parameters", () => {
      const expected =
        spec.params === undefined
          ? []
          : descriptors()
              .getMessage(spec.params.type.$type)
              .fields.map((field) => field.name);
      if (spec.params !== undefined)
        assert.deepEqual(
          rows(readme, "Params").map(([parameter]) => parameter),
          expected,
        );
    });
    it("refuses messages only with errors that exist", () => {
      const ofModules = hanzoModules.flatMap((other) => Object.values(other.spec.errors ?? {}).map(([code]) => `${other.name}/${code}`));
      const shared = Object.values(SDK_ERRORS).map(([code]) => `sdk/${code}`);
      const known = new Set([...ofModules, ...shared, "gov/13", "undefined/1"]);
      for (const [message, , cell = ""] of rows(readme, "Messages"))
        for (const error of refusals(cell, name)) assert.ok(known.has(error), `${message}: ${error}`);
    });
    it("lists the events with their attributes", () => {
      const emitted = emittedEvents(name);
      const types = descriptors().messageNames.filter((type) => type.startsWith(`hanzo.${name}.`) && /\.Event\w+$/.test(type));
      for (const type of types) assert.ok(emitted.has(type.split(".").at(-1) ?? ""), `${type} is emitted`);
      const section = findSection(readme, "Events") ?? "";
      const table = rows(readme, "Events");
      const named = table.length > 0 ? table.map(([event]) => event) : [...section.matchAll(/`(Event\w+)`/g)].map(([, event]) => event);
      assert.deepEqual([...new Set(named)].sort(), [...emitted.keys()].sort());
      if (table.length === 0) return;
      for (const [event, forms] of emitted) {
        const listed = table.filter(([type]) => type === event).map(([, attributes = ""]) => attributes.split(", ").sort().join(", "));
        assert.deepEqual(listed.sort(), [...forms].sort(), `attributes of ${event}`);
      }
    });
    it("lists the errors", () => {
      const expected = Object.entries(spec.errors ?? {}).map(([error, [code, message]]) => [String(code), error, message]);
      assert.deepEqual(rows(readme, "Errors"), expected);
    });
    it("lists the invariants", () =>
      assert.deepEqual(
        rows(readme, "Invariants").map(([invariant]) => invariant),
        Object.keys(module.invariants),
      ));
  });
}
