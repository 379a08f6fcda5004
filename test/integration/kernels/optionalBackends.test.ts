import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const modules = join(root, ".cache/kernels");
const run = promisify(execFile);
const LIBRARIES = { webgpu: "webgpu", tensorflow: "@tensorflow/tfjs-node" } as const;

/** Variables that let WebGPU find Chromium's SwiftShader. */
async function softwareGpu(): Promise<Record<string, string>> {
  const { stdout } = await run(join(root, "scripts/kernels.sh"), ["env"]);
  return Object.fromEntries(
    stdout
      .trim()
      .split(" ")
      .map((pair) => pair.split("=", 2))
      .filter(([name]) => name !== "") as [string, string][],
  );
}

/** Whether a backend's library was installed, and for WebGPU a device is there; prints what is missing otherwise. */
async function isThere(t: TestContext, backend: keyof typeof LIBRARIES): Promise<boolean> {
  if (!existsSync(join(modules, "node_modules", LIBRARIES[backend]))) {
    t.skip(`${LIBRARIES[backend]} is not installed: make kernels-${backend}`);
    return false;
  }
  if (backend !== "webgpu" || (await whyNoWebgpu({ ...process.env, ...(await softwareGpu()) })) === "") return true;
  t.skip("neither a GPU nor Chromium's SwiftShader is here");
  return false;
}

/** Why WebGPU does not open; empty when it does. */
async function whyNoWebgpu(env: NodeJS.ProcessEnv): Promise<string> {
  const program = `import { nodeOpeners } from "#kernels/node";
    await nodeOpeners(${JSON.stringify(modules)}).webgpu().catch((error) => console.log(error.message)); process.exit(0);`;
  return (await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: root, env })).stdout;
}

for (const backend of ["webgpu", "tensorflow"] as const) {
  const env = async (): Promise<NodeJS.ProcessEnv> => ({ ...process.env, ...(backend === "webgpu" ? await softwareGpu() : {}) });

  test(`the golden vectors agree on ${backend}`, async (t) => {
    if (!(await isThere(t, backend))) return;
    const program = join(root, "dist/cmd/hanzod/main.js");
    const vectors = join(root, "test/vectors/kernels.json");
    const args = [program, "selftest", "--vectors", vectors, "--backend", backend, "--kernel-modules", modules, "--json"];
    const { stdout } = await run(process.execPath, args, { env: await env(), maxBuffer: 1 << 26 });
    const { passed, failed } = JSON.parse(stdout) as { passed: number; failed: number };
    assert.deepEqual({ passed: passed > 250, failed }, { passed: true, failed: 0 });
    t.diagnostic(`summary: kernels: ${passed} vectors agree on ${backend}`);
  });

  test(`${backend} does not fall into the known traps`, async (t) => {
    if (!(await isThere(t, backend))) return;
    const probe = fileURLToPath(new URL("trapProbe.js", import.meta.url));
    const { stdout } = await run(process.execPath, [probe, backend, modules], { env: await env() });
    const { seen, factors, shim } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    const most = 2 ** 24 - 1;
    assert.deepEqual(seen, {
      ties: [5], // tfjs' argMax on WebGPU takes any of equal values
      largest: [2 - most, most - 2, most, most, most, most, most, most],
      weights: [most], // sums up to the last integer that float32 has
      dots: [-32_767 * 32 * 8],
      signs: [0b00010100], // zeros of either sign are positive
      sums: [65_536],
      beyond: `weights: expected a sum of at most ${most}, got ${most + 1}`, // int32 sums on WebGPU go through float32
    });
    assert.equal(factors.wide, 0, "every factor of a matrix product fits TF32 and bfloat16");
    if (backend === "tensorflow") assert.ok(factors.products > 0);
    if (backend === "tensorflow") assert.equal(shim, "function", "tfjs-node 4.22 needs what Node 23 took away");
  });
}

test("WebGPU without a driver is refused with the reason", async (t) => {
  if (!(await isThere(t, "webgpu"))) return;
  assert.match(await whyNoWebgpu({ ...process.env, LD_LIBRARY_PATH: "", VK_DRIVER_FILES: "/dev/null" }), /no WebGPU adapter/);
});

test("a library that is not installed is a refusal that names it", async () => {
  const { nodeOpeners } = await import("#kernels/node");
  await assert.rejects(async () => nodeOpeners("/nowhere").webgpu?.(), /the library webgpu is not installed under \/nowhere/);
  await assert.rejects(
    async () => nodeOpeners("/nowhere").tensorflow?.(),
    /tfjs-node-gpu is not installed under \/nowhere; .*tfjs-node is not installed/,
  );
});
