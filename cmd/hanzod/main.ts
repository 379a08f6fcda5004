#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=64
// Runs the program: out of a bundle, which loads in a fraction of the time, where it was made of this very build; else module by module.
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { findCompiled, loadBundle, type Program } from "./bundle.ts";

const BUNDLE = new URL("../../bundle/", import.meta.url);
/** What tsc has compiled, with a hash of every source. */
const BUILD = new URL("../../.tsbuildinfo", import.meta.url);

/** Whether the bundle was made of what is compiled. */
function isFresh(): boolean {
  try {
    return readFileSync(new URL("built", BUNDLE), "utf8") === hash("sha256", readFileSync(BUILD));
  } catch {
    // One of them is not there.
    return false;
  }
}

async function load(): Promise<Program> {
  if (!isFresh()) return import("./run.ts");
  const compiled = findCompiled(BUNDLE);
  return compiled === undefined ? import(new URL("run.js", BUNDLE).href) : loadBundle(BUNDLE, compiled).program;
}

await (await load()).run();
