import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { compiledName, findCompiled, loadBundle, readBundle, sealCompiled } from "../../../cmd/hanzod/bundle.ts";

const HANZOD = fileURLToPath(new URL("../../../cmd/hanzod", import.meta.url));

/** A program that says where it was run from, module by module, in files or in one. */
const module = (place: string): string => `export const run = async () => void process.stdout.write("${place}");`;
const oneFile = `(function (exports, require, module, __filename, __dirname, $import) {
const run = async () => {
  const { basename } = await $import("node:path");
  process.stdout.write("one file of " + basename(__dirname));
};
module.exports = { run };
})`;

async function withProgram(
  use: (root: string, write: (path: string, content: string | Uint8Array) => Promise<void>, ran: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "hanzo-bundle-"));
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  try {
    await write("package.json", '{ "type": "module" }');
    await write("dist/cmd/hanzod/run.js", module("modules"));
    for (const name of ["main.js", "bundle.js"]) await cp(join(HANZOD, name), join(root, "dist/cmd/hanzod", name));
    await write("dist/.tsbuildinfo", "one build");
    await use(root, write, async () => (await promisify(execFile)(process.execPath, [join(root, "dist/cmd/hanzod/main.js")])).stdout);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

test("the program runs out of its bundle only where that was made of the very build that is compiled", async () => {
  await withProgram(async (_root, write, ran) => {
    assert.equal(await ran(), "modules", "there is no bundle");
    await write("dist/bundle/run.js", module("files"));
    await write("dist/bundle/run.cjs", oneFile);
    await write(`dist/bundle/${compiledName()}`, sealCompiled(oneFile, Buffer.alloc(0)));
    assert.equal(await ran(), "modules", "nothing says what the bundle was made of");
    await write("dist/bundle/built", sha256("one build"));
    assert.equal(await ran(), "one file of bundle");
    await write("dist/.tsbuildinfo", "another build");
    assert.equal(await ran(), "modules", "the bundle is an old one");
  });
});

test("one file is run only with code that was compiled of it for this V8 and its flags, and is whole", async () => {
  await withProgram(async (root, write, ran) => {
    const folder = pathToFileURL(join(root, "dist/bundle/"));
    await write("dist/bundle/run.js", module("files"));
    await write("dist/bundle/run.cjs", oneFile);
    await write("dist/bundle/built", sha256("one build"));
    assert.equal(await ran(), "files", "nothing is compiled");
    const source = readBundle(folder);
    const code = sealCompiled(source, loadBundle(folder, { source }).script.createCachedData());
    await write("dist/bundle/run-0.cache", code);
    assert.equal(await ran(), "files", "it is of another V8");
    const cache = `dist/bundle/${compiledName()}`;
    await write(cache, code);
    assert.equal(await ran(), "one file of bundle");
    const found = findCompiled(folder);
    assert.equal(found === undefined ? undefined : loadBundle(folder, found).script.cachedDataRejected, false);
    for (const at of [0, 40, code.length - 1]) {
      await write(
        cache,
        code.map((byte, index) => (index === at ? byte ^ 1 : byte)),
      );
      assert.equal(await ran(), "files", `byte ${at} is damaged`);
    }
    await write(cache, code.subarray(0, code.length >>> 1));
    assert.equal(await ran(), "files", "half of it is missing");
    await write(cache, code);
    await write("dist/bundle/run.cjs", `${oneFile.slice(0, -1)};`);
    assert.equal(await ran(), "files", "it is of another bundle of the same length");
    await write("dist/bundle/run.cjs", oneFile);
    await write(cache, sealCompiled(source, Buffer.from("what V8 refuses")));
    assert.equal(await ran(), "one file of bundle", "V8 compiles what it refuses");
  });
});

test("modules are loaded while compiled code runs, too, which said that a dynamic import callback was not specified", async () => {
  await withProgram(async (root, write) => {
    const folder = pathToFileURL(join(root, "dist/bundle/"));
    await write("dist/bundle/run.cjs", oneFile);
    const source = readBundle(folder);
    const first = loadBundle(folder, { source });
    await first.program.run();
    const again = loadBundle(folder, { source, code: first.script.createCachedData() });
    assert.equal(again.script.cachedDataRejected, false);
    await again.program.run();
  });
  const bundle = readBundle(pathToFileURL(join(HANZOD, "../../bundle/")));
  assert.match(bundle, /await \$import\(/);
  assert.doesNotMatch(bundle, /await import\(/);
});

test("the build has compiled the program for the flags of its first line and for none", async () => {
  const folder = pathToFileURL(join(HANZOD, "../../bundle/"));
  const script = `const { findCompiled, loadBundle } = await import(${JSON.stringify(pathToFileURL(join(HANZOD, "bundle.js")).href)});
    const folder = new URL(${JSON.stringify(folder.href)});
    process.stdout.write(String(loadBundle(folder, findCompiled(folder)).script.cachedDataRejected));`;
  for (const flags of [["--max-semi-space-size=64"], []]) {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--input-type=module", "-e", script]);
    assert.equal(stdout, "false", flags.join(" "));
  }
});
