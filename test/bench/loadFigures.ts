import type { Latencies } from "./latencies.ts";
import type { LoadResult } from "./loadDriver.ts";

/** Milliseconds. */
interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

const percentilesOf = ({ p50Ms, p99Ms }: Latencies): Percentiles => ({ p50: p50Ms, p99: p99Ms });

/** Figures of a load as benchmarks print them. */
export interface LoadFigures {
  readonly txPerSecond: number;
  readonly committed: number;
  readonly refused: number;
  readonly seconds: number;
  /** Of the reference chain, whose CometBFT is inside, all is the application's. `load` is what sending and counting take, beside all of them. */
  readonly cpuSecondsPer1000Tx: { readonly app: number; readonly cometbft: number; readonly load: number };
  /** From sending to the block applied. Under overload this is waiting in the queue. */
  readonly latencyMs: Percentiles;
  /** From sending to the block decided, at a fixed rate. */
  readonly decidedLatencyMs?: Percentiles;
  /** Of the blocks of the last load, each step by itself; empty but at a fixed rate. */
  readonly stepMs: Readonly<Record<string, Percentiles>>;
  readonly blockIntervalMs: number;
  readonly txPerBlock: number;
  /** Resident memory before the load, and the most during it. */
  readonly rssMiB: { readonly appIdle: number; readonly app: number; readonly cometbft: number };
  /** Signature checks per second of the machine, before and after. */
  readonly calibrationVerifiesPerSecond: readonly number[];
}

/** Puts the loads of one kind together: sums, and of memory and latency the largest. @param loads at least one */
export function loadFiguresOf(loads: readonly LoadResult[]): LoadFigures {
  const sum = (pick: (load: LoadResult) => number): number => loads.reduce((total, load) => total + pick(load), 0);
  const most = (pick: (load: LoadResult) => number): number => Math.max(...loads.map(pick));
  const decided = loads.at(-1)?.decidedLatency;
  const committed = sum((load) => load.committed);
  const seconds = sum((load) => load.seconds);
  const per1000 = (total: number): number => Number(((total * 1000) / committed).toFixed(3));
  return {
    txPerSecond: Math.round(committed / seconds),
    committed,
    refused: sum((load) => load.refused),
    seconds: Number(seconds.toFixed(2)),
    cpuSecondsPer1000Tx: {
      app: per1000(sum((load) => load.cpuSeconds)),
      cometbft: per1000(sum((load) => load.cometCpuSeconds)),
      load: per1000(sum((load) => load.loadCpuSeconds)),
    },
    latencyMs: { p50: most((load) => load.latency.p50Ms), p99: most((load) => load.latency.p99Ms) },
    ...(decided === undefined ? {} : { decidedLatencyMs: percentilesOf(decided) }),
    stepMs: Object.fromEntries(Object.entries(loads.at(-1)?.steps ?? {}).map(([step, times]) => [step, percentilesOf(times)])),
    blockIntervalMs: Number(
      (
        (seconds * 1000) /
        Math.max(
          1,
          sum(({ from, to }) => to - from + 1),
        )
      ).toFixed(1),
    ),
    txPerBlock: Math.round(
      committed /
        Math.max(
          1,
          sum((load) => load.blocks),
        ),
    ),
    rssMiB: {
      appIdle: loads[0]?.idleRssMiB ?? 0,
      app: most((load) => load.busyRssMiB),
      cometbft: most((load) => load.cometRssMiB),
    },
    calibrationVerifiesPerSecond: loads.flatMap(({ calibration }) => calibration),
  };
}
