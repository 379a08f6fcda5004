/** The app hashes that nodes have computed, by height and node. */
export interface HeightTable {
  /** Notes what a node computed; the same again does nothing. @param hash upper-case hexadecimal */
  add(node: string, height: number, hash: string): void;
  /** The last height that a node has reported, 0 before the first. */
  heightOf(node: string): number;
  /** What is known of a height. */
  row(height: number): HeightRow;
  /** Forgets heights up to this one. */
  drop(height: number): void;
}

/** The nodes' hashes of one height. */
export interface HeightRow {
  readonly height: number;
  readonly hashes: ReadonlyMap<string, string>;
  /** Whether all hashes are the same; true also of none. */
  readonly agree: boolean;
}

/** Makes an empty table. */
export function createHeightTable(): HeightTable {
  const rows = new Map<number, Map<string, string>>();
  const heights = new Map<string, number>();
  return {
    add(node, height, hash) {
      const row = rows.get(height) ?? new Map<string, string>();
      row.set(node, hash);
      rows.set(height, row);
      heights.set(node, Math.max(heights.get(node) ?? 0, height));
    },
    heightOf: (node) => heights.get(node) ?? 0,
    row(height) {
      const hashes = rows.get(height) ?? new Map<string, string>();
      return { height, hashes, agree: new Set(hashes.values()).size <= 1 };
    },
    drop(height) {
      for (const old of rows.keys()) if (old <= height) rows.delete(old);
    },
  };
}

/** One line: `height 12   3f2a90b1c4d5…   4 of 4 agree`; where nodes differ, each with its hash. */
export function formatRow({ height, hashes, agree }: HeightRow, nodes: readonly string[]): string {
  const silent = nodes.filter((node) => !hashes.has(node));
  const missing = silent.length === 0 ? "" : `   without ${silent.join(", ")}`;
  if (!agree)
    return `height ${height}   DIFFERENT APP HASHES: ${[...hashes].map(([node, hash]) => `${node} ${short(hash)}`).join("   ")}${missing}`;
  const [hash = ""] = hashes.values();
  return `height ${String(height).padEnd(6)}   ${short(hash)}   ${hashes.size} of ${nodes.length} agree${missing}`;
}

function short(hash: string): string {
  return `${hash.slice(0, 12).toLowerCase()}…`;
}
