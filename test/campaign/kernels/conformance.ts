// Long form of the kernels' conformance: random tensors on every backend that opens here. The last line is `N passed, N failed`.
// usage: node dist/test/campaign/kernels/conformance.js [--tensors 10000] [--seed 1] [--backends wasm,reference]
import { parseArgs } from "node:util";
import { openedBackends } from "../../conformance/openedBackends.ts";
import { compareBackends } from "../../conformance/probeRounds.ts";

const { values } = parseArgs({
  options: {
    tensors: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    backends: { type: "string" },
  },
});
const { opened, refused } = await openedBackends();
const chosen = opened.filter(({ name }) => values.backends === undefined || values.backends.split(",").includes(name));
for (const reason of refused) console.log(`not on ${reason}`);
if (chosen.length < 2) throw new Error(`expected at least two backends to compare, got ${chosen.map(({ name }) => name).join(", ")}`);
const { tensors, hashes, differences } = await compareBackends(chosen, Number(values.tensors), Number(values.seed), (done) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${values.tensors}`);
});
for (const kernels of opened) {
  const hash = hashes.get(kernels.name);
  if (hash !== undefined) console.log(`${kernels.name} (${kernels.detail}): sha256 ${hash}`);
  await kernels.close();
}
for (const difference of differences) console.log(`FAILED ${difference}`);
console.log(`${tensors - differences.length} passed, ${differences.length} failed`);
if (differences.length > 0) process.exitCode = 1;
