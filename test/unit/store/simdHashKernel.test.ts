import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import type { HashKernel } from "../../../app/store/hash.ts";
import { chooseHashKernel, createSimdHashKernel } from "../../../app/store/simdHashKernel.ts";
import { fc } from "../../harness/fastCheck.ts";

const kernel = createSimdHashKernel();

function digestsOf(hasher: HashKernel, messages: readonly Uint8Array[]): string[] {
  const input = Buffer.concat(messages);
  const ends = new Uint32Array(messages.length);
  let end = 0;
  for (const [i, message] of messages.entries()) {
    end += message.length;
    ends[i] = end;
  }
  const output = new Uint8Array(32 * messages.length);
  hasher.hashBatch(input, ends, messages.length, output);
  return messages.map((_, i) => Buffer.from(output.subarray(32 * i, 32 * i + 32)).toString("hex"));
}

const expected = (messages: readonly Uint8Array[]): string[] => messages.map((m) => createHash("sha256").update(m).digest("hex"));

test("the vectorised kernel is the one that is chosen", () => {
  assert.equal(chooseHashKernel().why, undefined);
});

test("messages of mixed lengths have the digests that node:crypto gives, in their order", () => {
  const message = fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 140 }) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 400, maxLength: 700, size: "max" }) },
    // Long ones go another way.
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 2040, maxLength: 4000, size: "max" }) },
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => assert.deepEqual(digestsOf(kernel, messages), expected(messages))),
    { seed: 20261129, numRuns: 300 },
  );
});

test("every length around block borders is padded right, alone and beside others", () => {
  for (let length = 0; length <= 600; length++) {
    const messages = [new Uint8Array(length).fill(length & 255), new Uint8Array(length).fill(1), new Uint8Array(1)];
    assert.deepEqual(digestsOf(kernel, messages.slice(0, 1)), expected(messages.slice(0, 1)), `${length} bytes`);
    assert.deepEqual(digestsOf(kernel, messages), expected(messages), `${length} bytes`);
  }
});

test("no batch is too large: many messages, and a huge one", () => {
  const many = Array.from({ length: 1025 }, (_, i) => new Uint8Array(i % 90).fill(i & 255));
  assert.deepEqual(digestsOf(kernel, many), expected(many));
  const huge = [new Uint8Array(3), new Uint8Array((1 << 18) + 1).fill(5), new Uint8Array(4)];
  assert.deepEqual(digestsOf(kernel, huge), expected(huge));
  const full = [new Uint8Array(1 << 18).fill(6)];
  assert.deepEqual(digestsOf(kernel, full), expected(full));
  assert.deepEqual(digestsOf(kernel, []), []);
});

test("where WebAssembly is missing the store hashes with node:crypto and says why", () => {
  const module = join(import.meta.dirname, "../../../app/store/simdHashKernel.js");
  const script = `import(${JSON.stringify(module)}).then(({ chooseHashKernel }) => console.log(chooseHashKernel().why))`;
  const { stdout, status } = spawnSync(process.execPath, ["--jitless", "--no-warnings", "-e", script], { encoding: "utf8" });
  assert.equal(status, 0);
  assert.match(stdout, /vectorised hashing: expected WebAssembly, got an engine without it/);
});
