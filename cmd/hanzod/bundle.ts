// The program as one file with what V8 compiled of it: half of a start was reading and compiling code. Compiled code is of one V8, its flags and one
// kind of processor, so each has a file of its own; whoever finds none runs the same program out of several files, which compile as they are needed.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";

/** SHA-256 before the code, of the code and the name of its source. */
const SEAL_BYTES = 32;
/** Of the name that the build writes behind a bundle: its hash, hexadecimal. */
const NAME_CHARACTERS = 64;

/** What a bundle exports. */
export interface Program {
  /** Runs the command line. */
  run(): Promise<void>;
}

/** File in which the code lies that this V8 can take. */
export function compiledName(): string {
  return `run-${cachedDataVersionTag().toString(16)}.cache`;
}

/** A bundle in one file. */
export interface Bundle {
  /** ASCII; its last characters name its content. */
  readonly source: string;
  /** What V8 compiled of it. */
  readonly code?: Buffer | undefined;
}

/** The source of the bundle in a folder. @throws Error when there is none */
export function readBundle(folder: URL): string {
  return readFileSync(fileOf(folder), "latin1");
}

/** The bundle in a folder with the code that this V8 can take; undefined when nobody compiled for it, or what is there is not whole or of another bundle. */
export function findCompiled(folder: URL): Bundle | undefined {
  try {
    const file = readFileSync(new URL(compiledName(), folder));
    const [seal, code] = [file.subarray(0, SEAL_BYTES), file.subarray(SEAL_BYTES)];
    const source = readBundle(folder);
    return sealOf(source, code).equals(seal) ? { source, code } : undefined;
  } catch {
    return undefined;
  }
}

/** Content of the file with compiled code. */
export function sealCompiled(source: string, code: Uint8Array): Buffer {
  return Buffer.concat([sealOf(source, code), code]);
}

/** V8 compares lengths alone: damaged code ends the process, and code of another source runs. */
function sealOf(source: string, code: Uint8Array): Buffer {
  return createHash("sha256").update(source.slice(-NAME_CHARACTERS)).update(code).digest();
}

/** Evaluates a bundle of a folder. Code that V8 does not take it compiles itself. */
export function loadBundle(folder: URL, { source, code }: Bundle): { readonly program: Program; readonly script: Script } {
  const file = fileOf(folder);
  const filename = fileURLToPath(file);
  const script = new Script(source, {
    filename,
    ...(code === undefined ? {} : { cachedData: code }),
  });
  const module: { exports: unknown } = { exports: {} };
  // As Node calls a CommonJS file, and with what loads modules: `import()` in compiled code finds nobody who does.
  const evaluate = script.runInThisContext() as (...names: readonly unknown[]) => void;
  evaluate(module.exports, createRequire(file), module, filename, fileURLToPath(folder), (name: string) => import(name));
  return { program: module.exports as Program, script };
}

const fileOf = (folder: URL): URL => new URL("run.cjs", folder);
