import { readdirSync, readFileSync } from "node:fs";

/** Who uses a node's processors. V8's threads compile and collect; the others are the signatures' and libuv's. */
export const THREAD_KINDS = ["main", "v8", "rocksdb", "others"] as const;
export type ThreadKind = (typeof THREAD_KINDS)[number];

/** CPU time that each kind of thread has taken, in microseconds. */
export type ThreadCpu = Readonly<Record<ThreadKind, number>>;

/** V8's threads follow the main thread: one for delayed tasks, and Node's default number of workers. */
const V8_THREADS = 1 + 4;

/** CPU time of a process of Node so far, by the kernel's clock of each thread. A thread that has ended no longer counts (Linux). */
export function threadCpuOf(pid: number): ThreadCpu {
  const cpu = { main: 0, v8: 0, rocksdb: 0, others: 0 };
  const threads = readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .sort((a, b) => a - b);
  for (const [place, thread] of threads.entries()) {
    const read = (file: string): string => readFileSync(`/proc/${pid}/task/${thread}/${file}`, "utf8");
    try {
      cpu[kindOf(place, read("comm"))] += Number(read("schedstat").split(" ")[0]) / 1000;
    } catch {
      // It has ended meanwhile.
    }
  }
  return cpu;
}

/** @param place among the threads in the order in which they were started */
function kindOf(place: number, name: string): ThreadKind {
  if (place === 0) return "main";
  if (place <= V8_THREADS) return "v8";
  return name.startsWith("rocksdb") ? "rocksdb" : "others";
}

/** CPU time between two readings. */
export function cpuBetween(before: ThreadCpu, after: ThreadCpu): ThreadCpu {
  const spent = (kind: ThreadKind): number => after[kind] - before[kind];
  return { main: spent("main"), v8: spent("v8"), rocksdb: spent("rocksdb"), others: spent("others") };
}

/** CPU time of all threads. */
export function sumCpu(cpu: ThreadCpu): number {
  return THREAD_KINDS.reduce((sum, kind) => sum + cpu[kind], 0);
}
