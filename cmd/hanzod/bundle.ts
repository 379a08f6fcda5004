// The program as one file with what V8 compiled of it: half of a start was reading and compiling code. Compiled code is of one V8, its flags and one
// kind of processor, so each has a file of its own; whoever finds none runs the same program out of several files, which compile as they are needed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { cachedDataVersionTag } from "node:v8";
import { constants, Script } from "node:vm";

/** What a bundle exports. */
export interface Program {
  /** Runs the command line. */
  run(): Promise<void>;
}

/** File in which the code lies that this V8 can take. */
export function compiledName(): string {
  return `run-${cachedDataVersionTag().toString(16)}.cache`;
}

/** What this V8 can take of the bundle in a folder; undefined when nobody compiled for it. */
export function findCompiled(folder: URL): Buffer | undefined {
  try {
    return readFileSync(new URL(compiledName(), folder));
  } catch {
    return undefined;
  }
}

/**
 * Evaluates the bundle of a folder. V8 looks at code that it is given: what it cannot take it compiles itself.
 * @param compiled of this very bundle
 */
export function loadCompiled(folder: URL, compiled?: Buffer): { readonly program: Program; readonly script: Script } {
  const file = new URL("run.cjs", folder);
  const filename = fileURLToPath(file);
  const script = new Script(readFileSync(file, "latin1"), {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(compiled === undefined ? {} : { cachedData: compiled }),
  });
  const module: { exports: unknown } = { exports: {} };
  // As Node calls a CommonJS file.
  const evaluate = script.runInThisContext() as (...names: readonly unknown[]) => void;
  evaluate(module.exports, createRequire(file), module, filename, fileURLToPath(folder));
  return { program: module.exports as Program, script };
}
