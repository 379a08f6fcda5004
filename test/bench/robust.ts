// What Byzantine contributors can do to an aggregate: the chain's rule beside the mean, the plain median and the plain vote.
// usage: node dist/test/bench/robust.js [--quick] [--json] [--write] [--only "sign flip ×10,LIE"] [--sizes 16,64,256] [--percents 0,10,20,30,40,45] [--rows 32] [--seeds 2] [--effort 60]
import { parseArgs } from "node:util";
import { openKernels } from "#kernels";
import { writeRobustDocument } from "./robust/document.ts";
import { measureRobustness, type RobustPlan } from "./robust/measure.ts";
import { cleanLines, robustTable } from "./robust/table.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string" },
    sizes: { type: "string" },
    percents: { type: "string", default: "0,10,20,30,40,45" },
    rows: { type: "string", default: "32" },
    seeds: { type: "string" },
    effort: { type: "string", default: "60" },
  },
});
const numbers = (text: string): number[] => text.split(",").map(Number);
const plan: RobustPlan = {
  sizes: numbers(values.sizes ?? (values.quick ? "16,64" : "16,64,256")),
  percents: numbers(values.percents),
  shape: { rows: Number(values.rows), cols: 384 },
  seeds: Array.from({ length: Number(values.seeds ?? (values.quick ? 1 : 2)) }, (_, at) => 1001 + at),
  search: values.quick ? { draws: 8, changes: 4 } : { draws: Number(values.effort), changes: Number(values.effort) },
  ...(values.only === undefined ? {} : { only: values.only.split(",") }),
};
const { kernels } = await openKernels({ prefer: ["wasm", "reference"] });
const bar = (done: number, all: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} cells ${done === all ? "\n" : ""}`);
};
const figures = await measureRobustness(kernels, plan, bar);
await kernels.close();
if (values.json) console.log(JSON.stringify({ plan, ...figures }, undefined, 1));
else console.log(`${cleanLines(figures).join("\n")}\n\n${robustTable(figures)}`);
if (values.write) writeRobustDocument(figures, plan);
