#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=64
// Runs the program: out of a bundle, which loads in less than half the time, where it was made of this very build; else module by module.
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";

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

await import(isFresh() ? new URL("run.js", BUNDLE).href : "./run.js");
