// A module's README.md is its specification: its tables say what the code declares, no more and no less.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { CHAIN, descriptors, hanzoModules } from "../../app/hanzo.ts";
import { type BoundModule, bindModules } from "../../app/sdk/index.ts";

const SECTIONS = ["State", "Messages", "Queries", "Params", "Events", "Errors", "Invariants"];
const root = new URL("../../../", import.meta.url);

function readmeOf(name: string): string {
  const file = new URL(`modules/${name}/README.md`, root);
  assert.ok(existsSync(file), `modules/${name}/README.md expected`);
  return readFileSync(file, "utf8");
}

/** Cells of the first table under a heading; none when there is no table. */
function rows(readme: string, heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? assert.fail(`section ${heading} expected`);
  const lines = section.split("\n");
  const first = lines.findIndex((line) => line.startsWith("|"));
  if (first < 0) return [];
  const after = lines.findIndex((line, i) => i > first && !line.startsWith("|"));
  const table = lines.slice(first, after < 0 ? undefined : after).slice(2);
  return table.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
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

for (const module of bindModules({ modules: hanzoModules, chain: CHAIN })) {
  const { name, spec } = module;
  describe(`the specification of x/${name}`, () => {
    const readme = readmeOf(name);
    it("has its sections in order", () => {
      const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      assert.deepEqual(
        headings.filter((heading) => SECTIONS.includes(heading ?? "")),
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
