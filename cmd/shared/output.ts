/** Where a command writes: results to standard output, remarks to standard error; with `--json` results are one JSON document. */
export interface Output {
  readonly json: boolean;
  /** The command's result: `data` for machines, `text` for people. */
  result(data: unknown, text: string): void;
  /** A remark for people; never part of machine-readable output. */
  note(text: string): void;
}

/** Makes an output on the process's streams. */
export function createOutput(json: boolean): Output {
  return {
    json,
    result: (data, text) => void process.stdout.write(`${json ? toJson(data) : text}\n`),
    note(text) {
      if (!json) process.stderr.write(`${text}\n`);
    },
  };
}

/** JSON with big integers as decimal strings. */
export function toJson(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2);
}

/** Rows under a heading, columns aligned. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((cell, column) => Math.max(cell.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [heading, ...rows].map(line).join("\n");
}

/** A base amount as a decimal number with thousands separated: 1234500000000000000n with 18 decimals → "1.2345". Exact, never rounded. */
export function formatUnits(amount: bigint, decimals: number): string {
  const negative = amount < 0n;
  const digits = (negative ? -amount : amount).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  const fraction = decimals === 0 ? "" : digits.slice(-decimals).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
