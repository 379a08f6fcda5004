// Documents name files, headings and commands that exist.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { headings } from "./markdown.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const SOURCE_FOLDERS = ["app", "modules", "docs", "cmd", "test", "proto", "tools", "gpu-kernels"];

/** Every document of the checkout. */
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  ),
];

const read = (path: string): string => readFileSync(join(root, path), "utf8");
/** Text without code blocks, in which brackets mean other things. */
const prose = (path: string): string => read(path).replaceAll(/^```[\s\S]*?^```$/gm, "");

/** The name that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchors = (path: string): Set<string> => new Set([1, 2, 3, 4].flatMap((level) => headings(read(path), level).map(anchorOf)));
const makeTargets = new Set([...read("Makefile").matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, target]) => target ?? ""));

describe("the documents", () => {
  for (const document of documents) {
    it(`${document} links to files and headings that exist`, () => {
      for (const [, link = ""] of prose(document).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? document : relative(root, resolve(root, dirname(document), path));
        assert.ok(existsSync(join(root, target)), `${link}: no such file`);
        if (anchor !== undefined) assert.ok(anchors(target).has(anchor), `${link}: no such heading in ${target}`);
      }
    });

    it(`${document} names files and make targets that exist`, () => {
      const text = prose(document);
      for (const [, path = ""] of text.matchAll(/`((?:app|cmd|docs|gpu-kernels|modules|proto|scripts|test|tools)\/[\w./-]+)`/g))
        assert.ok(existsSync(join(root, path)), `${path}: no such file`);
      for (const [, target = ""] of text.matchAll(/`make ([a-z-]+)`/g))
        assert.ok(makeTargets.has(target), `make ${target}: no such target`);
    });
  }
});
