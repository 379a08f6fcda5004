// Runs compiled tests and ends with `N passed, N failed`.
// usage: node tools/test/run.mjs [--kind unit,property,…] [--match text]
import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { kind: { type: "string" }, match: { type: "string" } } });
/** Longest time of a file: what hangs ends, what is slow does not. */
const MOST_MS = 1_800_000;
const root = resolve(import.meta.dirname, "../..");
const dist = join(root, "dist", "test");

/** Kinds in the order in which they run; those that start processes or listen on ports run one file at a time. */
const KINDS = [
  { name: "arch", concurrency: 2 },
  { name: "proto", concurrency: 2 },
  { name: "unit", concurrency: 2 },
  { name: "property", concurrency: 2 },
  { name: "golden", concurrency: 2 },
  { name: "conformance", concurrency: 2 },
  { name: "fuzz", concurrency: 2 },
  { name: "example", concurrency: 2 },
  { name: "integration", concurrency: 1 },
  { name: "e2e", concurrency: 1 },
];

function testFiles(folder) {
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return testFiles(path);
    return name.endsWith(".test.js") ? [path] : [];
  });
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

async function runKind({ name, concurrency }) {
  const files = testFiles(join(dist, name))
    .filter((file) => values.match === undefined || file.includes(values.match))
    .sort();
  if (files.length === 0) return;
  const started = process.hrtime.bigint();
  const before = totals.passed;
  const stream = run({ files, concurrency, timeout: MOST_MS });
  // A file that runs in its own process is reported as a test of its own; only the tests inside count.
  const isFile = (event) => files.includes(event.name) || files.includes(resolve(event.name));
  stream.on("test:pass", (event) => {
    if (event.details?.type === "suite" || isFile(event)) return;
    if (event.skip === undefined) totals.passed++;
    else {
      totals.skipped++;
      console.log(`skipped: ${event.name}: ${event.skip}`);
    }
  });
  stream.on("test:fail", (event) => {
    if (event.details?.type === "suite") return;
    const cause = event.details?.error?.cause ?? event.details?.error;
    if (isFile(event) && /subtests? failed/.test(String(event.details?.error?.message))) return;
    totals.failed++;
    failures.push(`${relative(root, event.file ?? "")}: ${event.name}\n${String(cause?.stack ?? cause)}`);
    console.log(`FAILED ${event.name} (${relative(root, event.file ?? "")})`);
  });
  // What a test wants to be seen in every run.
  stream.on("test:diagnostic", ({ message }) => message.startsWith("summary: ") && console.log(message.slice("summary: ".length)));
  stream.on("test:stderr", (event) => process.env.TEST_VERBOSE && process.stderr.write(event.message));
  await new Promise((done) => stream.on("end", done).resume());
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(`${name}: ${totals.passed - before} passed in ${files.length} files, ${seconds.toFixed(1)} s`);
}

const wanted = values.kind?.split(",");
for (const kind of KINDS) if (wanted === undefined || wanted.includes(kind.name)) await runKind(kind);
for (const failure of failures) console.log(`\n${failure}`);
console.log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
