import assert from "node:assert/strict";
import { test } from "node:test";
import { type Kernels, openBackend, openKernels, selfTest } from "#kernels";
import { openReference } from "../../../gpu-kernels/backends/reference/open.ts";
import { openWasm } from "../../../gpu-kernels/backends/wasm/open.ts";

type Step = Exclude<keyof Kernels, "name" | "detail" | "close">;

/** The reference with one kernel that gives another last integer now and then, as a wrong driver would. */
async function spoiled(step: Step): Promise<Kernels> {
  const reference = await openReference();
  const wrong = async (...args: readonly unknown[]): Promise<unknown> => {
    const result = await (reference[step] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    const values = (step === "signsAndSums" ? (result as { sums: Int32Array }).sums : result) as Int32Array;
    if (values.length > 20) values[values.length - 1] = (values.at(-1) as number) ^ 1;
    return result;
  };
  return { ...reference, [step]: wrong };
}

test("a backend of which any one kernel is wrong in one bit fails the self-test, which names the kernel", async () => {
  const steps: readonly Step[] = [
    "signsAndSums",
    "spread",
    "medianQ",
    "medianQ1bit",
    "pairDistances",
    "vote",
    "distances",
    "dots",
    "applyPriors",
  ];
  for (const step of steps) assert.match((await selfTest(await spoiled(step))) ?? "", new RegExp(`^${step}: expected results with sha256`));
  for (const open of [openReference, openWasm]) assert.equal(await selfTest(await open()), undefined);
});

test("a backend that throws fails the self-test with its reason", async () => {
  const reference = await openReference();
  assert.equal(await selfTest({ ...reference, vote: async () => Promise.reject(new Error("device lost")) }), "device lost");
});

test("the first backend that is there is taken, and the reasons against those before are told", async () => {
  const { kernels, refused } = await openKernels();
  assert.ok(["tensorflow", "webgpu", "wasm"].includes(kernels.name));
  for (const { why } of refused) assert.ok(why.length > 10, why);
  const wasm = await openKernels({ prefer: ["wasm", "reference"] });
  assert.deepEqual([wasm.kernels.name, wasm.refused], ["wasm", []]);
  assert.equal((await openBackend("reference")).name, "reference");
});

test("without WebAssembly the next backend is taken", async () => {
  const { WebAssembly } = globalThis as { WebAssembly?: unknown };
  try {
    Reflect.deleteProperty(globalThis, "WebAssembly");
    const { kernels, refused } = await openKernels({ prefer: ["wasm", "reference"] });
    assert.equal(kernels.name, "reference");
    assert.deepEqual(refused, [{ name: "wasm", why: "expected WebAssembly, got an engine without it" }]);
    await assert.rejects(openKernels({ prefer: ["wasm"] }), /no backend of the kernels can be used: wasm: expected WebAssembly/);
  } finally {
    Object.assign(globalThis, { WebAssembly });
  }
});
