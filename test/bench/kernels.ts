// The kernels on every backend that opens here: processor time and wall time of each step in full size, beside what moving its bytes once takes at
// this machine's memory bandwidth; targets; compression ratios. Prints JSON.
// usage: node dist/test/bench/kernels.js [--quick] [--backends wasm,reference]
import { parseArgs } from "node:util";
import { type BackendName, type Kernels, SCHEMA_V1, shardBytes } from "#kernels";
import { openedBackends } from "../conformance/openedBackends.ts";
import { createWorkload, KERNEL_ROWS, type KernelRow, recallOf } from "./kernelRows.ts";
import { medianOf, millisecondsSince } from "./latencies.ts";
import { calibrate, machine } from "./loadDriver.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, backends: { type: "string" } } });
/** Calls of one row: at least three, then for so long, at most so many. */
const PATIENCE_MS = values.quick ? 150 : 1500;
const MOST_CALLS = 101;
const COPY_BYTES = 64 << 20;
/** What stands on chain for a shard besides its bytes: CID, two roots, a parent's CID, submitter, schema, entry, round, height, bond, quality. */
const METADATA_BYTES = 36 + 32 + 32 + 36 + 20 + 8 + 8 + 8 + 8 + 16 + 2;

const round = (value: number): number => Number(value.toPrecision(4));

/** Bytes read and written per second of processor time by a large copy, the best of several: the most that one thread gets. */
function memoryBandwidth(): number {
  const [from, to] = [new Uint8Array(COPY_BYTES).fill(1), new Uint8Array(COPY_BYTES).fill(2)];
  const times = Array.from({ length: 9 }, () => {
    const used = process.cpuUsage();
    to.set(from);
    return millisecondsUsed(used);
  });
  return (2 * COPY_BYTES) / (Math.min(...times) / 1000);
}

/** Processor time of this process since a reading of it: other processes of a shared machine do not count. */
function millisecondsUsed(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

interface Times {
  readonly calls: number;
  readonly cpuMs: number;
  readonly cpuMsBest: number;
  readonly wallMs: number;
}

async function timeRow(run: () => Promise<unknown>): Promise<Times> {
  const [cpu, wall]: [number[], number[]] = [[], []];
  await run();
  const began = process.hrtime.bigint();
  while (cpu.length < 3 || (cpu.length < MOST_CALLS && millisecondsSince(began) < PATIENCE_MS)) {
    const [used, started] = [process.cpuUsage(), process.hrtime.bigint()];
    await run();
    cpu.push(millisecondsUsed(used));
    wall.push(millisecondsSince(started));
  }
  return { calls: cpu.length, cpuMs: round(medianOf(cpu)), cpuMsBest: round(Math.min(...cpu)), wallMs: round(medianOf(wall)) };
}

async function measure(kernels: Kernels, rows: readonly KernelRow[], bandwidth: number): Promise<object> {
  const figures: Record<string, object> = {};
  const workload = await createWorkload(kernels);
  for (const { name, bytes, targetMs, run } of rows) {
    const times = await timeRow(() => run(kernels, workload));
    const limitMs = (bytes / bandwidth) * 1000;
    figures[name] = {
      ...times,
      bytes,
      bandwidthLimitMs: round(limitMs),
      partOfBandwidth: round(limitMs / times.cpuMs),
      ...(targetMs === undefined ? {} : { targetMs, metsTarget: times.cpuMs <= targetMs }),
    };
    if (process.stderr.isTTY) process.stderr.write(`${kernels.name}: ${name}\n`);
  }
  return { detail: kernels.detail, hammingRecall: await recallOf(kernels, workload), figures };
}

const { opened, refused } = await openedBackends();
const wanted = values.backends?.split(",");
const before = calibrate();
const bandwidth = memoryBandwidth();
const backends: Partial<Record<BackendName, object>> = {};
for (const kernels of opened) {
  if (wanted === undefined || wanted.includes(kernels.name)) {
    const rows = KERNEL_ROWS.filter(({ long }) => long !== true || (kernels.name === "wasm" && !values.quick));
    backends[kernels.name] = await measure(kernels, rows, bandwidth);
  }
  await kernels.close();
}
const floatBytes = SCHEMA_V1.rows * SCHEMA_V1.cols * 4;
console.log(
  JSON.stringify(
    {
      bench: "kernels",
      machine: machine(),
      versions: { node: process.version, v8: process.versions.v8 },
      signatureChecksPerSecond: { before, after: calibrate() },
      memoryBandwidthGBs: round(bandwidth / 1e9),
      compression: {
        shardBytes: shardBytes(SCHEMA_V1),
        float32Bytes: floatBytes,
        rawRatio: round(floatBytes / shardBytes(SCHEMA_V1)),
        metadataBytes: METADATA_BYTES,
        allInRatio: round(floatBytes / (shardBytes(SCHEMA_V1) + METADATA_BYTES)),
        whitepaperRatio: 29.5,
      },
      backends,
      refused,
    },
    null,
    2,
  ),
);
