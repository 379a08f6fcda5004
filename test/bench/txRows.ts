import type { CometBuild } from "../../cmd/hanzod/node/cometBuild.ts";
import { COMET_BUILDS } from "../../cmd/hanzod/node/cometBuild.ts";

/** What a row does: transfers, swaps (with as many transfers beside them), transfers at a fixed rate, an application that does nothing, a kill. */
const KINDS = ["send", "swap", "rate", "null", "kill"] as const;
export type RowKind = (typeof KINDS)[number];

/** One row of the throughput table. */
export interface TxRow {
  /** `<accounts>-<kind>-<build>-<pace>`, for example `10k-send-stock-300ms`. */
  readonly name: string;
  readonly accounts: number;
  readonly kind: RowKind;
  readonly build: CometBuild;
  /** Wait after each block, in milliseconds; 0 makes blocks as fast as it goes. */
  readonly paceMs: number;
}

/** Transactions per second of the rows with a fixed rate. */
export const RATE = 200;

const ACCOUNTS: readonly (readonly [name: string, accounts: number])[] = [
  ["10k", 10_000],
  ["100k", 100_000],
];

/** All rows: those to be compared stand beside each other, so that a machine that slows down slows both. */
export const TX_ROWS: readonly TxRow[] = ACCOUNTS.flatMap(([size, accounts]) =>
  KINDS.flatMap((kind) => {
    const paces = kind === "rate" || kind === "kill" ? [1000] : [0, 300];
    return paces.flatMap((paceMs) =>
      COMET_BUILDS.map((build) => ({
        name: `${size}-${kind}-${build}-${paceMs === 0 ? "unpaced" : `${paceMs}ms`}`,
        accounts,
        kind,
        build,
        paceMs,
      })),
    );
  }),
).filter(({ kind, accounts }) => kind !== "kill" || accounts === 100_000);

/** The rows whose names begin with one of the texts. @throws Error when a text fits none */
export function selectRows(texts: readonly string[]): readonly TxRow[] {
  for (const text of texts)
    if (!TX_ROWS.some(({ name }) => name.startsWith(text)))
      throw new Error(`--rows: "${text}" fits none of ${TX_ROWS.map(({ name }) => name).join(", ")}`);
  return TX_ROWS.filter(({ name }) => texts.some((text) => name.startsWith(text)));
}
