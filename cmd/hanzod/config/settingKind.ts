import { parseGasPrices } from "../../../app/runtime/feeCoins.ts";
import { LEVELS_EXPECTED, parseLogLevels } from "../log/levels.ts";

/** What values a setting takes, and how they are written in a file, a variable or a flag. */
export interface SettingKind<T> {
  /** For messages and documents: "a whole number of at least 1". */
  readonly expected: string;
  /** A value of the parsed file; whole numbers come as bigint. Undefined when it is not of this kind. */
  fromToml(value: unknown): T | undefined;
  /** The text of a flag or variable. Undefined when it is not of this kind. */
  fromText(text: string): T | undefined;
  /** As it stands behind the `=` of the file. */
  toToml(value: T): string;
}

/** Where a server listens. */
export interface Listener {
  readonly host: string;
  /** 1…65535. */
  readonly port: number;
}

/** true or false. */
export const flag: SettingKind<boolean> = {
  expected: "true or false",
  fromToml: (value) => (typeof value === "boolean" ? value : undefined),
  fromText: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  toToml: String,
};

/** A whole number in a range. @param least inclusive @param most inclusive, at most 2^53 − 1, the default */
export function count(least: number, most: number = Number.MAX_SAFE_INTEGER): SettingKind<number> {
  const check = (value: number): number | undefined => (Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined);
  return {
    expected: most === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`,
    fromToml: (value) => (typeof value === "bigint" ? check(Number(value)) : undefined),
    fromText: (text) => (/^\d{1,16}$/.test(text) ? check(Number(text)) : undefined),
    toToml: String,
  };
}

const HEIGHT = count(1);

/** The same as a text, as the Cosmos SDK's app.toml has some numbers; without the quotes it is taken, too. */
export function countText(least: number, most: number): SettingKind<number> {
  const number = count(least, most);
  return {
    ...number,
    fromToml: (value) => (typeof value === "string" ? number.fromText(value) : number.fromToml(value)),
    toToml: (value) => JSON.stringify(String(value)),
  };
}

/** One of a few words. */
export function choice<const W extends string>(words: readonly W[]): SettingKind<W> {
  return checkedText(`one of ${words.join(", ")}`, (text) => words.find((word) => word === text));
}

/** Some of a few words, each once, in an order that means something; in a flag or variable separated by commas. */
export function choices<const W extends string>(words: readonly W[]): SettingKind<readonly W[]> {
  const check = (values: readonly unknown[]): readonly W[] | undefined => {
    const known = values.map((value) => words.find((word) => word === value));
    return known.every((word) => word !== undefined) && new Set(known).size === known.length ? known : undefined;
  };
  return {
    expected: `a list of ${words.join(", ")}, each at most once`,
    fromToml: (value) => (Array.isArray(value) ? check(value) : undefined),
    fromText: (text) => check(text === "" ? [] : text.split(",").map((word) => word.trim())),
    toToml: (values) => `[${values.map((word) => JSON.stringify(word)).join(", ")}]`,
  };
}

/** `tcp://host:port`; an IPv6 host stands in brackets, none means all addresses. */
export const listener: SettingKind<Listener> = {
  ...checkedText("tcp://host:port with a port from 1 to 65535", parseListener),
  toToml: (value) => JSON.stringify(formatListener(value)),
};

/** `tcp://host:port`, or nothing. */
export const optionalListener: SettingKind<Listener | "none"> = {
  ...checkedText('tcp://host:port with a port from 1 to 65535, or ""', (text) => (text === "" ? "none" : parseListener(text))),
  toToml: (value) => JSON.stringify(value === "none" ? "" : formatListener(value)),
};

/** `host:port`, as gRPC names addresses; an IPv6 host stands in brackets, none means all addresses. */
export const hostPort: SettingKind<Listener> = {
  ...checkedText("host:port with a port from 1 to 65535", parseHostPort),
  toToml: (value) => JSON.stringify(formatHostPort(value)),
};

/** Decimal coins such as `0.025aai`, separated by commas; empty for none. */
export const gasPrices: SettingKind<string> = checkedText('prices such as "0.025aai", separated by commas, or ""', (text) => {
  try {
    parseGasPrices(text);
    return text;
  } catch {
    return undefined;
  }
});

/** The human part of addresses. */
export const bech32Prefix: SettingKind<string> = checkedText("1 to 20 small letters and digits, a letter first", (text) =>
  /^[a-z][a-z0-9]{0,19}$/.test(text) ? text : undefined,
);

/** A denomination of coins, as the Cosmos SDK takes it. */
export const denom: SettingKind<string> = checkedText("a denomination such as aai", (text) =>
  /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/.test(text) ? text : undefined,
);

/** 1, 10, 100… as a text: it may be larger than a number of the file. */
export const powerOfTen: SettingKind<string> = checkedText("a power of ten in quotes, at most 10^30", (text) =>
  /^10{0,30}$/.test(text) ? text : undefined,
);

/** Levels of a log, as {@link parseLogLevels} reads them. */
export const logLevels: SettingKind<string> = checkedText(LEVELS_EXPECTED, (text) =>
  parseLogLevels(text) === undefined ? undefined : text,
);

/** A folder, or nothing. */
export const optionalFolder: SettingKind<string> = checkedText('a path, or ""', (text) => (text.includes("\0") ? undefined : text));

/** Attributes of events as `type.attribute`; in a flag or variable separated by commas. */
export const eventNames: SettingKind<readonly string[]> = {
  expected: 'a list of names such as ["transfer.recipient", "message.sender"]',
  fromToml: (value) => (Array.isArray(value) && value.every(isEventName) ? value : undefined),
  fromText(text) {
    const names = text === "" ? [] : text.split(",").map((name) => name.trim());
    return names.every(isEventName) ? names : undefined;
  },
  toToml: (names) => `[${names.map((name) => JSON.stringify(name)).join(", ")}]`,
};

/** Heights, as a list of whole numbers. */
export const heights: SettingKind<readonly number[]> = {
  expected: "a list of heights such as [12000, 15000]",
  fromToml(value) {
    const numbers = Array.isArray(value) ? value.map((entry) => HEIGHT.fromToml(entry)) : [undefined];
    return numbers.every((number) => number !== undefined) ? numbers : undefined;
  },
  fromText(text) {
    const numbers = text === "" ? [] : text.split(",").map((entry) => HEIGHT.fromText(entry.trim()));
    return numbers.every((number) => number !== undefined) ? numbers : undefined;
  },
  toToml: (numbers) => `[${numbers.join(", ")}]`,
};

/** `tcp://host:port` of a listener. */
function formatListener({ host, port }: Listener): string {
  return `tcp://${formatHostPort({ host, port })}`;
}

/** `host:port` of a listener. */
function formatHostPort({ host, port }: Listener): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The type of a typed event has dots itself. */
function isEventName(name: unknown): name is string {
  return typeof name === "string" && /^[\w/-]+(?:\.[\w/-]+)+$/.test(name);
}

function parseListener(text: string): Listener | undefined {
  return text.startsWith("tcp://") ? parseHostPort(text.slice("tcp://".length)) : undefined;
}

function parseHostPort(text: string): Listener | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]*)):(\d{1,5})$/.exec(text);
  const named = parts?.[1] ?? parts?.[2];
  // As in Go's programs: no host is all of the machine's addresses.
  const host = named === "" ? "0.0.0.0" : named;
  const port = Number(parts?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

function checkedText<T>(expected: string, parse: (text: string) => T | undefined): SettingKind<T> {
  return {
    expected,
    fromToml: (value) => (typeof value === "string" ? parse(value) : undefined),
    fromText: parse,
    toToml: (value) => JSON.stringify(value),
  };
}
