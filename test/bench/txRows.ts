import type { CometBuild } from "../../cmd/hanzod/node/cometBuild.ts";
import { COMET_BUILDS } from "../../cmd/hanzod/node/cometBuild.ts";
import { REFERENCE_BUILDS, type ReferenceBuild } from "./referenceNode.ts";

/** What a row does: transfers, swaps (with as many transfers beside them), transfers at a fixed rate, an application that does nothing, a kill. */
const KINDS = ["send", "swap", "rate", "null", "kill"] as const;
export type RowKind = (typeof KINDS)[number];

/** One row of the throughput table. */
export interface TxRow {
  /** `<accounts>-<kind>-<build>-<pace>`, for example `10k-send-stock-300ms`. */
  readonly name: string;
  readonly size: RowSize;
  readonly accounts: number;
  readonly kind: RowKind;
  /** Our chain in a build of CometBFT, or the reference chain. */
  readonly build: CometBuild | ReferenceBuild;
  /** Wait after each block, in milliseconds; 0 makes blocks as fast as it goes. */
  readonly paceMs: number;
}

/** Transactions per second of the rows with a fixed rate. */
export const RATE = 200;

const SIZES = { "10k": 10_000, "100k": 100_000 } as const;
export type RowSize = keyof typeof SIZES;

/** Which sizes a kind is measured at, how blocks are paced, and whether the reference chain can do it. */
const PLAN: Readonly<
  Record<RowKind, { readonly sizes: readonly RowSize[]; readonly paces: readonly number[]; readonly reference: boolean }>
> = {
  send: { sizes: ["10k", "100k"], paces: [0, 300], reference: true },
  swap: { sizes: ["10k", "100k"], paces: [0, 300], reference: false },
  rate: { sizes: ["10k", "100k"], paces: [1000], reference: true },
  null: { sizes: ["10k"], paces: [0, 300], reference: false },
  kill: { sizes: ["100k"], paces: [1000], reference: true },
};

/** All rows: those to be compared stand beside each other, so that a machine that slows down slows both. */
export const TX_ROWS: readonly TxRow[] = (Object.keys(SIZES) as RowSize[]).flatMap((size) =>
  KINDS.filter((kind) => PLAN[kind].sizes.includes(size)).flatMap((kind) =>
    PLAN[kind].paces.flatMap((paceMs) =>
      [...COMET_BUILDS, ...(PLAN[kind].reference ? REFERENCE_BUILDS : [])].map((build) => ({
        name: `${size}-${kind}-${build}-${paceMs === 0 ? "unpaced" : `${paceMs}ms`}`,
        size,
        accounts: SIZES[size],
        kind,
        build,
        paceMs,
      })),
    ),
  ),
);

/** The reference build of a row, if it is one of the reference chain. */
export const referenceOf = ({ build }: Pick<TxRow, "build">): ReferenceBuild | undefined => REFERENCE_BUILDS.find((name) => name === build);

/**
 * Rows whose names begin with one of the texts; all when there are none.
 *
 * @param reference whether rows of the reference chain are among them.
 * @throws Error when a text fits none
 */
export function selectRows(texts: readonly string[] | undefined, reference: boolean): readonly TxRow[] {
  const rows = TX_ROWS.filter((row) => reference || referenceOf(row) === undefined);
  if (texts === undefined) return rows;
  for (const text of texts)
    if (!rows.some(({ name }) => name.startsWith(text)))
      throw new Error(`--rows: "${text}" fits none of ${rows.map(({ name }) => name).join(", ")}`);
  return rows.filter(({ name }) => texts.some((text) => name.startsWith(text)));
}

/** The order of a pass: every other one runs backwards, so that what a machine does over time falls on all rows alike. */
export const rowsOfPass = (rows: readonly TxRow[], pass: number): readonly TxRow[] => (pass % 2 === 0 ? rows : [...rows].reverse());
