// Reads the fields of an IAVL vector file and counts what was checked. Every surprise in the file is an error that names its place.
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";

/** An object of the file. */
export type Fields = Readonly<Record<string, unknown>>;

/** Counts checks; a check that throws has failed. */
export class Report {
  passed = 0;
  failed = 0;
  readonly waiting: string[] = [];
  readonly failures: string[] = [];

  /** Runs one check: `run` returns undefined when all is as recorded, else what differs. */
  check(name: string, run: () => string | undefined): void {
    const difference = differenceOf(run);
    if (difference === undefined) {
      this.passed++;
      return;
    }
    this.failed++;
    this.failures.push(`${name}: ${difference}`);
  }
}

function differenceOf(run: () => string | undefined): string | undefined {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** What differs between the recorded and the computed text, undefined when nothing does. */
export function difference(what: string, expected: string | number, actual: string | number): string | undefined {
  return expected === actual ? undefined : `${what} is ${abridged(actual)}, recorded is ${abridged(expected)}`;
}

/** What differs between recorded hexadecimal text and computed bytes, undefined when nothing does. */
export function differentBytes(what: string, expected: string, actual: Uint8Array): string | undefined {
  return difference(what, expected, toHex(actual));
}

function abridged(value: string | number): string {
  const text = String(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}… (${text.length} characters)`;
}

/** The value as an object; `what` names it in the error. @throws Error for anything else */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what}: expected an object`);
  return value as Fields;
}

/** The value as a list; `what` names it in the error. @throws Error for anything else */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what}: expected a list`);
  return value;
}

/** The list under `name`, empty when the field is missing. */
export function optionalList(fields: Fields, name: string): readonly unknown[] {
  return fields[name] === undefined ? [] : listOf(fields[name], name);
}

/** The value as text; `what` names it in the error. @throws Error for anything else */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what}: expected text`);
  return value;
}

/** The text under `name`. @throws Error when there is none */
export function textIn(fields: Fields, name: string): string {
  return textOf(fields[name], name);
}

/** The value as an integer below 2^53; `what` names it in the error. @throws Error for anything else */
export function numberOf(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Error(`${what}: expected an integer below 2^53`);
  return value;
}

/** The integer under `name`. @throws Error when there is none */
export function numberIn(fields: Fields, name: string): number {
  return numberOf(fields[name], name);
}

/** The bytes under `name`, hexadecimal in the file. @throws Error when there are none */
export function bytesIn(fields: Fields, name: string): Uint8Array {
  return fromHex(textIn(fields, name));
}

/** The bytes under `name`, undefined when the field is missing or null. */
export function findBytes(fields: Fields, name: string): Uint8Array | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : fromHex(textOf(value, name));
}
