// A program of its own, because a driver may end the process: opens an optional backend, tries what such libraries are known to get wrong and
// prints what it saw as JSON. Arguments: backend, folder of the libraries.
import util from "node:util";
import { type BackendName, openBackend } from "#kernels";
import { nodeOpeners } from "#kernels/node";

const [backend = "", modules = ""] = process.argv.slice(2);
const openers = nodeOpeners(modules);
const factors = { products: 0, wide: 0 };
if (backend === "tensorflow") await watchFactors();

/** Counts factors of matrix products that need more than the 8 bits which the coarsest matrix units keep. */
async function watchFactors(): Promise<void> {
  const kernels = await openBackend("tensorflow", openers);
  await kernels.close();
  const { createRequire } = await import("node:module");
  const tf = createRequire(`${modules}/package.json`)("@tensorflow/tfjs-node");
  const product = tf.Tensor.prototype.matMul;
  tf.Tensor.prototype.matMul = function (other: { dataSync(): Float32Array }, ...rest: unknown[]) {
    factors.products++;
    for (const tensor of [this, other]) if (tensor.dataSync().some((value: number) => !fitsEightBits(value))) factors.wide++;
    return product.call(this, other, ...rest);
  };
}

function fitsEightBits(value: number): boolean {
  let magnitude = Math.abs(value);
  while (magnitude !== 0 && magnitude % 2 === 0) magnitude /= 2;
  return Number.isInteger(magnitude) && magnitude < 256;
}

const shape = { rows: 1, cols: 8 };
const most = 2 ** 24 - 1;
let seen: unknown;
// Opened and closed more than once: giving buffers back has aborted a process before.
for (let round = 0; round < 3; round++) {
  const kernels = await openBackend(backend as BackendName, openers);
  const ties = await kernels.medianQ(Int32Array.of(5, 5, -3, 5, 7, 7), 6, 1, Int32Array.of(1, 2, 1, 1, 2, 0), 4);
  const largest = await kernels.vote(Uint8Array.of(0b01, 0b10), Int32Array.of(most - 1, 1), 2, shape);
  const weights = await kernels.medianQ(Int32Array.of(-most, most), 2, 1, Int32Array.of(most - 1, 1), most);
  const dots = await kernels.dots(new Int16Array(8).fill(-32_767), new Int8Array(8).fill(32), shape);
  const { signs, sums } = await kernels.signsAndSums(Int16Array.of(0, -0, -1, 1, -32_767, 32_767, 0, 0), shape);
  const beyond = await kernels.vote(Uint8Array.of(0, 0), Int32Array.of(most, 1), 2, shape).then(
    () => "accepted",
    (error: Error) => error.message,
  );
  seen = { ties: [...ties], largest: [...largest], weights: [...weights], dots: [...dots], signs: [...signs], sums: [...sums], beyond };
  await kernels.close();
}
console.log(JSON.stringify({ seen, factors, shim: typeof (util as { isNullOrUndefined?: unknown }).isNullOrUndefined }));
process.exit(0);
