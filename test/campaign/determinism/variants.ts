// The ways in which the same blocks are executed. A new way is one entry here: flags and variables of the process, and what `replay.ts` is told.

/** One way to execute blocks. */
export interface Variant {
  readonly name: string;
  /** Which store keeps the state. */
  readonly store: "memory" | "rocksdb";
  /** Whether every transaction passes CheckTx first, so that signatures and decoded transactions come from the memories of the node. */
  readonly checked: boolean;
  /** Which signature backend verifies: the node's own, one in JavaScript, or, to see a difference on purpose, one that lets every signature pass. */
  readonly signatures?: "native" | "javascript" | "careless";
  /** Threads beside the chain's own, as a node has them: signatures verified ahead of need, and queries. */
  readonly threads?: boolean;
  /** Queries under way at a time while blocks execute; none when left out. */
  readonly queries?: number;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs on the Node that `--node24` names; left out when there is none. */
  readonly node24?: boolean;
}

/** Every way; the first one is what the others are compared with. */
export const variants: readonly Variant[] = [
  { name: "memory", store: "memory", checked: false },
  { name: "memory, signatures remembered", store: "memory", checked: true },
  { name: "RocksDB", store: "rocksdb", checked: false },
  { name: "RocksDB, signatures remembered", store: "rocksdb", checked: true },
  { name: "signature and query threads", store: "rocksdb", checked: true, threads: true },
  { name: "signature and query threads, queries under way", store: "rocksdb", checked: true, threads: true, queries: 8 },
  { name: "queries between blocks", store: "memory", checked: true, queries: 4 },
  { name: "signatures in JavaScript", store: "memory", checked: true, signatures: "javascript" },
  { name: "no compiler, no WebAssembly", store: "memory", checked: false, flags: ["--jitless"] },
  { name: "no optimising compiler", store: "memory", checked: true, flags: ["--no-opt"] },
  {
    name: "Turkish, UTC+14",
    store: "memory",
    checked: true,
    env: { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati" },
  },
  { name: "C locale, UTC-3:30", store: "rocksdb", checked: false, env: { LANG: "C", LC_ALL: "C", TZ: "America/St_Johns" } },
  { name: "Node 24", store: "memory", checked: false, node24: true },
  { name: "Node 24, RocksDB, signatures remembered", store: "rocksdb", checked: true, node24: true },
  { name: "Node 24, threads, queries under way", store: "memory", checked: true, threads: true, queries: 8, node24: true },
  { name: "Node 24, no compiler", store: "memory", checked: true, flags: ["--jitless"], node24: true },
];
