import { Counter, Histogram, type Registry } from "prom-client";

/** Whether a transaction is judged for the first time or again after a block. */
export type CheckKind = (typeof KINDS)[number];

const KINDS = ["new", "recheck"] as const;
const NAME = "hanzo_check_tx_seconds";
const HELP = "Time of judging a transaction for the mempool";
/** Upper bounds of the times, in seconds. */
const BOUNDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25];

/**
 * Judged transactions, counted and timed in plain numbers: there are thousands in a second, and metrics of the library make labels, a text of them and
 * two closures of each.
 */
export class CheckTally {
  readonly #txs: Counter<"kind" | "codespace" | "code">;
  readonly #seconds: TimesByKind;
  /** Good ones that `#txs` has not been told of. */
  readonly #good: Record<CheckKind, number> = { new: 0, recheck: 0 };

  constructor(registers: Registry[]) {
    const good = this.#good;
    this.#txs = new Counter({
      name: "hanzo_check_txs_total",
      help: "Transactions judged for the mempool",
      labelNames: ["kind", "codespace", "code"],
      registers,
      collect() {
        for (const kind of KINDS) {
          if (good[kind] > 0) this.inc({ kind, codespace: "", code: 0 }, good[kind]);
          good[kind] = 0;
        }
      },
    });
    this.#seconds = new TimesByKind(registers);
  }

  /** Counts one that was judged. */
  add(kind: CheckKind, { code, codespace }: { readonly code: number; readonly codespace: string }, seconds: number): void {
    this.#seconds.add(kind, seconds);
    if (code === 0 && codespace === "") this.#good[kind]++;
    else this.#txs.inc({ kind, codespace, code });
  }
}

/** The library's histogram in its looks. */
class TimesByKind extends Histogram<"kind"> {
  /** Per kind how many took up to each bound and no less than the one before; the last is for those above all. */
  readonly #counts: Readonly<Record<CheckKind, number[]>> = { new: BOUNDS.map(() => 0).concat(0), recheck: BOUNDS.map(() => 0).concat(0) };
  readonly #sums: Record<CheckKind, number> = { new: 0, recheck: 0 };

  constructor(registers: Registry[]) {
    super({ name: NAME, help: HELP, labelNames: ["kind"], buckets: BOUNDS, registers });
  }

  add(kind: CheckKind, seconds: number): void {
    let at = 0;
    while (seconds > (BOUNDS[at] as number)) at++;
    const counts = this.#counts[kind];
    counts[at] = (counts[at] as number) + 1;
    this.#sums[kind] += seconds;
  }

  /** What the registry asks for, and the library's `get`. */
  getForPromString() {
    return { name: NAME, help: HELP, type: "histogram", aggregator: "sum", values: KINDS.flatMap((kind) => this.#valuesOf(kind)) };
  }

  #valuesOf(kind: CheckKind) {
    const sharedLabels = { kind };
    let count = 0;
    const buckets = this.#counts[kind].map((own, at) => {
      count += own;
      return { metricName: `${NAME}_bucket`, labels: { le: BOUNDS[at] ?? "+Inf" }, sharedLabels, value: count };
    });
    if (count === 0) return [];
    return [
      ...buckets,
      { metricName: `${NAME}_sum`, labels: {}, sharedLabels, value: this.#sums[kind] },
      { metricName: `${NAME}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}
