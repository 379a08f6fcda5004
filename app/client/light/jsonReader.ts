import { LightError } from "./lightError.ts";

const MAX_INT64 = (1n << 63n) - 1n;

/** Reads JSON from a node field by field; what is missing or has another form is `malformed` and named by its path. */
export class JsonReader {
  readonly #path: string;
  readonly #value: unknown;

  private constructor(path: string, value: unknown) {
    this.#path = path;
    this.#value = value;
  }

  /** @throws LightError malformed */
  static parse(name: string, text: string): JsonReader {
    try {
      return new JsonReader(name, JSON.parse(text));
    } catch (cause) {
      throw new LightError("malformed", `${name}: JSON expected, got ${JSON.stringify(text.slice(0, 64))}`, { cause });
    }
  }

  /** A field, undefined when it is missing or null. */
  find(name: string): JsonReader | undefined {
    if (typeof this.#value !== "object" || this.#value === null || Array.isArray(this.#value)) throw this.#unlike("an object");
    const field: unknown = Object.hasOwn(this.#value, name) ? Reflect.get(this.#value, name) : undefined;
    return field === undefined || field === null ? undefined : new JsonReader(`${this.#path}.${name}`, field);
  }

  object(name: string): JsonReader {
    const field = this.#get(name);
    if (typeof field.#value !== "object" || Array.isArray(field.#value)) throw field.#unlike("an object");
    return field;
  }

  /** The list's elements. None when the field is missing or null. */
  list(name: string): readonly JsonReader[] {
    const field = this.find(name);
    if (field === undefined) return [];
    if (!Array.isArray(field.#value)) throw field.#unlike("a list");
    return field.#value.map((element: unknown, index) => new JsonReader(`${field.#path}[${index}]`, element));
  }

  text(name: string): string {
    const field = this.#get(name);
    if (typeof field.#value !== "string") throw field.#unlike("text");
    return field.#value;
  }

  textOr(name: string, fallback: string): string {
    return this.find(name) === undefined ? fallback : this.text(name);
  }

  /** A JSON number without fraction, at least 0. */
  integer(name: string): number {
    const field = this.#get(name);
    if (typeof field.#value !== "number" || !Number.isSafeInteger(field.#value) || field.#value < 0) throw field.#unlike("a whole number");
    return field.#value;
  }

  /** Decimal text of a 64-bit number, at least 0. */
  int64(name: string): bigint {
    const field = this.#get(name);
    const value = typeof field.#value === "string" && /^(0|[1-9]\d{0,18})$/.test(field.#value) ? BigInt(field.#value) : undefined;
    if (value === undefined || value > MAX_INT64) throw field.#unlike("a decimal number of 64 bits");
    return value;
  }

  /** Text that `parse` turns into something; whatever it throws is `malformed`. */
  as<T>(name: string, parse: (text: string) => T): T {
    try {
      return parse(this.text(name));
    } catch (cause) {
      if (cause instanceof LightError) throw cause;
      throw new LightError("malformed", `${this.#path}.${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  bytes(name: string, parse: (text: string) => Uint8Array): Uint8Array {
    return this.as(name, parse);
  }

  /** Bytes, none when the field is missing. */
  bytesOr(name: string, parse: (text: string) => Uint8Array): Uint8Array {
    return this.find(name) === undefined ? new Uint8Array(0) : this.as(name, parse);
  }

  #get(name: string): JsonReader {
    const field = this.find(name);
    if (field === undefined) throw new LightError("malformed", `${this.#path}.${name} expected, got nothing`);
    return field;
  }

  #unlike(expected: string): LightError {
    return new LightError("malformed", `${this.#path}: ${expected} expected, got ${String(JSON.stringify(this.#value)).slice(0, 64)}`);
  }
}
