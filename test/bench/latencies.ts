/** Distribution of the time that one call takes, in milliseconds. */
export interface Latencies {
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Milliseconds since a reading of `process.hrtime.bigint()`. */
export const millisecondsSince = (started: bigint): number => Number(process.hrtime.bigint() - started) / 1e6;

/** Summary of single times. @param times milliseconds, at least one */
export function summarize(times: readonly number[]): Latencies {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
  const round = (ms: number): number => Number(ms.toFixed(4));
  return { calls: sorted.length, p50Ms: round(at(0.5)), p99Ms: round(at(0.99)), maxMs: round(at(1)) };
}

/** Times calls one after another; what happens in the first part of them is not counted. */
export async function timeCalls(count: number, warmUp: number, run: (index: number) => unknown): Promise<Latencies> {
  const times: number[] = [];
  for (let index = 0; index < warmUp + count; index++) {
    const started = process.hrtime.bigint();
    const answer = run(index);
    if (answer instanceof Promise) await answer;
    if (index >= warmUp) times.push(millisecondsSince(started));
  }
  return summarize(times);
}

/** Middle value. @param values at least one */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >>> 1] ?? Number.NaN;
}
