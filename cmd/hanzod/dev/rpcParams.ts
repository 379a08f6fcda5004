/** Parameters of a JSON-RPC call, from a JSON body or from a URL. Every reader throws an Error that names the parameter. */
export interface RpcParams {
  /** Text; empty when absent. */
  text(name: string): string;
  /** Bytes in base64, or `0x…` in a URL. */
  bytes(name: string): Uint8Array;
  /** Bytes in hexadecimal, with or without `0x`; empty when absent. */
  hex(name: string): Uint8Array;
  /** Parameter `height`; undefined when absent or 0. */
  height(): bigint | undefined;
  flag(name: string): boolean;
  /** A whole number, which may be negative; undefined when absent. */
  integer(name: string): number | undefined;
}

/** Reads parameters. Texts in a URL stand in double quotes, which are taken off. */
export function createRpcParams(given: Readonly<Record<string, unknown>>): RpcParams {
  const read = (name: string): string => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) return "";
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
      throw new Error(`parameter ${name}: a text or a number expected`);
    return String(value).replace(/^"(.*)"$/s, "$1");
  };
  const hex = (name: string, text: string): Uint8Array => {
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new Error(`parameter ${name}: hexadecimal digits expected`);
    return new Uint8Array(Buffer.from(text, "hex"));
  };
  const whole = (name: string, text: string): bigint => {
    if (!/^\d{1,18}$/.test(text)) throw new Error(`parameter ${name}: a whole number expected, got ${JSON.stringify(text.slice(0, 40))}`);
    return BigInt(text);
  };
  return {
    text: read,
    bytes(name) {
      const text = read(name);
      if (text.startsWith("0x")) return hex(name, text.slice(2));
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Error(`parameter ${name}: base64 expected`);
      return new Uint8Array(Buffer.from(text, "base64"));
    },
    hex: (name) => hex(name, read(name).replace(/^0x/, "")),
    height() {
      const text = read("height");
      const height = text === "" ? 0n : whole("height", text);
      return height === 0n ? undefined : height;
    },
    flag: (name) => read(name) === "true",
    integer(name) {
      const text = read(name);
      return text.startsWith("-") ? -Number(whole(name, text.slice(1))) : text === "" ? undefined : Number(whole(name, text));
    },
  };
}
