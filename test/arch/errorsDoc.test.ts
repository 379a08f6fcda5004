// docs/ERRORS.md and the program list the same codes.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { lightErrors } from "../../app/client/light/lightError.ts";
import { contentErrors } from "../../app/content/contentError.ts";
import { describedModules } from "../../app/hanzo.ts";
import * as mathErrors from "../../app/math/mathError.ts";
import { SDK_ERRORS } from "../../app/sdk/index.ts";
import { storeErrors } from "../../app/store/storeError.ts";
import { EXIT } from "../../cmd/hanzod/node/nodeError.ts";
import { headings, sectionTables } from "./markdown.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const document = readFileSync(join(root, "docs", "ERRORS.md"), "utf8");

/** All sources of a folder with their text. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
}

const code = [...sources("app"), ...sources("modules"), ...sources("cmd")];
const table = (heading: string, nth = 0): readonly (readonly string[])[] =>
  sectionTables(document, heading)[nth] ?? assert.fail(`a table under ${heading}`);
const firstThree = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] => rows.map((row) => row.slice(0, 3));
const expectedRows = (errors: Readonly<Record<string, readonly [number, string]>>): readonly (readonly string[])[] =>
  Object.entries(errors).map(([name, [number, text]]) => [String(number), name, text]);

/** Codespace and code of every error that is made from literals. */
const literals = code.flatMap((text) =>
  [
    ...text.matchAll(
      /new (?:ModuleError|EncodingError)\(\s*"(\w+)",\s*(\d+)|code: (\d+), codespace: "(\w+)"|codespace: "(\w+)", code: (\d+)/g,
    ),
  ].map(([, a, b, c, d, e, f]) => `${a ?? d ?? e}/${b ?? c ?? f}`),
);

describe("docs/ERRORS.md", () => {
  it("lists the shared codes", () => assert.deepEqual(firstThree(table("sdk")), expectedRows(SDK_ERRORS)));

  it("says of each shared code whether this program raises it", () => {
    for (const [number, name, , use] of table("sdk")) {
      const raised =
        code.some((text) => new RegExp(`\\bsdkError\\.${name}\\b`).test(text)) ||
        literals.includes(`sdk/${number}`) ||
        code.some((text) => new RegExp(`GRPC_STATUS[^\\n]*: \\[${number}, "`).test(text));
      assert.equal(use !== "–", raised, `${name}: ${raised ? "raised" : "not raised"} by the sources`);
    }
  });

  for (const { name, spec } of describedModules()) {
    const errors = spec.errors ?? {};
    const own = Object.keys(errors).length > 0;
    it(`${own ? "lists the codes" : "has no section"} of x/${name}`, () => {
      if (own) assert.deepEqual(firstThree(table(name)), expectedRows(errors));
      else assert.ok(!headings(document, 2).includes(name));
    });
  }

  it("lists the codes of arithmetic", () => {
    const constants = Object.entries(mathErrors).flatMap(([name, value]) => (typeof value === "number" ? [[String(value), name]] : []));
    assert.deepEqual(
      table("math").map((row) => row.slice(0, 2)),
      constants.sort(([a = ""], [b = ""]) => Number(a) - Number(b)),
    );
  });

  it("lists the codes of the store", () => assert.deepEqual(firstThree(table("store")), expectedRows(storeErrors)));

  it("lists the codes of the content store", () => assert.deepEqual(firstThree(table("content")), expectedRows(contentErrors)));

  it("lists the codes of the light client", () => assert.deepEqual(firstThree(table("light")), expectedRows(lightErrors)));

  it("lists every code that is made from literals", () => {
    const single = table("undefined and gov").map(([space, number]) => `${space}/${number}`);
    const listed = new Set([
      ...["sdk", "store", "bank", "hmm"].flatMap((space) => table(space).map(([number]) => `${space}/${number}`)),
      ...single,
      "sdk/1",
    ]);
    assert.deepEqual(
      literals.filter((error) => !listed.has(error)),
      [],
    );
    for (const error of single) assert.ok(literals.includes(error), `${error} is raised`);
  });

  it("lists the codes of the client", () => {
    const [text = ""] = sources("app/client").filter((file) => file.includes('codespace = "client"'));
    const constants = /CODES = \{([\s\S]*?)\}/.exec(text)?.[1]?.matchAll(/: (\d+)/g);
    const codes = constants === undefined ? [/code = (\d+)/.exec(text)?.[1]] : [...constants].map(([, number]) => number);
    assert.deepEqual(
      table("client").map(([number]) => number),
      codes,
    );
  });

  it("has a runbook entry for every code that an operator can see", () => {
    const used = new Set(code.flatMap((text) => [...text.matchAll(/"(HZN-[A-Z0-9-]+)"/g)].map(([, name]) => name ?? "")));
    assert.deepEqual(
      table("Runbook", 1).map(([name]) => name),
      [...used].sort(),
    );
  });

  it("lists the exit codes", () =>
    assert.deepEqual(
      table("Runbook").map(([number]) => Number(number)),
      Object.values(EXIT).sort((a, b) => a - b),
    ));
});
