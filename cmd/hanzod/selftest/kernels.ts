// Runs vector files of the learning kernels (`{"vectors":[{"op", …inputs, "result" | "error"}, …]}`) on a backend of this machine. Operators prove
// with it that their platform computes what the network computes.
import { KernelError, type Kernels } from "#kernels";
import type { OpenedBackends } from "./kernelBackends.ts";
import { fieldsOf, listOf, type VectorFields } from "./kernelFields.ts";
import { KERNEL_OPERATIONS } from "./kernelOperations.ts";
import type { SelftestResult } from "./selftestResult.ts";

/**
 * Runs a document of kernel vectors.
 * @param doc parsed JSON with a list `vectors`
 * @param opened all vectors are run on each backend, and count for each; the backends are closed at the end
 * @returns counts and what differed; an unknown operation differs
 * @throws Error when the document has no list of vectors
 */
export async function kernelsSelftest(doc: unknown, { backends, notes }: OpenedBackends): Promise<SelftestResult> {
  const vectors = listOf(fieldsOf(doc, "document")["vectors"], "vectors");
  const failures: string[] = [];
  let passed = 0;
  for (const kernels of backends)
    for (const [index, value] of vectors.entries()) {
      const failure = await runVector(kernels, value);
      if (failure === undefined) passed++;
      else failures.push(`${kernels.name}: vectors[${index}] ${failure}`);
    }
  for (const kernels of backends) await kernels.close();
  return { passed, failed: failures.length, waiting: [], failures, notes };
}

/** Runs one vector. @returns undefined when it agrees, else its operation and what differed */
async function runVector(kernels: Kernels, value: unknown): Promise<string | undefined> {
  const vector = fieldsOf(value, "vector");
  const op = String(vector["op"]);
  const operation = Object.hasOwn(KERNEL_OPERATIONS, op) ? KERNEL_OPERATIONS[op] : undefined;
  if (operation === undefined) return `${op}: expected one of ${Object.keys(KERNEL_OPERATIONS).join(", ")}`;
  const expected = expectationOf(vector);
  let got: unknown;
  try {
    got = { result: await operation(kernels, vector) };
  } catch (cause) {
    got = { error: cause instanceof KernelError ? cause.kind : String(cause) };
  }
  const different = differenceOf(expected, got, "");
  return different === undefined ? undefined : `${op}: ${different}`;
}

function expectationOf(vector: VectorFields): unknown {
  if ("error" in vector) return { error: vector["error"] };
  if ("result" in vector) return { result: vector["result"] };
  throw new Error("expected a result or an error");
}

/** The first difference between two JSON values, by its path. What is not expected is not compared among the fields of an object. */
function differenceOf(expected: unknown, got: unknown, path: string): string | undefined {
  if (Array.isArray(expected) && Array.isArray(got)) {
    if (expected.length !== got.length) return `${path}: expected ${expected.length} elements, got ${got.length}`;
    for (const [i, value] of expected.entries()) {
      const different = differenceOf(value, got[i], `${path}[${i}]`);
      if (different !== undefined) return different;
    }
    return undefined;
  }
  if (isObject(expected) && isObject(got)) {
    for (const [key, value] of Object.entries(expected)) {
      const different = differenceOf(value, got[key], path === "" ? key : `${path}.${key}`);
      if (different !== undefined) return different;
    }
    return undefined;
  }
  return Object.is(expected, got) ? undefined : `${path}: expected ${shown(expected)}, got ${shown(got)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
